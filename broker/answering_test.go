package broker_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/providers"
)

// A household is what the family source says of whoever is logged in.
type household struct {
	quotient               int
	operator, city, street string
	year, month            int
}

// drawHousehold gives values of nine digits in the last band of Saint-Aubin's
// grid, in another commune: unmistakable, and all with the same two answers.
func drawHousehold(seed uint64) household {
	r := rand.New(rand.NewPCG(seed, 5))
	return household{
		quotient: 100_000_000 + r.IntN(899_999_999), operator: []string{"CNAF", "MSA"}[seed%2],
		city: fmt.Sprintf("%05d VILLE%09d", 1+r.IntN(98_999), r.IntN(1_000_000_000)), street: fmt.Sprintf("RUE%09d", r.IntN(1_000_000_000)),
		year: 1900 + r.IntN(300), month: 1 + r.IntN(12),
	}
}

func (h household) document() json.RawMessage {
	raw, _ := json.Marshal(map[string]any{
		"quotient_familial": map[string]any{"fournisseur": h.operator, "valeur": h.quotient, "annee": h.year, "mois": h.month, "annee_calcul": h.year, "mois_calcul": h.month},
		"adresse":           map[string]any{"numero_libelle_voie": h.street, "code_postal_ville": h.city, "pays": "FRANCE"},
		"allocataires":      []any{}, "enfants": []any{},
	})
	return raw
}

// canaries are what must leave in no byte.
func (h household) canaries() []string {
	return []string{fmt.Sprint(h.quotient), strings.Fields(h.city)[1], h.street}
}

// A family source answers whatever household stands in it.
type familySource struct{ now atomic.Pointer[household] }

func (s *familySource) ID() string { return consent.SourceCNAV }

func (s *familySource) Query(ctx context.Context, q providers.Query) providers.Answer {
	h := s.now.Load()
	attempt, err := q.Attempt(ctx)
	if err != nil {
		return providers.Answer{Outcome: providers.Unavailable, Cause: err}
	}
	attempt.Done(providers.Found, 200, time.Millisecond)
	return providers.Answer{Outcome: providers.Found, Document: h.document(), Provenance: providers.Provenance{
		Source: consent.SourceCNAV, Operator: h.operator, Period: fmt.Sprintf("%04d-%02d", h.year, h.month), Retrieved: time.Now(), RequestID: attempt.RequestID,
	}}
}

// answering is a country whose family source is the test's, and whose editor
// reads the data at userinfo too.
func answering(t *testing.T) (*country.Country, *familySource) {
	t.Helper()
	source := &familySource{}
	c := ownCountry(t, func(b *broker.Config) {
		others := slices.DeleteFunc(slices.Clone(b.Sources), func(s providers.Source) bool { return s.ID() == source.ID() })
		b.Sources = append(others, source)
		b.Clients[0].UserinfoClaims = true
	})
	return c, source
}

// left is every byte that left for the service provider in one journey.
type left struct {
	page    string            // the citizen's own, shown before
	parts   map[string]string // by name
	headers map[string]http.Header
}

func (l left) all() string {
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(l.parts)) {
		fmt.Fprintf(&all, "\n%s\n%s\n%v", name, l.parts[name], l.headers[name])
	}
	return all.String()
}

// journeyOf goes a household's whole way under a request for scopes, and reads
// the data in every form there is.
func journeyOf(t *testing.T, c *country.Country, source *familySource, h household, scopes ...string) left {
	t.Helper()
	source.now.Store(&h)
	client, err := c.Client(country.Editor, "saint-aubin-cantine", scopes...)
	if err != nil {
		t.Fatal(err)
	}
	w := walk(t, c, client)
	see(t, w, "camille")
	page, err := w.Press(w.Page, "accept", values("item", "cnaf_adresse"))
	if len(scopes) == 1 {
		page, err = w.Press(w.Page, "accept", nil)
	}
	if err != nil || page.Stopped == nil {
		t.Fatalf("agreeing: %v, %s", err, page.Words())
	}
	l := left{page: w.Page.Body, parts: map[string]string{"redirect": page.Stopped.String()}, headers: map[string]http.Header{}}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {page.Stopped.Query().Get("code")}, "redirect_uri": {client.RedirectURI}, "code_verifier": {w.Request.Verifier}}
	l.fetch(t, "token", http.MethodPost, c.Accord+"/token", form.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Authorization": credentials(client)})
	var tok headless.Token
	if err := json.Unmarshal([]byte(l.parts["token"]), &tok); err != nil || tok.Access == "" {
		t.Fatalf("token answer: %v, %s", err, l.parts["token"])
	}
	address, bearer := c.Accord+quotient+"?recipient="+client.Recipient, "Bearer "+tok.Access
	l.fetch(t, "json", http.MethodGet, address, "", map[string]string{"Authorization": bearer})
	l.fetch(t, "signed", http.MethodGet, address, "", map[string]string{"Authorization": bearer, "Accept": "application/jwt"})
	l.fetch(t, "month asked", http.MethodGet, fmt.Sprintf("%s&annee=%d&mois=%d", address, h.year, h.month), "", map[string]string{"Authorization": bearer})
	l.fetch(t, "userinfo", http.MethodGet, c.Accord+"/userinfo", "", map[string]string{"Authorization": bearer})
	l.fetch(t, "receipt", http.MethodGet, tok.ReceiptURI+".jws", "", map[string]string{"Authorization": credentials(client)})
	publishedLog(t, c) // the bundle proves the receipt's place in it
	l.fetch(t, "bundle", http.MethodGet, tok.ReceiptURI+".accord", "", map[string]string{"Authorization": credentials(client)})
	l.open(t)
	return l
}

func credentials(c headless.Client) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(c.ID)+":"+url.QueryEscape(c.Secret)))
}

func (l left) fetch(t *testing.T, name, method, address, body string, header map[string]string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	l.parts[name], l.headers[name] = string(read), answer.Header
}

// open adds what the signed things say in clear.
func (l left) open(t *testing.T) {
	t.Helper()
	for _, name := range []string{"signed", "receipt"} {
		parts := strings.Split(l.parts[name], ".")
		if len(parts) != 3 {
			t.Fatalf("%s is not signed: %s", name, l.parts[name])
		}
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil {
			t.Fatal(err)
		}
		l.parts[name+", opened"] = string(payload)
	}
}
