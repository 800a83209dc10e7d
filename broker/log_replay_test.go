package broker_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
)

// replayed judges the whole log as the operator's export gives it.
func replayed(t *testing.T, c *country.Country) audit.Report {
	t.Helper()
	publishedLog(t, c)
	answer := httptest.NewRecorder()
	c.Broker.Export().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/export", nil))
	lines := strings.Split(strings.TrimSuffix(answer.Body.String(), "\n"), "\n")
	h, err := audit.DecodeExportHeader([]byte(lines[0]))
	if err != nil {
		t.Fatal(err)
	}
	note, _ := h.SignedNote()
	policy, err := audit.ParsePolicy([]byte("log " + c.Keys.LogVerifierKey() + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	head, err := policy.Open(note)
	if err != nil {
		t.Fatal(err)
	}
	r := audit.NewReplay(audit.ReplayOptions{Origin: policy.Origin})
	for _, line := range lines[1:] {
		r.AddEncoded([]byte(line))
	}
	return r.Finish(head)
}

// What the broker really writes is what the auditor's rules call true: also
// over a rotation of keys, a withdrawal and an erasure.
func TestARealLogIsTrueByTheAuditorsRules(t *testing.T) {
	c := ownCountry(t, nil)
	w, tok := token(t, c, canteen(t, c), "camille")
	read(t, c, tok, quotient)
	if _, err := c.LookBack(w.StopAt(""), "camille"); err != nil {
		t.Fatal(err)
	}
	asked, err := w.Get(c.Accord + "/mes-accords/" + tok.GrantID + "/retirer")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Press(asked, "submit", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Keys.Rotate(t.Context(), "receipt", time.Now, c.Store.Announce); err != nil {
		t.Fatal(err)
	}
	_, second := token(t, c, canteen(t, c), "nadia")
	read(t, c, second, quotient)
	before := replayed(t, c)
	if before.Outcome != audit.Genuine || before.Receipts != 3 {
		t.Fatalf("before the erasure: %s, %d receipts: %+v", before.Outcome, before.Receipts, before.Findings)
	}
	if _, err := c.Store.Erase(t.Context(), store.EraseCmd{Grant: tok.GrantID, Reason: "request", Request: "DEMANDE-7"}); err != nil {
		t.Fatal(err)
	}
	after := replayed(t, c)
	if after.Outcome != audit.Genuine || after.Erased < 5 || after.Receipts != 1 {
		t.Errorf("after the erasure: %s, %d erased, %d receipts: %+v", after.Outcome, after.Erased, after.Receipts, after.Findings)
	}
}
