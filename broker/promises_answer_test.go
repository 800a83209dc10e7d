package broker_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
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

// Issue 5, item 11: what is looked up and shown leaves in no byte, in no
// spelling; only its answer does.
func TestTheValueAGridAnswersForLeavesInNoByte(t *testing.T) {
	c, source := answering(t)
	for seed := range uint64(8) {
		h := drawHousehold(seed)
		l := journeyOf(t, c, source, h, "cnaf_quotient_familial", "cnaf_adresse")
		out := l.all() + published(t, c)
		for _, canary := range h.canaries() {
			if !strings.Contains(strings.ReplaceAll(l.page, "\u202f", ""), canary) && !strings.Contains(strings.ReplaceAll(l.page, "\u00a0", ""), canary) {
				t.Errorf("the citizen was not shown %s", canary)
			}
			for how, spelt := range spellings(canary) {
				if bytes.Contains([]byte(out), spelt) {
					t.Fatalf("%s left, %s", canary, how)
				}
			}
		}
		want := `{"reponses":{"habite-la-commune":{"code":"non","libelle":"vous habitez une autre commune"},"tarif-cantine":{"code":"C","libelle":"5,00 € le repas"}}}`
		if got := l.parts["json"]; got != `{"data":`+want+`,"links":{},"meta":{}}` {
			t.Fatalf("what left is %s", got)
		}
		if !strings.Contains(l.page, "saura seulement") || !strings.Contains(l.page, "tranche C, 5,00 € le repas") {
			t.Error("the citizen was not told what the commune will know")
		}
		if len(out) < 10_000 {
			t.Fatalf("only %d bytes searched: the test proves nothing", len(out))
		}
	}
}

// published is the public log, with what it announces.
func published(t *testing.T, c *country.Country) string {
	t.Helper()
	note, head := publishedLog(t, c)
	_, _, entries := fetched(t, fmt.Sprintf("%s/log/1/tile/entries/000.p/%d", c.Accord, head.Size))
	_, _, tile := fetched(t, fmt.Sprintf("%s/log/1/tile/0/000.p/%d", c.Accord, head.Size))
	_, _, notice := fetched(t, c.Accord+"/notices/saint-aubin-cantine/2.0.0/fr")
	if !strings.Contains(notice, "Saint-Aubin") {
		t.Fatalf("the notice is %s", notice)
	}
	return note + entries + tile + notice
}

// Two households of one band get the same bytes, but for ids, keys and times,
// whatever is asked: the month of the value, the fund and the lengths included.
func TestTwoHouseholdsOfOneBandGetTheSameBytes(t *testing.T) {
	c, source := answering(t)
	for _, scopes := range [][]string{{"cnaf_quotient_familial"}, {"cnaf_quotient_familial", "cnaf_adresse"}} {
		var first map[string]string
		for seed := range uint64(6) {
			l := journeyOf(t, c, source, drawHousehold(seed), scopes...)
			got := l.compared(t)
			if first == nil {
				first = got
				continue
			}
			for name, want := range first {
				if got[name] != want {
					t.Fatalf("%s tells two households of one band apart:\n%s\n%s", name, want, got[name])
				}
			}
		}
		if len(first) < 10 {
			t.Fatalf("only %d things compared: the test proves nothing", len(first))
		}
	}
}

// compared are what left, without what differs between two journeys of one
// household: ids, keys, times.
func (l left) compared(t *testing.T) map[string]string {
	t.Helper()
	got := map[string]string{"json": l.parts["json"], "userinfo": l.parts["userinfo"], "month asked": l.parts["month asked"]}
	for name, drop := range map[string][]string{
		"signed, opened": {"iat", "jti", "grant_id", "retrieved", "log", "release_key"},
		"receipt, opened": {
			"receipt_id", "record_id", "grant_id", "event.time", "event.valid_from", "event.valid_until",
			"subject.auth.auth_time", "subject.auth.evidence", "subject.auth.fc_sub_hash", "request_digest", "withdrawal.uri",
		},
		"token": {"expires_in", "access_token", "id_token", "grant_id", "receipt", "receipt_uri"},
	} {
		var said map[string]any
		if err := json.Unmarshal([]byte(l.parts[name]), &said); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, path := range drop {
			dropped(t, name, said, path)
		}
		rest, _ := json.Marshal(said)
		got[name] = string(rest)
	}
	for name, header := range l.headers {
		kept := header.Clone()
		for _, changing := range []string{"Date", "Accord-Release-Id", "Accord-Log", "Accord-Release-Key", "Accord-Request-Id", "Content-Disposition"} {
			kept.Del(changing)
		}
		if name == "signed" || name == "bundle" { // their ids, and the proofs of a longer log, have lengths of their own
			kept.Del("Content-Length")
		}
		got["headers of "+name] = fmt.Sprint(kept)
	}
	return got
}

