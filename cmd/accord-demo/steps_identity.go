package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

func identitySteps() []step {
	return []step{
		{"openid alone: an identifier of the recipient's own, no page of values, no data", (*checker).identityOnly},
		{"openid alone, from the session of « Mes accords »: the same person, without FranceConnect", (*checker).fromSession},
	}
}

// identifier asks for openid alone as a persona.
func (ch *checker) identifier(persona string) (headless.Token, error) {
	client, err := ch.Client(country.Account, "valbrume-compte")
	if err != nil {
		return headless.Token{}, err
	}
	w, err := ch.Walk(client)
	if err != nil {
		return headless.Token{}, err
	}
	if !strings.Contains(w.Page.Words(), "ni votre nom, ni aucune donnée") {
		return headless.Token{}, fmt.Errorf("the first page does not say what is asked: %.200s", w.Page.Words())
	}
	if err := w.See(persona); err != nil {
		return headless.Token{}, err
	}
	if w.Page.Stopped == nil {
		return headless.Token{}, fmt.Errorf("%s is shown", w.Page.URL.Path)
	}
	return w.Request.Exchange(w.Page.Stopped)
}

func (ch *checker) identityOnly() error {
	asked := len(ch.CNAV.Requests())
	token, err := ch.identifier("nadia")
	if err != nil {
		return err
	}
	if s, err := ch.read(token.Access, token.Recipient); err != nil || s != http.StatusForbidden {
		return fmt.Errorf("data are read: status %d, %v", s, err)
	}
	_, _, body, err := headless.Read(ch.Accord+"/userinfo", token.Access)
	if err != nil || strings.TrimSpace(string(body)) != `{"sub":"`+token.Subject+`"}` {
		return fmt.Errorf("userinfo tells more than the identifier: %v", err)
	}
	if len(ch.CNAV.Requests()) != asked {
		return errors.New("a source was asked")
	}
	_, other, err := ch.token("saint-aubin", "nadia")
	if err != nil {
		return err
	}
	if other.Subject == token.Subject {
		return errors.New("two recipients were given the same identifier")
	}
	return nil
}

func (ch *checker) fromSession() error {
	first, err := ch.identifier("aminata")
	if err != nil {
		return err
	}
	client, err := ch.Client(country.Account, "valbrume-compte")
	if err != nil {
		return err
	}
	b := headless.New()
	if _, err := ch.LookBack(b, "aminata"); err != nil {
		return err
	}
	again := client.Begin()
	p, err := b.StopAt(again.RedirectURI).Get(again.URL(nil))
	if err != nil {
		return err
	}
	if p, err = b.Press(p, "accept", nil); err != nil {
		return err
	}
	token, err := again.Exchange(p.Stopped)
	if err != nil {
		return fmt.Errorf("the session does not serve: %w", err)
	}
	if token.Subject != first.Subject {
		return errors.New("the same citizen was given another identifier")
	}
	return nil
}
