package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/oidc/serviceprovider"
)

func portalSteps() []step {
	return []step{
		{"a service provider at FAPI 2.0: PAR, private_key_jwt, DPoP with nonce, data; the token alone opens nothing", (*checker).portal},
		{"asked by authorization_details, agreed until a day: a refresh token fetches anew, until the service provider ends it", (*checker).refreshes},
	}
}

func (ch *checker) portal() error {
	ctx := context.Background()
	client, err := ch.Portal(filepath.Join(ch.Data, "releases"), nil)
	if err != nil {
		return err
	}
	attempt, err := client.Login(ctx, serviceprovider.Request{Purpose: "tarification-cantine", Scopes: []string{"cnaf_quotient_familial"}})
	if err != nil {
		return err
	}
	w := &country.Walk{Browser: headless.New().StopAt(ch.TownHallURL), Country: ch.Country}
	if w.Page, err = w.Get(attempt.URL); err != nil {
		return err
	}
	if err := w.See("camille"); err != nil {
		return err
	}
	if err := w.Do("accept"); err != nil {
		return err
	}
	token, err := client.Callback(ctx, attempt, w.Page.Stopped.Query())
	if err != nil {
		return err
	}
	if !strings.EqualFold(token.Type, "DPoP") {
		return fmt.Errorf("the token is of type %s", token.Type)
	}
	answer, err := client.Data(ctx, token, "dss/quotient_familial")
	if err != nil {
		return err
	}
	if !strings.Contains(string(answer.Data), `"valeur":742`) {
		return fmt.Errorf("the quotient did not come: %d bytes", len(answer.Data))
	}
	return ch.refusedAsBearer(token.Access)
}

// refusedAsBearer fails where a token bound to a key serves without it.
func (ch *checker) refusedAsBearer(token string) error {
	approval, err := ch.Client(country.FamilyPortal, "valbrume-cantine")
	if err != nil {
		return err
	}
	s, err := ch.read(token, approval.Recipient)
	if err != nil || s != http.StatusUnauthorized {
		return fmt.Errorf("a bound token served as a bearer token: status %d, %v", s, err)
	}
	return nil
}