// dropped takes one member out; one that is not there would hide a mistake.
func dropped(t *testing.T, name string, said map[string]any, path string) {
	t.Helper()
	head, rest, deeper := strings.Cut(path, ".")
	if deeper {
		inner, _ := said[head].(map[string]any)
		dropped(t, name, inner, rest)
		return
	}
	if _, ok := said[head]; !ok {
		t.Fatalf("%s has no %s", name, path)
	}
	delete(said, head)
}

// No digest that leaves is that of a value, of the document, or of the page:
// each guess is hashed in every form the value has.
func TestNoDigestThatLeavesRevealsTheValueBehindAnAnswer(t *testing.T) {
	c, source := answering(t)
	h := drawHousehold(1)
	l := journeyOf(t, c, source, h, "cnaf_quotient_familial", "cnaf_adresse")
	out := l.all() + published(t, c)
	for _, e := range logOf(t, c) {
		out += "\n" + string(e.Event)
	}
	guess := func(guessed household) {
		doc := string(guessed.document())
		var members map[string]json.RawMessage
		_ = json.Unmarshal([]byte(doc), &members) // written above
		value := fmt.Sprint(guessed.quotient)
		forms := []string{
			value, `{"valeur":` + value + `}`, `{"quotient_familial":{"valeur":` + value + `}}`, doc, doc + "\n", guessed.city, guessed.street,
			string(members["quotient_familial"]), `{"quotient_familial":` + string(members["quotient_familial"]) + `}`, string(members["adresse"]), l.page,
		}
		for _, form := range forms {
			sum := sha256.Sum256([]byte(form))
			for _, spelt := range []string{hex.EncodeToString(sum[:]), base64.RawURLEncoding.EncodeToString(sum[:]), base64.RawStdEncoding.EncodeToString(sum[:]), string(sum[:])} {
				if strings.Contains(out, spelt) {
					t.Fatalf("a digest of %.60s leaves", form)
				}
			}
		}
	}
	guess(h)
	if strings.Count(out, "sha-256:") < 10 {
		t.Fatal("no digest was searched: the test proves nothing")
	}
}

// A value that no grid can answer is not sent, and not guessed: where it is
// required there is nothing to accept.
func TestWithoutAnAnswerThereIsNothingToAgreeTo(t *testing.T) {
	c, source := answering(t)
	h := drawHousehold(3)
	h.city = "LONDON" // no postal code: in the commune or not, nobody knows
	source.now.Store(&h)
	client, err := c.Client(country.Editor, "saint-aubin-cantine", "cnaf_quotient_familial", "cnaf_adresse")
	if err != nil {
		t.Fatal(err)
	}
	w := walk(t, c, client)
	see(t, w, "camille")
	if strings.Contains(w.Page.Body, `name="item"`) || !w.Page.Has("accept") || !strings.Contains(w.Page.Words(), "ne permet aucune réponse") {
		t.Errorf("the page offers %s", w.Page.Words())
	}
	again, err := w.Press(w.Page, "accept", values("item", "cnaf_adresse"))
	if err != nil || again.Stopped != nil || again.Status != http.StatusUnprocessableEntity {
		t.Fatalf("an item without an answer was agreed to: %v", err)
	}
	page, err := w.Press(again, "accept", nil)
	if err != nil || page.Stopped == nil {
		t.Fatalf("agreeing to the rest: %v", err)
	}
}
