package main

import (
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/providers/faults"
)

func started(t *testing.T) *checker {
	t.Helper()
	c, err := country.Start(t.Context(), country.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error("closing:", err)
		}
	})
	return &checker{Country: c}
}

// Each agency decides by what the citizen let it know, and tells it.
func TestAgenciesDecideByWhatTheyWereSent(t *testing.T) {
	ch := started(t)
	jobseeker := func(identifier string) url.Values { return url.Values{consent.InputJobseekerID: {identifier}} }
	leo := url.Values{consent.InputSchool: {country.LeoSchool}}
	const rsa = "revenu_solidarite_active"
	for name, c := range map[string]struct {
		application
		decision, fact string
	}{
		"student with a grant": {
			application{slug: "region", persona: "lucas"}, "Votre carte de transport est gratuite", "Étudiant inscrit : oui Boursier : oui",
		},
		"student without a grant": {
			application{slug: "region", persona: "claire"}, "Votre carte de transport est à moitié prix", "Étudiant inscrit : oui Boursier : non",
		},
		"no student": {
			application{slug: "region", persona: "hugo"}, "Votre carte de transport est au plein tarif", "Étudiant inscrit : non Boursier : non",
		},
		"jobseeker of modest income": {
			application{slug: "ministere", persona: "sabine", typed: jobseeker(country.SabineJobseeker)}, "L’aide de 400 € vous est accordée", "pour 1.5 parts",
		},
		"registered no more": {
			application{slug: "ministere", persona: "yann", typed: jobseeker(country.YannJobseeker)}, "Vous n’avez pas droit à l’aide", "Inscrit à France Travail : non",
		},
		"notice of the year before": {
			application{slug: "ministere", persona: "simon", typed: jobseeker(country.SimonJobseeker)}, "Vous n’avez pas droit à l’aide", "12010 €",
		},
		"no notice": {
			application{slug: "ministere", persona: "lucas", typed: jobseeker(country.LucasJobseeker)}, "Sans avis d’impôt, votre demande sera étudiée sur pièces", "",
		},
		"RSA told": {
			application{slug: "ccas", persona: "camille", typed: leo, child: "1", ticked: []string{rsa}, agreed: []string{rsa}},
			"Une aide de 60 € vous est accordée", "RSA : non",
		},
		"RSA looked up and not told": {
			application{slug: "ccas", persona: "camille", typed: leo, child: "1", ticked: []string{rsa}},
			"Une aide de 60 € vous est accordée", "RSA : vous n’avez pas souhaité le dire",
		},
		"child of another school": {
			application{slug: "ccas", persona: "aminata", typed: leo, child: "2"}, "Sans certificat de scolarité, l’aide ne peut pas être versée", "",
		},
	} {
		p, err := ch.decision(c.application)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if facts := strings.ReplaceAll(p.Text("facts"), "\u00a0", " "); p.Text("decision") != c.decision || !strings.Contains(facts, c.fact) {
			t.Errorf("%s: %q with %q; want %q with %q", name, p.Text("decision"), facts, c.decision, c.fact)
		}
		if _, err := p.LinkTo("/recu/"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Somebody else's identifier gives nothing of theirs, and the page that asked
// stays open.
func TestAnothersIdentifierGivesTheMinistryNothing(t *testing.T) {
	ch := started(t)
	p, err := ch.inSight(headless.New(), application{slug: "ministere", persona: "simon", typed: url.Values{consent.InputJobseekerID: {country.SabineJobseeker}}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Has("accept") || strings.Contains(p.Words(), "PERROCHEL") {
		t.Errorf("another's registration can be agreed to, or is shown: %.300s", p.Words())
	}
}

func TestAnAgencyTellsThatASourceIsDown(t *testing.T) {
	ch := started(t)
	ch.APIParticulier.SetFault(faults.Down)
	b := headless.New()
	p, err := ch.inSight(b, application{slug: "region", persona: "lucas"})
	if err != nil {
		t.Fatal(err)
	}
	back, err := p.LinkTo("/region/retour")
	if err != nil || p.Has("accept") {
		t.Fatalf("a decision is offered without the data, or no way back: %v", err)
	}
	if p, err = b.Get(back); err != nil || !p.Has("later") || !p.Has("ask") {
		t.Errorf("%v: %.200s", err, p.Words())
	}
}
