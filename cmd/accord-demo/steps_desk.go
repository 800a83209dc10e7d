package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/consent/audit"
)

func deskSteps() []step {
	return []step{
		{"at a desk, with a signed paper: the values come after the receipt, the paper is not kept", (*checker).signedPaper},
		{"at a desk, in person: it stands in the person's « Mes accords », who can end it", (*checker).atCounter},
		{"at a desk, on the person's own phone: the agent is given what they agreed to", (*checker).ownPhone},
		{"refusing on the phone: the agent learns no more than that", (*checker).refuseOnPhone},
		{"another body's agent is refused", (*checker).anotherBody},
		{"no sensitive datum is offered at a desk, even where citizens may be asked for it", (*checker).notSensitive},
	}
}

// clerk is a browser in which an agent is logged in.
func (ch *checker) clerk(id string) (*headless.Browser, error) {
	b := headless.New()
	p, err := ch.Agent(b, id)
	if err != nil || p.URL.Path != "/guichet" || p.Status != http.StatusOK {
		return nil, fmt.Errorf("the agent does not log in: %v, status %d", err, status(p))
	}
	return b, nil
}

// assist asks for camille as an agent of Valbrume and gives the answer, with
// what the log holds since.
func (ch *checker) assist(agreement string, more url.Values) (*headless.Browser, *headless.Page, []store.Entry, error) {
	b, err := ch.clerk("ines")
	if err != nil {
		return nil, nil, nil, err
	}
	from := ch.Store.Health(context.Background()).Size
	p, err := ch.AtDesk(b, country.CCAS, "camille", agreement, more)
	if err != nil {
		return nil, nil, nil, err
	}
	entries, err := ch.since(from)
	return b, p, entries, err
}

func (ch *checker) since(from int64) ([]store.Entry, error) {
	to := ch.Store.Health(context.Background()).Size
	if to == from {
		return nil, nil
	}
	return ch.Store.Entries(context.Background(), from, to)
}

// ordered fails unless these kinds stand in the log in this order.
func ordered(entries []store.Entry, kinds ...audit.Kind) error {
	for _, e := range entries {
		if len(kinds) > 0 && e.Kind == kinds[0] {
			kinds = kinds[1:]
		}
	}
	if len(kinds) > 0 {
		return fmt.Errorf("the log holds no %s in its place", kinds[0])
	}
	return nil
}

func (ch *checker) signedPaper() error {
	const paper = "a form the person signed, scanned"
	_, p, entries, err := ch.assist("signed_paper", url.Values{"papier": {""}})
	if err != nil || p.Status != http.StatusUnprocessableEntity || len(entries) > 0 {
		return fmt.Errorf("without the paper: %v, status %d, %d events", err, status(p), len(entries))
	}
	_, p, entries, err = ch.assist("signed_paper", url.Values{"papier": {paper}})
	if err != nil || p.Status != http.StatusOK || !strings.Contains(p.Words(), "742 €") {
		return fmt.Errorf("the agent does not see the quotient: %v, status %d", err, status(p))
	}
	if err := ordered(entries, audit.LookupRequested, audit.ConsentGranted, audit.ReleaseCompleted); err != nil {
		return err
	}
	for _, e := range entries {
		if strings.Contains(string(e.Event), paper) {
			return fmt.Errorf("the paper is in the log: %s", e.Kind)
		}
	}
	return nil
}

func (ch *checker) atCounter() error {
	clerk, p, entries, err := ch.assist("counter", nil)
	if err != nil {
		return err
	}
	if err := ordered(entries, audit.LookupRequested, audit.ConsentGranted, audit.ReleaseCompleted); err != nil {
		return err
	}
	sheet, err := p.Link("print")
	if err != nil {
		return err
	}
	if p, err = clerk.Get(sheet); err != nil || !strings.Contains(p.Words(), "/mes-accords") || strings.Contains(p.Words(), "742 €") {
		return fmt.Errorf("the sheet for the person: %v, status %d", err, status(p))
	}
	return ch.assistedInHistory()
}

// assistedInHistory looks at the person's own page and ends the newest
// agreement there.
func (ch *checker) assistedInHistory() error {
	b := headless.New()
	p, err := ch.LookBack(b, "camille")
	if err != nil {
		return err
	}
	link, err := p.LinkTo("/mes-accords/g_")
	if err != nil {
		return err
	}
	detail := strings.TrimSuffix(link, "/retirer")
	if p, err = b.Get(detail); err != nil || !strings.Contains(p.Words(), "au guichet, avec l’aide") {
		return fmt.Errorf("« Mes accords » does not tell the assisted access: %v, status %d", err, status(p))
	}
	return end(b, detail)
}

// end withdraws an agreement from its own page.
func end(b *headless.Browser, detail string) error {
	p, err := b.Get(detail + "/retirer")
	if err != nil {
		return err
	}
	if p, err = b.Press(p, "submit", nil); err != nil {
		return err
	}
	_, err = p.LinkTo("/recu/")
	return err
}

func (ch *checker) anotherBody() error {
	b, err := ch.clerk("agathe")
	if err != nil {
		return err
	}
	from := ch.Store.Health(context.Background()).Size
	p, err := ch.AtDesk(b, country.CCAS, "camille", "counter", nil)
	if err != nil || p.Status != http.StatusForbidden {
		return fmt.Errorf("answered %d, %v", status(p), err)
	}
	if entries, err := ch.since(from); err != nil || len(entries) > 0 {
		return fmt.Errorf("%d events, %v", len(entries), err)
	}
	return nil
}

// notSensitive plays under another version of the approval, which citizens
// themselves could be asked sensitive data under.
func (ch *checker) notSensitive() (err error) {
	sensitive := []string{"revenu_solidarite_active", "allocation_adulte_handicape"}
	if _, err := ch.Broker.Reload(context.Background(), ch.Clients, widened(ch.Approvals, sensitive)); err != nil {
		return err
	}
	defer func() {
		_, back := ch.Broker.Reload(context.Background(), ch.Clients, ch.Approvals)
		err = errors.Join(err, back)
	}()
	b, err := ch.clerk("ines")
	if err != nil {
		return err
	}
	form, err := b.Get(ch.Accord + "/guichet/demande?h=" + country.CCAS)
	if err != nil || !strings.Contains(form.Body, `value="cnaf_enfants"`) {
		return fmt.Errorf("the form offers nothing: %v, status %d", err, status(form))
	}
	for _, id := range sensitive {
		p, err := ch.AtDesk(b, country.CCAS, "camille", "counter", url.Values{"item": {id}})
		if err != nil || p.Status != http.StatusForbidden || strings.Contains(form.Body, `value="`+id+`"`) {
			return fmt.Errorf("%s is offered, or asked for: %v, status %d", id, err, status(p))
		}
	}
	return nil
}

// widened gives the approvals, the desk's with further optional data.
func widened(approvals []*consent.Approval, ids []string) []*consent.Approval {
	all := slices.Clone(approvals)
	for i, a := range all {
		if a.ID != country.CCAS {
			continue
		}
		wider := *a
		wider.Bytes = append(slices.Clone(a.Bytes), "# sensitive data too\n"...)
		wider.Digest = audit.Digest(wider.Bytes)
		wider.Data.Optional = slices.Clone(a.Data.Optional)
		for _, id := range ids {
			wider.Data.Optional = append(wider.Data.Optional, consent.ApprovedDatum{ID: id, Why: consent.Text{FR: "Essai", EN: "Test"}})
		}
		all[i] = &wider
	}
	return all
}
