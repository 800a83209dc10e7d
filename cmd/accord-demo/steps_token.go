package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

func tokenSteps() []step {
	return []step{
		{"later access is the citizen's own tick: the service provider's FranceConnect token reads, until they end it", (*checker).laterAccess},
		{"another service provider's FranceConnect token is refused", (*checker).anotherProvidersToken},
	}
}

// fetchesAsked are within what the commune's approval allows.
const fetchesAsked = 4

// presented asks the old way as hugo, with a new token of a client of
// FranceConnect's.
func (ch *checker) presented(client, recipient string) (presented, error) {
	token, err := ch.FranceConnectToken(client, "hugo")
	if err != nil {
		return presented{}, err
	}
	status, _, body, err := headless.Read(ch.Accord+"/v3/dss/quotient_familial/france_connect?recipient="+recipient, token)
	if err != nil {
		return presented{}, err
	}
	p := presented{Status: status}
	return p, json.Unmarshal(body, &p)
}

// presented is what the old way answered.
type presented struct {
	Status int `json:"-"`
	Data   struct {
		Quotient struct{ Valeur *int } `json:"quotient_familial"`
	}
	Errors []struct{ Meta map[string]string }
}

// wants fails unless the citizen's agreement is asked for, with an address.
func (p presented) wants(when, accord string) error {
	if p.Status != http.StatusForbidden || len(p.Errors) != 1 || p.Errors[0].Meta["reason"] != "consent_required" {
		return fmt.Errorf("%s: status %d, %v, want consent_required", when, p.Status, p.Errors)
	}
	if address := p.Errors[0].Meta["authorization_request"]; !strings.HasPrefix(address, accord+"/authorize?") {
		return fmt.Errorf("%s: no address to agree at, but %q", when, address)
	}
	return nil
}

// agreeLater agrees as hugo, ticking later access, and gives the agreement.
func (ch *checker) agreeLater(client headless.Client) (*country.Walk, headless.Token, error) {
	w, err := ch.WalkLater(client, time.Now().AddDate(0, 1, 0), fetchesAsked)
	if err != nil {
		return nil, headless.Token{}, err
	}
	if err := w.See("hugo"); err != nil {
		return nil, headless.Token{}, err
	}
	if w.Page, err = w.Press(w.Page, "accept", url.Values{"suite": {"1"}}); err != nil {
		return nil, headless.Token{}, err
	}
	t, err := w.Request.Exchange(w.Page.Stopped)
	return w, t, err
}

func (ch *checker) laterAccess() error {
	client, err := ch.Client(country.Editor, "valbrume-cantine", "cnaf_quotient_familial")
	if err != nil {
		return err
	}
	p, err := ch.presented(country.SchoolServices, client.Recipient)
	if err == nil {
		err = p.wants("before the citizen agreed", ch.Accord)
	}
	if err != nil {
		return err
	}
	w, token, err := ch.agreeLater(client)
	if err != nil {
		return err
	}
	p, err = ch.presented(country.SchoolServices, client.Recipient)
	if err != nil || p.Status != http.StatusOK || p.Data.Quotient.Valeur == nil {
		return fmt.Errorf("under the agreement: status %d, %v", p.Status, err)
	}
	if err := ch.endLater(w, token); err != nil {
		return err
	}
	if p, err = ch.presented(country.SchoolServices, client.Recipient); err != nil {
		return err
	}
	return p.wants("after the withdrawal", ch.Accord)
}

func (ch *checker) anotherProvidersToken() error {
	client, err := ch.Client(country.Editor, "valbrume-cantine", "cnaf_quotient_familial")
	if err != nil {
		return err
	}
	w, token, err := ch.agreeLater(client)
	if err != nil {
		return err
	}
	p, err := ch.presented(country.AnotherProvider, client.Recipient)
	if err != nil || p.Status != http.StatusForbidden || p.Data.Quotient.Valeur != nil {
		return fmt.Errorf("status %d, %v", p.Status, err)
	}
	if len(p.Errors) != 1 || p.Errors[0].Meta["authorization_request"] != "" {
		return fmt.Errorf("told more than a refusal: %v", p.Errors)
	}
	return ch.endLater(w, token)
}

// endLater withdraws hugo's agreement, so that a check over the same data
// begins without one.
func (ch *checker) endLater(w *country.Walk, token headless.Token) error {
	if _, err := ch.LookBack(w.StopAt(""), "hugo"); err != nil {
		return err
	}
	return end(w.Browser, ch.Accord+"/mes-accords/"+token.GrantID)
}
