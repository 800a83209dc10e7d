package dgfip_test

import (
	"net/http"
	"strings"
	"testing"

	"accord/providers"
	"accord/providers/sourcetest"
)

// Our own invented answers, in testdata. There are no raw samples of DGFiP's:
// the shapes are those of reference/api-particulier.md §6.3.
func TestVectorsOfDGFiP(t *testing.T) {
	type vector struct {
		status  int
		outcome providers.Outcome
	}
	vectors := map[string]vector{
		"notice_couple":                 {200, providers.Found},
		"notice_alone":                  {200, providers.Found},
		"notice_numbers_every_member":   {200, providers.Found},
		"notice_dependants_outside_pac": {200, providers.Found},
		"notice_rfr_only":               {200, providers.Unavailable}, // everything is asked
		"notice_without_person":         {200, providers.Unavailable},
		"token":                         {200, providers.Unavailable},
		"error":                         {400, providers.Refused},
		"error_unknown":                 {403, providers.Unknown},
		"gateway":                       {404, providers.Unavailable},
	}
	bodies := sourcetest.Vectors(t)
	if len(bodies) != len(vectors) {
		t.Errorf("%d files in testdata, %d listed here", len(bodies), len(vectors))
	}
	answer := func(q providers.Query, name string, status int) providers.Answer {
		a, _ := query(t, q, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write(bodies[name])
		})
		return a
	}
	for name, v := range vectors {
		if a := answer(ask(nadia(), "token-of-nadia"), name, v.status); a.Outcome != v.outcome {
			t.Errorf("%s: outcome %s (%v), want %s", name, a.Outcome, a.Cause, v.outcome)
		}
		if a := answer(ask(aminata(), "token-of-aminata"), name, v.status); v.status == 200 && a.Outcome != providers.Unavailable {
			t.Errorf("%s: outcome %s for somebody else, want unavailable", name, a.Outcome)
		}
	}
	one := ask(nadia(), "token-of-nadia")
	one.Data = []string{"dgfip_rfr"}
	if a := answer(one, "notice_rfr_only", 200); a.Outcome != providers.Found {
		t.Errorf("reference income alone, asked alone: outcome %s (%v), want found", a.Outcome, a.Cause)
	}
}

// Every response member the reference names stands in a vector, and the
// figures in both of DGFiP's writings.
func TestOurVectorsCoverTheMembersOfTheReference(t *testing.T) {
	var shapes strings.Builder
	for name, body := range sourcetest.Vectors(t) {
		if strings.HasPrefix(name, "notice") {
			shapes.WriteString(" " + sourcetest.Shape(body) + " ")
		}
	}
	both := strings.Fields("rfr nbPart annRevenu pac.nbPac pac.nbPacF dateNaisDec1.jour dateNaisDec1.mois dateNaisDec1.annee dateNaisDec2.jour dateNaisDec2.mois dateNaisDec2.annee")
	numbers := strings.Fields("pac.nbPacH pac.nbPacR pac.nbPacJ pac.nbPacN pac.nbPacP revenuBrutGlobal revImposable impAvImput montTotIr")
	texts := strings.Fields("sitFam aft nmUsaDec1 nmNaiDec1 prnmDec1 nmUsaDec2 nmNaiDec2 prnmDec2 datRec datEtab")
	covered := 0
	for kind, members := range map[string][]string{"text": append(texts, both...), "number": append(numbers, both...)} {
		for _, member := range members {
			if !strings.Contains(shapes.String(), " $."+member+":"+kind+" ") {
				t.Errorf("no vector has %s as a %s", member, kind)
			}
			covered++
		}
	}
	t.Logf("%d members and writings covered", covered)
}
