package broker_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"accord/consent"
	"accord/consent/audit"
	"accord/providers"
)

// register knows two people: the one who is there, and another.
func register(own, another string) *stub {
	return &stub{id: consent.SourceFranceTravail, answers: map[string]func(providers.Query) providers.Answer{
		consent.ResourceJobseeker: func(q providers.Query) providers.Answer {
			switch q.Inputs["identifiant"] {
			case own:
				return found(statut)(q)
			case another:
				return providers.Answer{Outcome: providers.Refused}
			case "twofold":
				return providers.Answer{Outcome: providers.Ambiguous}
			}
			return providers.Answer{Outcome: providers.Unknown}
		},
	}}
}

// Whether an identifier exists is nobody's to learn: one of somebody else and
// one of nobody are told in the same words, and no absence can be sent.
func TestAnIdentifierOfNobodyLooksLikeSomebodyElses(t *testing.T) {
	said := map[string]string{}
	c := tryoutCountry(t, []string{jobseeker}, nil, nil, register("own", "another"))
	for _, typed := range []string{"another", "nobody.s", "twofold"} {
		w := walk(t, c, tryoutClient(c, jobseeker))
		do(t, w, "accept")
		press(t, w, "accept", "identifiant", typed)
		identified(t, w, "camille")
		at(t, w, "/accord", http.StatusOK)
		words, _, _ := strings.Cut(w.Page.Words(), "Valeurs effacées") // until an hour, and a reference
		_, main, ok := strings.Cut(words, "Ce que vous avez saisi ne mène pas à vous")
		if !ok || w.Page.Has("accept") {
			t.Fatalf("%s: may be agreed to: %v; the page says %.600s", typed, w.Page.Has("accept"), w.Page.Words())
		}
		said[typed] = main
	}
	for _, e := range logged(t, c, audit.SourceAnswered) { // « Mes accords » tells these, once there is an agreement
		if e.event.Outcome != string(providers.Refused) || e.event.HTTPClass != 0 {
			t.Errorf("the log says %s, class %d", e.event.Outcome, e.event.HTTPClass)
		}
	}
	if said["nobody.s"] != said["another"] || said["twofold"] != said["another"] {
		t.Errorf("the pages differ: %q", said)
	}
}

func TestIdentifiersCannotBeGuessedInOneInteraction(t *testing.T) {
	ft := register("own", "another")
	c := tryoutCountry(t, []string{jobseeker}, nil, nil, ft)
	w := walk(t, c, tryoutClient(c, jobseeker))
	do(t, w, "accept")
	tries := 0
	for ; tries < 10; tries++ {
		press(t, w, "accept", "identifiant", fmt.Sprintf("guess%d", tries))
		if w.Page.Status == http.StatusTooManyRequests {
			break
		}
		identified(t, w, "camille")
		at(t, w, "/accord", http.StatusOK)
		do(t, w, "correct-0")
		at(t, w, "/saisie", http.StatusOK)
	}
	if asked := len(ft.about(consent.ResourceJobseeker)); tries != 5 || asked != 5 {
		t.Errorf("%d identifiers tried, France Travail asked %d times, want 5", tries, asked)
	}
	if !strings.Contains(w.Page.Words(), "Trop de tentatives") {
		t.Errorf("the page says %.300s", w.Page.Words())
	}
}
