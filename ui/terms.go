package ui

import (
	"fmt"
	"html/template"
	"reflect"
	"strings"
	"sync"
)

// A termed page holds a part that is the same for everybody who is asked the
// same thing: its template defines "terms", executed with what common returns,
// so that nothing of one person can stand in it.
type termed interface {
	Page
	common() (page Page, subject string)
}

// terms keeps the rendered part of each subject, in each language: it is most
// of two pages, and the work of their templates is done by reflection.
type terms struct {
	mu   sync.RWMutex // guards kept
	kept map[string]keptTerms
}

// keptTerms serve only a page whose common part is equal to theirs.
type keptTerms struct {
	of   Page
	html template.HTML
}

// termsOf renders the common part of p, or takes it from the last time. There
// are as many subjects as approvals: nothing is ever dropped.
func (u *UI) termsOf(lang string, p Page) (template.HTML, error) {
	t, ok := p.(termed)
	if !ok {
		return "", nil
	}
	page, subject := t.common()
	key := strings.Join([]string{lang, p.template(), subject}, "\x00")
	u.terms.mu.RLock()
	last := u.terms.kept[key]
	u.terms.mu.RUnlock()
	if reflect.DeepEqual(last.of, page) {
		return last.html, nil
	}
	var html strings.Builder
	if err := u.pages[lang][p.template()].ExecuteTemplate(&html, "terms", page); err != nil {
		return "", fmt.Errorf("ui: terms of %s: %w", p.template(), err)
	}
	now := keptTerms{page, template.HTML(html.String())} // #nosec G203 -- html/template escaped it
	u.terms.mu.Lock()
	defer u.terms.mu.Unlock()
	u.terms.kept[key] = now
	return now.html, nil
}

func (r Requester) subject(purpose Text) string { return r.SIRET + "\x00" + purpose.FR }

func (p Connexion) common() (Page, string) {
	p.Form, p.Again, p.Ticked, p.Untold, p.Session = Form{}, false, nil, nil, false
	return p, p.Requester.subject(p.Purpose)
}

// common leaves out whatever depends on the person, the moment or the answers.
func (p Consent) common() (Page, string) {
	c := Consent{
		Requester: p.Requester, Operator: p.Operator, Purpose: p.Purpose, Basis: p.Basis, LegalTexts: p.LegalTexts, Approval: p.Approval,
		Retention: p.Retention, RetentionOf: p.RetentionOf, Proof: p.Proof, Recipients: p.Recipients, Transfers: p.Transfers,
		Automated: p.Automated, Rights: p.Rights, Contacts: p.Contacts,
	}
	c.Requester.Return = "" // leads back to one person's request
	if p.Later != nil {
		c.Later = &Later{}
	}
	for _, s := range p.Sources {
		var named Source
		for _, i := range s.Items {
			named.Items = append(named.Items, Item{Datum: i.Datum})
		}
		c.Sources = append(c.Sources, named)
	}
	return c, p.Requester.subject(p.Purpose)
}
