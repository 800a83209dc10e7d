package broker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/consent/audit"
	"accord/providers"
)

// The registration of a service provider that asks for what the demonstration
// does not: one client, one approval, both written by the test.
const (
	tryout       = "essai"
	tryoutSIRET  = "99900010200015"
	tryoutSecret = "secret-of-the-service-provider-in-the-tests-of-inputs"
	tryoutReturn = "http://127.0.0.1:9/retour"
)

// A stub is a source of the test's own. It makes one attempt a query, as
// sources must, and passes on what it does not answer.
type stub struct {
	id      string
	answers map[string]func(providers.Query) providers.Answer // by resource
	next    providers.Source                                  // asked for other resources; nil: they are unavailable

	mu    sync.Mutex // guards asked
	asked []providers.Query
}

func (s *stub) ID() string { return s.id }

func (s *stub) Query(ctx context.Context, q providers.Query) providers.Answer {
	s.mu.Lock()
	s.asked = append(s.asked, q)
	s.mu.Unlock()
	answer, mine := s.answers[q.Resource]
	if !mine && s.next != nil {
		return s.next.Query(ctx, q)
	}
	attempt, err := q.Attempt(ctx)
	if err != nil || !mine {
		return providers.Answer{Outcome: providers.Unavailable, Cause: err}
	}
	a := answer(q)
	a.Provenance.Source, a.Provenance.Retrieved, a.Provenance.RequestID = s.id, time.Now(), attempt.RequestID
	attempt.Done(a.Outcome, 200, time.Millisecond)
	return a
}

// about are the queries made about a resource.
func (s *stub) about(resource string) []providers.Query {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.asked), func(q providers.Query) bool { return q.Resource != resource })
}

func found(document string) func(providers.Query) providers.Answer {
	return func(providers.Query) providers.Answer {
		return providers.Answer{Outcome: providers.Found, Document: json.RawMessage(document)}
	}
}

func outcomeOf(o providers.Outcome) func(providers.Query) providers.Answer {
	return func(providers.Query) providers.Answer { return providers.Answer{Outcome: o} }
}

// with puts stubs in the place of the sources of their ids, or beside them.
func (s *stub) into(c *broker.Config) {
	at := slices.IndexFunc(c.Sources, func(other providers.Source) bool { return other.ID() == s.id })
	if at >= 0 {
		s.next = c.Sources[at]
		c.Sources = slices.Concat(c.Sources[:at], c.Sources[at+1:])
	}
	c.Sources = append(c.Sources, s)
	if _, known := c.SourceParties[s.id]; !known {
		c.SourceParties[s.id] = consent.Party{
			Name: "Administration " + s.id + " (essai)", SIRET: "99900123450010", Address: "6 rue de l'Exemple, 00000 Valbrume", DPO: "https://essai.example/dpo",
		}
	}
}

