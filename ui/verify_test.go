package ui

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

func checksOf(results ...string) (all []VerdictCheck) {
	for n, name := range []string{"form", "key", "signature", "content", "text", "log", "consistency", "standing"} {
		c := VerdictCheck{Name: name, Result: "not_made", Reason: "stopped"}
		if n < len(results) {
			c = VerdictCheck{Name: name, Result: results[n]}
		}
		all = append(all, c)
	}
	return all
}

func verifiedReceipt() *VerifiedReceipt {
	return &VerifiedReceipt{
		ID: "019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1", Act: Granted, At: at(14, 32), Requester: valbrume(), Purpose: "Calcul du tarif de la cantine",
		Basis: PublicTask, Data: []string{"cnaf_quotient_familial"}, Position: "accord.example/log/1#42",
	}
}

func verifiedDelivery() VerifiedDelivery {
	return VerifiedDelivery{
		Recipient: valbrume(), Subject: "AcDJ5g3bHtsj5CkOYt5s1PAcy3QEcTNNJLZ0r6lCpIQ", Resource: "dss/quotient_familial", Source: "cnav", Data: []string{"cnaf_quotient_familial"}, Period: "2026-11",
		Retrieved: at(14, 31), Signed: at(14, 33), Release: "01a21842-16ac-7782-b8a9-49603aa66e7f", Position: "accord.example/log/1#44",
		Value: json.RawMessage(`{"quotient_familial":{"annee":2026,"fournisseur":"CNAF","mois":11,"valeur":742}}`),
	}
}

func deliveryVerdict() Verdict {
	d := verifiedDelivery()
	return Verdict{Kind: "delivery", Result: "genuine", About: "delivery", Signed: true, Checks: checksOf("passed"), Delivery: &d, Document: "eyJ.eyJ.c2ln", Pictured: true}
}

// verifyResults are every sentence a verdict may have.
func verifyResults() map[string][]string {
	return map[string][]string{
		"genuine": {"active", "refused", "withdrawn", "unknown", "delivery"},
		"V01":     {"unreadable", "photo"},
		"V02":     {"receipt", "delivery", "bundle"},
		"V03":     {"receipt", "delivery", "time"},
		"V04":     {"receipt", "delivery"},
		"V05":     {"text", "published"},
		"V06":     {"withdrawn", "revoked", "expired", "frozen", "changed"},
	}
}

func verifyExamples() []example {
	absence, signed := verifiedDelivery(), verifiedDelivery()
	absence.Value = nil
	list := []example{
		{"verifier", Verifier{}},
		{"verifier-nothing", Verifier{Problem: "nothing"}},
		{"verifier-delivery", Verifier{Verdict: ptr(deliveryVerdict())}},
		{"attestation", Attestation{Delivery: signed, Logged: true, Checked: at(15, 0), Code: &Code{Side: 29, Path: "M4 4.5h7m1 0h2"}, Bytes: 977, Most: 1024, Where: "https://accord.example/verifier"}},
		{"attestation-long", Attestation{Delivery: absence, Checked: at(15, 0), Bytes: 1400, Most: 1024, Where: "https://accord.example/verifier"}},
		{"journal", Journal{Origin: "accord.example/log/1", Number: "1", Size: 1234, Root: "CvRi934v3IVbbtTWrL/P8++88Kod/8zI5zM3/63GQoE=", Newest: []JournalLine{
			{Index: 1233, Kind: "release.completed"}, {Index: 1232, Kind: "key.activated", At: at(9, 0)},
		}}},
		{"journal-compared", Journal{Origin: "accord.example/log/1", Number: "1", Size: 9, Consistency: &Consistency{From: 3, To: 7, FromRoot: "QQ==", ToRoot: "Qg==", Proof: []string{"Qw=="}, Holds: true}}},
		{"journal-problem", Journal{Origin: "accord.example/log/1", Number: "1", Size: 9, Problem: "sizes"}},
		{"journal-entry", JournalEntry{
			Line: JournalLine{Index: 3, Kind: "key.activated", At: at(9, 0)}, Leaf: "0109", Hash: "QQ==", Origin: "accord.example/log/1", Number: "1", Size: 9, Root: "Qg==", Holds: true,
			Steps: []JournalStep{{Sibling: "Qw==", Left: true, Hash: "Qg=="}}, Opening: []JournalMember{{Name: "id", Value: "cC9F78zNZeHbRwUk"}}, Exact: `{"kind":"key.activated"}`, Newer: 4, Older: 2,
		}},
		{"journal-entry-closed", JournalEntry{Line: JournalLine{Index: 0, Kind: "consent.granted"}, Leaf: "0101", Hash: "QQ==", Origin: "accord.example/log/1", Number: "1", Size: 1, Root: "QQ==", Holds: true, Newer: -1, Older: -1}},
	}
	for result, abouts := range verifyResults() {
		for _, about := range abouts {
			v := Verdict{Kind: "receipt", Result: result, About: about, Signed: true, Checks: checksOf("passed", "passed", "failed"), Receipt: verifiedReceipt(), Standing: &Standing{State: Active, At: at(14, 50)}}
			list = append(list, example{"verifier-" + result + "-" + about, Verifier{Verdict: &v}})
		}
	}
	return list
}

