package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// invited is the agent's waiting page, and the person's phone that opened its
// QR code, with the page that asks who is there.
func (ch *checker) invited() (agent *headless.Browser, wait string, phone *headless.Browser, p *headless.Page, err error) {
	agent, p, _, err = ch.assist("own_phone", nil)
	if err != nil {
		return nil, "", nil, nil, err
	}
	wait = p.URL.String()
	words := strings.Fields(p.Words())
	at := slices.IndexFunc(words, func(w string) bool { return strings.Contains(w, "/rendez-vous/") })
	if at < 0 {
		return nil, "", nil, nil, fmt.Errorf("no address for the phone: %.200s", p.Words())
	}
	phone = headless.New()
	if p, err = phone.Get(words[at]); err == nil {
		p, err = phone.Press(p, "submit", nil)
	}
	return agent, wait, phone, p, err
}

func (ch *checker) ownPhone() error {
	agent, wait, phone, p, err := ch.invited()
	if err != nil {
		return err
	}
	if p, err = phone.Press(p, "accept", url.Values{"annee": {"1988"}, "mois": {"03"}, "jour": {"14"}}); err != nil {
		return err
	}
	if p, err = country.Settled(phone, p); err != nil || !strings.Contains(p.Words(), "742 €") {
		return fmt.Errorf("the person does not see the quotient: %v, status %d", err, status(p))
	}
	if before, err := agent.Get(wait); err != nil || strings.Contains(before.Words(), "742 €") {
		return fmt.Errorf("the agent sees it before the person agreed: %v", err)
	}
	if p, err = phone.Press(p, "accept", nil); err != nil || !p.Has("receipt") {
		return fmt.Errorf("the person is given no receipt: %v, status %d", err, status(p))
	}
	if p, err = agent.Get(wait); err != nil || !strings.Contains(p.Words(), "742 €") {
		return fmt.Errorf("the agent does not see what was agreed: %v, status %d", err, status(p))
	}
	return nil
}

func (ch *checker) refuseOnPhone() error {
	agent, wait, phone, p, err := ch.invited()
	if err != nil {
		return err
	}
	if p, err = phone.Press(p, "refuse", nil); err != nil || !strings.Contains(p.Words(), "Votre refus est enregistré") {
		return fmt.Errorf("the refusal is not told: %v, status %d", err, status(p))
	}
	if p, err = agent.Get(wait); err != nil || !strings.Contains(p.Words(), "La personne a refusé") || strings.Contains(p.Words(), "742 €") {
		return fmt.Errorf("the agent sees: %v, status %d", err, status(p))
	}
	return nil
}
