package broker_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
)

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
		for _, changing := range []string{"Date", "Accord-Release-Id", "Accord-Log", "Accord-Release-Key", "Accord-Request-Id", "Ratelimit-Remaining", "Ratelimit-Reset", "Content-Disposition"} {
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
