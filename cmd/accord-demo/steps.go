package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/providers/faults"
)

// A checker plays journeys and keeps what a citizen would have downloaded.
type checker struct {
	*country.Country
	files map[string]string
}

// steps are the town hall's, the agencies', the desk's, the two ways to less than
// a whole journey, then those about the whole log, in the order in which they
// are played.
func steps() []step {
	return slices.Concat(townHallSteps(), agencySteps(), deskSteps(), tokenSteps(), identitySteps(), portalSteps(), publicSteps())
}

func townHallSteps() []step {
	return []step{
		{"agree: the town hall shows the tariff of the quotient it received", (*checker).agree},
		{"agree in part: only the ticked data leave", (*checker).partial},
		{"refuse before login", (*checker).refuseBeforeLogin},
		{"refuse in sight of the values", (*checker).refuseAtDecision},
		{"cancel at FranceConnect", (*checker).cancel},
		{"unknown person: the citizen may agree to send that there is no file", (*checker).unknownPerson},
		{"source down: nothing to accept, the way back is open", (*checker).sourceDown},
		{"withdraw, then a delivery is refused", (*checker).withdraw},
		{"a replayed code revokes what it gave", (*checker).replay},
		{"a second commune of the same editor: another pseudonym", (*checker).secondCommune},
		{"answers instead of values: the commune gets the tariff's band, the citizen sees both", (*checker).bands},
	}
}

// toConsent walks from the town hall's form to the consent page.
func (ch *checker) toConsent(b *headless.Browser, commune, persona string) (*headless.Page, error) {
	p, err := ch.toFranceConnect(b, commune)
	if err != nil {
		return nil, err
	}
	if p, err = b.Press(p, "persona-"+persona, nil); err != nil {
		return nil, err
	}
	if p, err = b.Press(p, "continue", nil); err != nil {
		return nil, err
	}
	return country.Settled(b, p)
}

func (ch *checker) toFranceConnect(b *headless.Browser, commune string) (*headless.Page, error) {
	p, err := ch.toConnexion(b, commune)
	if err != nil {
		return nil, err
	}
	return b.Press(p, "accept", nil)
}

func (ch *checker) toConnexion(b *headless.Browser, commune string) (*headless.Page, error) {
	p, err := b.Get(ch.TownHallURL + "/" + commune + "/cantine")
	if err != nil {
		return nil, err
	}
	return b.Press(p, "ask", nil)
}

func (ch *checker) agree() error {
	b := headless.New()
	p, err := ch.toConsent(b, "valbrume", "camille")
	if err != nil {
		return err
	}
	if !strings.Contains(p.Words(), "742 €") {
		return fmt.Errorf("the consent page does not show the quotient")
	}
	if p, err = b.Press(p, "accept", nil); err != nil {
		return err
	}
	if err := want(p.Text("quotient"), "742 €"); err != nil {
		return err
	}
	return ch.keep(b, p, "granted")
}

// keep downloads the receipt a town hall's page links to, and its bundle.
func (ch *checker) keep(b *headless.Browser, p *headless.Page, name string) error {
	receipt, err := p.Link("receipt")
	if err != nil {
		return err
	}
	page, err := b.Get(receipt)
	if err != nil || page.Status != http.StatusOK {
		return fmt.Errorf("the receipt does not open: %v, status %d", err, status(page))
	}
	return ch.both(b, receipt, name)
}

// both downloads a receipt as signed, and with its proof.
func (ch *checker) both(b *headless.Browser, receipt, name string) error {
	if err := ch.download(b, receipt+".jws", name+".jws"); err != nil {
		return err
	}
	return ch.bundle(b, receipt, name+".accord")
}

func (ch *checker) download(b *headless.Browser, address, name string) error {
	page, err := b.Get(address)
	if err != nil || page.Status != http.StatusOK {
		return fmt.Errorf("%s does not download: %v, status %d", name, err, status(page))
	}
	if ch.files == nil {
		ch.files = map[string]string{}
	}
	ch.files[name] = page.Body
	return nil
}

func (ch *checker) partial() error {
	b := headless.New()
	p, err := ch.toConsent(b, "valbrume", "sabine")
	if err != nil {
		return err
	}
	if p, err = b.Press(p, "accept", url.Values{"item": {"cnaf_enfants"}}); err != nil {
		return err
	}
	if !strings.Contains(p.Text("outcome"), "enfants") || strings.Contains(p.Text("outcome"), "allocataires") {
		return fmt.Errorf("received %q", p.Text("outcome"))
	}
	return ch.keep(b, p, "partial")
}

func (ch *checker) refuseBeforeLogin() error {
	b := headless.New()
	p, err := ch.toConnexion(b, "valbrume")
	if err != nil {
		return err
	}
	if p, err = b.Press(p, "refuse", nil); err != nil {
		return err
	}
	return expect(p, "refused")
}

