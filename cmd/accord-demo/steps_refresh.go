package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/oidc/serviceprovider"
)

// refreshes goes through a recurring agreement as its service provider: from
// the request to its end.
func (ch *checker) refreshes() error {
	ctx := context.Background()
	client, err := ch.Portal(filepath.Join(ch.Data, "releases"), nil)
	if err != nil {
		return err
	}
	token, err := ch.agreesUntil(ctx, client, time.Now().AddDate(0, 1, 0))
	if err != nil {
		return err
	}
	if token.Refresh == "" || !strings.Contains(string(token.Details), `"recurring"`) {
		return fmt.Errorf("no refresh token, or the agreed details do not say until when: %s", token.Details)
	}
	if err := ch.fetchesAnew(ctx, client, token.Refresh); err != nil {
		return err
	}
	g, err := client.Grant(ctx, token.GrantID)
	if err != nil || g.State != "given" || g.FetchesMade != 2 {
		return fmt.Errorf("the grant is %s with %d fetches, %v", g.State, g.FetchesMade, err)
	}
	if err := client.EndGrant(ctx, token.GrantID); err != nil {
		return err
	}
	if _, err := client.Refresh(ctx, token.Refresh); !errors.Is(err, serviceprovider.ErrEnded) {
		return fmt.Errorf("after its end the agreement renewed: %v", err)
	}
	return nil
}

// agreesUntil has camille agree to four fetches until a day.
func (ch *checker) agreesUntil(ctx context.Context, client *serviceprovider.Client, day time.Time) (serviceprovider.Token, error) {
	asked, err := json.Marshal([]map[string]any{{
		"type": "accord_data", "purpose": "tarification-cantine", "required": []string{"cnaf_quotient_familial"},
		"recurring": map[string]any{"until": day.Format(time.DateOnly), "fetches": fetchesAsked},
	}})
	if err != nil {
		return serviceprovider.Token{}, err
	}
	attempt, err := client.Login(ctx, serviceprovider.Request{Details: asked})
	if err != nil {
		return serviceprovider.Token{}, err
	}
	w := &country.Walk{Browser: headless.New().StopAt(ch.TownHallURL), Country: ch.Country}
	if w.Page, err = w.Get(attempt.URL); err != nil {
		return serviceprovider.Token{}, err
	}
	if err := w.See("camille"); err != nil {
		return serviceprovider.Token{}, err
	}
	page, err := w.Press(w.Page, "accept", url.Values{"suite": {"1"}})
	if err != nil || page.Stopped == nil {
		return serviceprovider.Token{}, fmt.Errorf("agreeing: %w", err)
	}
	return client.Callback(ctx, attempt, page.Stopped.Query())
}

func (ch *checker) fetchesAnew(ctx context.Context, client *serviceprovider.Client, refresh string) error {
	token, err := client.Refresh(ctx, refresh)
	if err != nil {
		return err
	}
	answer, err := client.Data(ctx, token, "dss/quotient_familial")
	if err != nil || !strings.Contains(string(answer.Data), `"valeur":742`) {
		return fmt.Errorf("the quotient was not fetched anew: %d bytes, %w", len(answer.Data), err)
	}
	if _, err := client.Data(ctx, token, "dss/quotient_familial"); !errors.Is(err, serviceprovider.ErrRefreshRequired) {
		return fmt.Errorf("one token fetched twice: %v", err)
	}
	return nil
}