func ptr[T any](v T) *T { return &v }

// A verdict is read, not only seen: each check has its word beside its sign.
func TestEveryCheckOfAVerdictHasAWordBesideItsSign(t *testing.T) {
	u := newUI(t, true)
	v := deliveryVerdict()
	v.Checks = []VerdictCheck{{Name: "form", Result: "passed"}, {Name: "signature", Result: "failed"}, {Name: "log", Result: "undecided", Reason: "erased"}, {Name: "standing", Result: "not_made", Reason: "stopped"}}
	root := parse(t, render(t, u, "fr", Verifier{Verdict: &v}).Body.String())
	for id, want := range map[string]string{"check-form": "✓ vrai", "check-signature": "✗ faux", "check-log": "– non vérifié", "check-standing": "– non vérifié"} {
		if row := byID(root, id); row == nil || !strings.HasSuffix(words(row), want) {
			t.Errorf("%s does not end with %q", id, want)
		}
	}
}

// What a delivery says stands on the page and on the sheet, with its unit.
func TestADeliverysValuesStandOnTheVerdictAndOnTheSheet(t *testing.T) {
	u := newUI(t, true)
	for _, e := range verifyExamples() {
		if e.name != "verifier-delivery" && e.name != "attestation" {
			continue
		}
		page := words(parse(t, render(t, u, "fr", e.page).Body.String()))
		if !strings.Contains(page, "742 €") || !strings.Contains(page, "CNAF") {
			t.Errorf("%s: %s", e.name, page)
		}
	}
}

// A band is told in words, under the name of its grid; an answer of another
// shape is told whole.
func TestTheAnswerOfAGridIsToldInWords(t *testing.T) {
	s := newUI(t, true).speech["fr"]
	facts := s.statement(json.RawMessage(`{"reponses":{"habite":{"code":"non","libelle":"vous habitez ailleurs"},"tarif":{"code":"B","libelle":"3,50 € le repas"},"autre":{"code":"C"}},"enfants":2}`))
	want := []string{"habite : non, vous habitez ailleurs", "tarif : tranche B, 3,50 € le repas", "autre : Code : C", "Enfants : 2"}
	for n := range facts {
		facts[n] = strings.ReplaceAll(facts[n], "\u00a0", " ")
	}
	if len(facts) != len(want) {
		t.Fatalf("%q", facts)
	}
	for n := range want {
		if !strings.EqualFold(facts[n], want[n]) {
			t.Errorf("%q, want %q", facts[n], want[n])
		}
	}
}

// A code is drawn in some 15 KB of path: it is sent compressed.
func TestTheAttestationIsSentCompressed(t *testing.T) {
	u := newUI(t, true)
	for _, accepts := range []string{"gzip, br", ""} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/verifier/attestation", nil)
		r.Header.Set("Accept-Encoding", accepts)
		u.Render(w, r, http.StatusOK, Attestation{Delivery: verifiedDelivery(), Code: &Code{Side: 29, Path: strings.Repeat("m2 0h1", 2500)}})
		zipped := w.Header().Get("Content-Encoding") == "gzip"
		if zipped != (accepts != "") || w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) || (w.Body.Len() < 8<<10) != zipped {
			t.Errorf("accepting %q: %v, %d bytes", accepts, w.Header(), w.Body.Len())
		}
	}
}