func (ch *checker) refuseAtDecision() error {
	b := headless.New()
	p, err := ch.toConsent(b, "valbrume", "camille")
	if err != nil {
		return err
	}
	if p, err = b.Press(p, "refuse", nil); err != nil {
		return err
	}
	return expect(p, "refused")
}

func (ch *checker) cancel() error {
	b := headless.New()
	p, err := ch.toFranceConnect(b, "valbrume")
	if err != nil {
		return err
	}
	back, err := p.Link("cancel")
	if err != nil {
		return err
	}
	if p, err = b.Get(back); err != nil {
		return err
	}
	return expect(p, "refused")
}

func (ch *checker) unknownPerson() error {
	b := headless.New()
	p, err := ch.toConsent(b, "valbrume", ch.withoutFile())
	if err != nil {
		return err
	}
	if p, err = b.Press(p, "accept", nil); err != nil {
		return err
	}
	if !strings.Contains(p.Text("outcome"), "pas de quotient") {
		return fmt.Errorf("received %q", p.Text("outcome"))
	}
	return nil
}

// withoutFile is a persona no fund knows.
func (ch *checker) withoutFile() string {
	for _, p := range country.Personas() {
		if len(p.Files) == 0 {
			return p.ID
		}
	}
	return ""
}

func (ch *checker) sourceDown() error {
	ch.CNAV.SetFault(faults.Down)
	defer ch.CNAV.SetFault(faults.None)
	b := headless.New()
	p, err := ch.toConsent(b, "valbrume", "camille")
	if err != nil {
		return err
	}
	if p.Has("accept") {
		return errors.New("a decision is offered without the required datum")
	}
	back, err := p.LinkTo("/retour")
	if err != nil {
		return err
	}
	if p, err = b.Get(back); err != nil {
		return err
	}
	return expect(p, "later")
}

func (ch *checker) withdraw() error {
	b, token, err := ch.token("valbrume", "camille")
	if err != nil {
		return err
	}
	if s, err := ch.read(token.Access, token.Recipient); err != nil || s != http.StatusOK {
		return fmt.Errorf("first delivery: status %d, %v", s, err)
	}
	if err := ch.withdrawNewest(b); err != nil {
		return err
	}
	s, err := ch.read(token.Access, token.Recipient)
	if err != nil || s != http.StatusUnauthorized {
		return fmt.Errorf("delivery after the withdrawal: status %d, %v", s, err)
	}
	return nil
}

// withdrawNewest logs in to « Mes accords » and ends the newest agreement, two
// clicks.
func (ch *checker) withdrawNewest(b *headless.Browser) error {
	p, err := ch.LookBack(b.StopAt(""), "camille")
	if err != nil {
		return err
	}
	detail, err := p.LinkTo("/mes-accords/g_")
	if err != nil {
		return err
	}
	if p, err = b.Get(strings.TrimSuffix(detail, "/retirer") + "/retirer"); err != nil {
		return err
	}
	if p, err = b.Press(p, "submit", nil); err != nil {
		return err
	}
	receipt, err := p.LinkTo("/recu/")
	if err != nil {
		return err
	}
	return ch.both(b, strings.TrimSuffix(receipt, ".jws"), "withdrawn")
}

func (ch *checker) replay() error {
	_, token, err := ch.token("valbrume", "camille")
	if err != nil {
		return err
	}
	if _, err := token.Exchange(); err == nil {
		return errors.New("a code was accepted twice")
	}
	s, err := ch.read(token.Access, token.Recipient)
	if err != nil || s != http.StatusUnauthorized {
		return fmt.Errorf("delivery after the replay: status %d, %v", s, err)
	}
	return nil
}

func (ch *checker) secondCommune() error {
	_, first, err := ch.token("valbrume", "camille")
	if err != nil {
		return err
	}
	_, second, err := ch.token("saint-aubin", "camille")
	if err != nil {
		return err
	}
	if first.Subject == second.Subject {
		return errors.New("two recipients were given the same subject identifier")
	}
	s, err := ch.read(second.Access, first.Recipient)
	if err != nil || s != http.StatusForbidden {
		return fmt.Errorf("one commune's token read for the other: status %d, %v", s, err)
	}
	return nil
}

func (ch *checker) keys() error {
	if err := ch.download(headless.New(), ch.Accord+"/.well-known/accord/jwks.json", "jwks.json"); err != nil {
		return err
	}
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal([]byte(ch.files["jwks.json"]), &set); err != nil || len(set.Keys) == 0 {
		return fmt.Errorf("no key is published: %v", err)
	}
	return nil
}

func want(got, wanted string) error {
	if strings.ReplaceAll(got, "\u00a0", " ") != wanted {
		return fmt.Errorf("got %q, want %q", got, wanted)
	}
	return nil
}

func expect(p *headless.Page, id string) error {
	if !p.Has(id) {
		return fmt.Errorf("%s answered %d without %q: %.200s", p.URL.Path, p.Status, id, p.Words())
	}
	return nil
}

func status(p *headless.Page) int {
	if p == nil {
		return 0
	}
	return p.Status
}
