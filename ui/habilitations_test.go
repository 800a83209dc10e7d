package ui

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

func habilitation(state string) Habilitation {
	day := func(year int) time.Time { return time.Date(year, 12, 31, 12, 0, 0, 0, time.UTC) }
	h := Habilitation{
		ID: "valbrume-cantine", Digest: "sha-256:2KNq6rXhZE414C8EJBlS8VSMIS7GHdN2LmlU1mev1hU", URL: "/habilitations/valbrume-cantine",
		Requester: valbrume(), Label: Text{FR: "Tarif de la cantine", EN: "Canteen tariff"}, Purpose: canteen(),
		Simplification: Text{FR: "Attestation de quotient familial", EN: "Family quotient certificate"},
		Basis:          PublicTask, LegalTexts: []string{"CRPA, art. L.114-8", "délibération 2026-31"},
		Required:  []Asked{{Datum: "cnaf_quotient_familial", Required: true, Why: Text{FR: "Déterminer la tranche", EN: "To find the band"}}},
		Optional:  []Asked{{Datum: "cnaf_enfants", Why: Text{FR: "Préremplir la fiche", EN: "To fill in the form"}}},
		Retention: "P1Y", RetentionOf: Text{FR: "fin de l'année scolaire", EN: "end of the school year"},
		Recipients: []Text{{FR: "Agents du service scolaire", EN: "Staff of the school service"}}, Fetches: 1,
		Consequence: Text{FR: "Le tarif le plus élevé s'applique.", EN: "The highest tariff applies."},
		OtherPath:   Text{FR: "Déposez une attestation au guichet.", EN: "Bring a certificate to the desk."},
		Charter:     "sha-256:UPMmaWnXtjz4VEUvBzwuBY6qhLz6O3VALiJvutsKfUY", State: state,
		From: day(2023), LastDay: day(2026), Changed: at(14, 30), Position: "accord.example/log/1#7", NoticeURL: "/notices/valbrume-cantine/1.0.0/fr",
	}
	switch state {
	case "suspended":
		h.Reason, h.Since = "misuse", at(14, 30)
	case "in_force":
		h.DaysLeft = 39
	}
	return h
}

func habilitationExamples() (list []example) {
	var every Habilitations
	for _, state := range []string{"in_force", "not_yet", "suspended", "ended"} {
		h := habilitation(state)
		every.All = append(every.All, h)
		list = append(list, example{"habilitation-" + state, HabilitationPage{h}})
	}
	repeated := habilitation("in_force")
	repeated.Duration, repeated.Fetches, repeated.Basis, repeated.LegalTexts = "P12M", 12, ConsentGDPR, nil
	frozen := accord()
	frozen.State = Frozen
	return append(list, example{"habilitations", every}, example{"habilitations-empty", Habilitations{}},
		example{"habilitation-repeated", HabilitationPage{repeated}}, example{"accords-frozen", MyAccords{Accords: []Accord{frozen}}})
}

func TestAHabilitationSaysWhoAsksWhatSinceWhenUnderWhichText(t *testing.T) {
	u := newUI(t, true)
	page := words(parse(t, render(t, u, "fr", HabilitationPage{habilitation("suspended")}).Body.String()))
	for _, told := range []string{
		"Commune de Valbrume", "Cantilène Logiciels", "repas de vos enfants", "CRPA, art. L.114-8", "Quotient familial", "1 an", "31 décembre 2023",
		"Attestation de quotient familial", "valbrume-cantine", "sha-256:2KNq6", "accord.example/log/1#7", "Suspendue depuis le 22 novembre 2026", "contraire à l'habilitation",
	} {
		if !strings.Contains(strings.NewReplacer("\u00a0", " ", "\u202f", " ", "’", "'").Replace(page), told) {
			t.Errorf("the page does not tell %q: %s", told, page)
		}
	}
}

func TestTheConsentPageLeadsToItsHabilitation(t *testing.T) {
	c := consent()
	c.Approval.URL = "/habilitations/valbrume-cantine"
	for _, lang := range languages() {
		root := parse(t, render(t, newUI(t, true), lang, c).Body.String())
		if links := all(root, func(n *html.Node) bool { return attr(n, "href") == c.Approval.URL }); len(links) != 1 {
			t.Errorf("%s: %d links", lang, len(links))
		}
	}
}