// tryoutCountry is a country with the tryout's registration and these sources.
func tryoutCountry(t *testing.T, required, optional []string, log *slog.Logger, sources ...*stub) *country.Country {
	t.Helper()
	clients, approvals := t.TempDir(), t.TempDir()
	write(t, filepath.Join(clients, tryout+".yaml"), tryoutRegistration())
	write(t, filepath.Join(approvals, tryout+".yaml"), tryoutApproval(required, optional))
	c, err := country.Start(t.Context(), country.Options{
		Clients: clients, Approvals: approvals, Log: log, Data: t.TempDir(),
		Wrap: func(config *broker.Config) {
			for _, s := range sources {
				s.into(config)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error("closing:", err)
		}
	})
	return c
}

func tryoutRegistration() string {
	return fmt.Sprintf(`id: %s
name: Service d'essai
auth_method: client_secret_basic
secret_hash: %q
redirect_uris: [%q]
pkce: required
id_token_alg: ES256
approvals: [%s]
`, tryout, audit.Digest([]byte(tryoutSecret)), tryoutReturn, tryout)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func tryoutApproval(required, optional []string) string {
	both := func(fr, en string) string { return fmt.Sprintf("{fr: %q, en: %q}", fr, en) }
	list := func(ids []string) string {
		var b strings.Builder
		for _, id := range ids {
			b.WriteString("\n    - {id: " + id + ", why: " + both("pour "+id, "for "+id) + "}")
		}
		if b.Len() == 0 {
			return " []"
		}
		return b.String()
	}
	return `id: ` + tryout + `
version: "1.0.0"
service_provider: {name: Commune de Valbrume, siret: "` + tryoutSIRET + `", address: "1 place de la Mairie, 00000 Valbrume", dpo: dpo@valbrume.example}
purpose:
  id: essai
  label: ` + both("Essai", "Trial") + `
  text: ` + both("Essayer une demande.", "To try a request.") + `
  type: dpv:PublicBenefit
  service: ` + both("Service d'essai", "Trial service") + `
charter: sha-256:UPMmaWnXtjz4VEUvBzwuBY6qhLz6O3VALiJvutsKfUY
legal: {act: accord_art6_1_e, basis: gdpr:6-1-e, texts: ["CRPA:L114-8"]}
recipients:
  - ` + both("Les agents du service d'essai", "The trial service's staff") + `
retention: {period: P1Y, rule: ` + both("Puis suppression", "Then deleted") + `}
refusal:
  consequence: ` + both("Le tarif le plus élevé s'applique.", "The highest tariff applies.") + `
  other_path: ` + both("Apportez un justificatif au guichet de la mairie.", "Bring a document to the town hall.") + `
data:
  required:` + list(required) + `
  optional:` + list(optional) + `
ceilings: {mode: once, fetches: 1}
dates: {from: 2024-01-01, until: 2034-12-31}
`
}

func tryoutClient(c *country.Country, scopes ...string) headless.Client {
	return headless.Client{
		Issuer: c.Accord, ID: tryout, Secret: tryoutSecret, RedirectURI: tryoutReturn,
		Recipient: tryoutSIRET, Purpose: "essai", Scopes: scopes,
	}
}

// press presses a button with further fields, waiting out the sources.
func press(t *testing.T, w *country.Walk, button string, fields ...string) {
	t.Helper()
	p, err := w.Press(w.Page, button, values(fields...))
	if err != nil {
		t.Fatal(err)
	}
	if w.Page, err = country.Settled(w.Browser, p); err != nil {
		t.Fatal(err)
	}
}

// at fails unless the citizen stands at a page.
func at(t *testing.T, w *country.Walk, path string, status int) {
	t.Helper()
	if w.Page.URL.Path != path || w.Page.Status != status {
		t.Fatalf("stands at %s (%d), want %s (%d): %.400s", w.Page.URL.Path, w.Page.Status, path, status, w.Page.Words())
	}
}

// identified goes through FranceConnect's simulator from where it begins.
func identified(t *testing.T, w *country.Walk, persona string) {
	t.Helper()
	do(t, w, "persona-"+persona, "continue")
}

// exchanged agrees with what stands there and gives the token.
func exchanged(t *testing.T, w *country.Walk, items ...string) headless.Token {
	t.Helper()
	var fields []string
	for _, id := range items {
		fields = append(fields, "item", id)
	}
	press(t, w, "accept", fields...)
	tok, err := w.Request.Exchange(w.Page.Stopped)
	if err != nil {
		t.Fatalf("%v: %.300s", err, w.Page.Words())
	}
	return tok
}

// dataOf are the data of the log's events of a kind, joined.
func dataOf(t *testing.T, c *country.Country, k audit.Kind) (all []string) {
	t.Helper()
	for _, e := range logged(t, c, k) {
		all = append(all, e.event.Data...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// trueLog fails unless the auditor's rules call the whole log true.
func trueLog(t *testing.T, c *country.Country) {
	t.Helper()
	if report := replayed(t, c); len(report.Findings) > 0 {
		t.Errorf("the replayed log: %v", report.Findings)
	}
}
