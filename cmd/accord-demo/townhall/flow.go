package townhall

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"accord/oidc/serviceprovider"
)

// ask sends the citizen to Accord.
func (t *TownHall) ask(w http.ResponseWriter, r *http.Request) {
	c, ok := t.commune(r.PathValue("commune"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, client, err := t.client(r.Context(), c)
	if err != nil {
		t.render(w, r, http.StatusServiceUnavailable, "later", c, nil)
		return
	}
	a := attempt{commune: c.Slug, nonce: rand.Text(), verifier: oauth2.GenerateVerifier()}
	state := rand.Text()
	t.begin(t.visitOf(w, r), state, a)
	http.Redirect(w, r, client.AuthCodeURL(state, oidc.Nonce(a.nonce), oauth2.S256ChallengeOption(a.verifier),
		oauth2.SetAuthURLParam("recipient", c.SIRET), oauth2.SetAuthURLParam("purpose", c.Purpose)), http.StatusSeeOther)
}

// A result is what came back from Accord.
type result struct {
	Outcome    string // received, absent, refused, later
	Quotient   int
	Band       string // where Accord answers with a band, its code, and no quotient
	Tariff     string // what the band leads to
	Month      string
	Operator   string
	Received   []string // names of what else was received
	ReceiptURI string
	Release    string
	Log        string
	GrantID    string
	Calls      []string // for developers: what was asked, without secrets
	document   string   // the signed delivery, a compact JWS
}

// back takes the citizen back from Accord: state, issuer, code, tokens, data.
func (t *TownHall) back(w http.ResponseWriter, r *http.Request) {
	v := t.visitOf(w, r)
	a, ok := t.take(v, r.URL.Query().Get("state"))
	c, known := t.commune(a.commune)
	if !ok || !known || r.URL.Query().Get("iss") != t.config.Accord {
		t.render(w, r, http.StatusBadRequest, "lost", Commune{Name: "Mairie"}, nil)
		return
	}
	res, err := t.fetch(r.Context(), c, a, r.URL.Query())
	if err != nil {
		t.render(w, r, http.StatusBadGateway, "later", c, nil)
		return
	}
	t.keep(v, c.Slug, res)
	t.enter(c.Slug, res)
	http.Redirect(w, r, "/"+c.Slug+"/cantine/tarif", http.StatusSeeOther)
}

func (t *TownHall) fetch(ctx context.Context, c Commune, a attempt, q url.Values) (result, error) {
	switch q.Get("error") {
	case "":
	case "access_denied":
		return result{Outcome: "refused"}, nil
	default:
		return result{Outcome: "later"}, nil
	}
	token, err := t.redeem(ctx, c, a, q.Get("code"))
	if err != nil {
		return result{}, err
	}
	return t.quotient(ctx, c, token)
}

// redeem exchanges the code and checks the ID token.
func (t *TownHall) redeem(ctx context.Context, c Commune, a attempt, code string) (*oauth2.Token, error) {
	provider, client, err := t.client(ctx, c)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, t.config.HTTP)
	token, err := client.Exchange(ctx, code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		return nil, fmt.Errorf("exchanging the code: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.VerifierContext(ctx, &oidc.Config{ClientID: t.config.ClientID, SupportedSigningAlgs: []string{oidc.ES256}}).Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("verifying the ID token: %w", err)
	}
	if id.Nonce != a.nonce {
		return nil, errors.New("verifying the ID token: another nonce")
	}
	return token, nil
}

// quotient reads the agreed data as a statement signed by Accord, and believes
// nothing but what is signed.
func (t *TownHall) quotient(ctx context.Context, c Commune, token *oauth2.Token) (result, error) {
	address := t.config.Accord + "/v3/dss/quotient_familial?recipient=" + c.SIRET
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return result{}, err
	}
	token.SetAuthHeader(req)
	req.Header.Set("Accept", "application/jwt")
	answer, err := t.config.HTTP.Do(req)
	if err != nil {
		return result{}, fmt.Errorf("reading the quotient: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return result{}, fmt.Errorf("reading the quotient: %w", err)
	}
	if answer.Header.Get("Content-Type") != "application/jwt" {
		return result{}, fmt.Errorf("reading the quotient: status %d", answer.StatusCode)
	}
	res := result{document: string(body), Calls: []string{
		"GET /authorize", "POST /token", "GET /v3/dss/quotient_familial → " + answer.Status, "GET " + serviceprovider.KeyHistory,
	}}
	res.ReceiptURI, _ = token.Extra("receipt_uri").(string)
	res.GrantID, _ = token.Extra("grant_id").(string)
	return res, t.accept(ctx, c, &res)
}

// accept verifies the document of a result and takes over what it says.
func (t *TownHall) accept(ctx context.Context, c Commune, res *result) error {
	v := t.verify(ctx, c, res.document)
	if v.Outcome != "genuine" {
		return fmt.Errorf("reading the quotient: the delivery is %s", v.Outcome)
	}
	said := v.Said.Result
	res.Outcome, res.Quotient, res.Month, res.Operator, res.Received = said.Outcome, said.Quotient, said.Month, said.Operator, said.Received
	res.Band, res.Tariff = said.Band, said.Tariff
	res.Release, res.Log = v.Said.Release, v.Said.Log
	return nil
}

// readAnswers reads the answers that the commune's approval fixes in the place
// of values: its band, and whatever else was asked.
func (res *result) readAnswers(raw json.RawMessage, grid string) error {
	var data struct {
		Reponses map[string]struct{ Code, Libelle string }
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		return fmt.Errorf("reading the answers: %w", err)
	}
	band, ok := data.Reponses[grid]
	if !ok {
		return errors.New("reading the answers: no band")
	}
	res.Outcome, res.Band, res.Tariff = "received", band.Code, band.Libelle
	for _, id := range slices.Sorted(maps.Keys(data.Reponses)) {
		if id != grid {
			res.Received = append(res.Received, data.Reponses[id].Libelle)
		}
	}
	return nil
}

// readData reads the resource itself.
func (res *result) readData(raw json.RawMessage) error {
	var data map[string]json.RawMessage
	var qf struct {
		Fournisseur string
		Valeur      int
		Annee, Mois int
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		return fmt.Errorf("reading the quotient: %w", err)
	}
	if err := json.Unmarshal(data["quotient_familial"], &qf); err != nil {
		return fmt.Errorf("reading the quotient: %w", err)
	}
	res.Outcome, res.Quotient, res.Operator, res.Month = "received", qf.Valeur, qf.Fournisseur, month(qf.Mois, qf.Annee)
	for _, name := range []string{"enfants", "allocataires", "adresse"} {
		if data[name] != nil {
			res.Received = append(res.Received, name)
		}
	}
	return nil
}
