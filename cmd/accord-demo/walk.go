package main

import (
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// token plays the editor itself: it agrees as persona for a commune and
// exchanges the code.
func (ch *checker) token(commune, persona string) (*headless.Browser, headless.Token, error) {
	client, err := ch.Client(country.Editor, commune+"-cantine", "cnaf_quotient_familial")
	if err != nil {
		return nil, headless.Token{}, err
	}
	w, t, err := ch.Token(client, persona)
	if err != nil {
		return nil, headless.Token{}, err
	}
	return w.Browser, t, nil
}

// read asks for the quotient with a token, for a recipient.
func (ch *checker) read(token, recipient string) (int, error) {
	s, _, _, err := headless.Read(ch.Accord+"/v3/dss/quotient_familial?recipient="+recipient, token)
	return s, err
}
