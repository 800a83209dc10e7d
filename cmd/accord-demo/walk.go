package main

import (
	"fmt"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// token plays the editor itself: it agrees as persona for a commune and
// exchanges the code.
func (ch *checker) token(commune, persona string) (*headless.Browser, headless.Token, error) {
	client, err := ch.editor(commune)
	if err != nil {
		return nil, headless.Token{}, err
	}
	request := client.Begin()
	b := headless.New().StopAt(client.RedirectURI)
	p, err := b.Get(request.URL(nil))
	if err != nil {
		return nil, headless.Token{}, err
	}
	for _, button := range []string{"accept", "persona-" + persona, "continue", "accept"} {
		if p, err = b.Press(p, button, nil); err != nil {
			return nil, headless.Token{}, err
		}
		if p, err = ch.wait(b, p); err != nil {
			return nil, headless.Token{}, err
		}
	}
	t, err := request.Exchange(p.Stopped)
	return b, t, err
}

// editor is the software editor's registration, for one of its communes.
func (ch *checker) editor(commune string) (headless.Client, error) {
	for _, a := range ch.Approvals {
		if a.ID == commune+"-cantine" {
			return headless.Client{Issuer: ch.Accord, ID: country.Editor, Secret: ch.Secrets[country.Editor],
				RedirectURI: ch.TownHallURL + "/retour", Recipient: a.ServiceProvider.SIRET, Purpose: a.Purpose.ID,
				Scopes: []string{"cnaf_quotient_familial"}}, nil
		}
	}
	return headless.Client{}, fmt.Errorf("no commune %s", commune)
}

// read asks for the quotient with a token, for a recipient.
func (ch *checker) read(token, recipient string) (int, error) {
	s, _, _, err := headless.Read(ch.Accord+"/v3/dss/quotient_familial?recipient="+recipient, token)
	return s, err
}
