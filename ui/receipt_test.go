package ui

import (
	"strings"
	"testing"
)

func TestReceiptsTellTheirActAndHoldTheProof(t *testing.T) {
	u := newUI(t, true)
	for _, c := range []struct {
		page  Receipt
		has   []string
		hasNo []string
	}{
		{receipt(), []string{"vous avez accepté", "accord.example/log/1#42", "accord-verify receipt", "Vous opposer", "Retirer mon accord", "Pas d’accord (facultatif)"}, []string{"portab", "Récupérer", "consentement"}},
		{receiptRefused(), []string{"vous avez refusé", "Rien n’a été transmis.", "Personne n’était encore identifié"}, []string{"Valable jusqu’au", "Pseudonyme", "Retirer mon"}},
		{receiptWithdrawn(), []string{"Reçu de retrait", "Suit le reçu", "Aucun accès n’est possible depuis"}, []string{"Valable jusqu’au", "Retirer mon"}},
	} {
		got := words(tags(parse(t, render(t, u, "fr", c.page).Body.String()), "main")[0])
		for _, needed := range c.has {
			if !strings.Contains(got, needed) {
				t.Errorf("%s lacks %q", c.page.Act, needed)
			}
		}
		for _, bad := range c.hasNo {
			if strings.Contains(got, bad) {
				t.Errorf("%s says %q", c.page.Act, bad)
			}
		}
	}
}

func TestTheTimelineNamesEveryEventWithTimeDataAndPosition(t *testing.T) {
	u := newUI(t, true)
	root := parse(t, render(t, u, "fr", AccordDetail{Accord: accord(), Events: events()}).Body.String())
	lines := tags(tags(root, "ol")[0], "li")
	if len(lines) != len(events()) {
		t.Fatalf("%d lines for %d events", len(lines), len(events()))
	}
	for i, e := range events() {
		got := words(lines[i])
		needed := u.speech["fr"].labels(e.Data)
		for _, n := range append(needed, "journal n°") {
			if !strings.Contains(got, n) {
				t.Errorf("line %d lacks %q: %s", i, n, got)
			}
		}
		if len(tags(lines[i], "time")) != 1 {
			t.Errorf("line %d has no time", i)
		}
	}
}
