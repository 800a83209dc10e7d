package journey

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"accord/consent"
	"accord/providers"
)

// bandedQuotient is a datum a grid of two bands answers for.
func bandedQuotient() consent.Datum {
	low := int64(700)
	a := &consent.Approval{
		Data:  consent.ApprovedData{Required: []consent.ApprovedDatum{{ID: "cnaf_quotient_familial", Grid: "tarif"}}},
		Grids: []consent.Grid{{ID: "tarif", Datum: "cnaf_quotient_familial", Path: "quotient_familial.valeur", Bands: []consent.Band{{Below: &low}, {}}}},
	}
	return a.Approved(consent.DefaultCatalogue())[0]
}

func found(document string) map[string]providers.Answer {
	return map[string]providers.Answer{consent.ResourceQuotientFamilial: {
		Outcome: providers.Found, Document: json.RawMessage(document),
		Provenance: providers.Provenance{Operator: "MSA", Period: "2026-10", RequestID: "request"},
	}}
}

// Whoever makes a snapshot without asking the grids sends nothing: no value,
// and no empty document either.
func TestASnapshotWithoutAGridsAnswerIsRefused(t *testing.T) {
	data := []consent.Datum{bandedQuotient()}
	for _, document := range []string{`{"quotient_familial":{"valeur":954}}`, `{"reponses":{"tarif":{"code":"Z"}}}`, `{}`} {
		if s, err := snapshot(data, found(document)); err == nil {
			t.Errorf("%s gave %v", document, s)
		}
	}
	j := &Journey{Config: Config{Now: time.Now, Log: slog.New(slog.DiscardHandler)}}
	answers := found(`{"quotient_familial":{"fournisseur":"MSA","valeur":954,"mois":10}}`)
	j.answerGrids(t.Context(), data, answers)
	s, err := snapshot(data, answers)
	if err != nil {
		t.Fatal(err)
	}
	kept, _ := json.Marshal(s)
	for _, secret := range []string{"954", "MSA", "2026-10", "request"} {
		if strings.Contains(string(kept), secret) {
			t.Errorf("the snapshot holds %s: %s", secret, kept)
		}
	}
}

// What no grid can be applied to is no document: it could hold anything.
func TestADocumentNoGridCanReadIsUnavailable(t *testing.T) {
	j := &Journey{Config: Config{Now: time.Now, Log: slog.New(slog.DiscardHandler)}}
	answers := found(`{"reponses":{"tarif":{"code":"A"}},"reponses":{}}`)
	j.answerGrids(t.Context(), []consent.Datum{bandedQuotient()}, answers)
	if a := answers[consent.ResourceQuotientFamilial]; a.Outcome != providers.Unavailable || a.Document != nil {
		t.Errorf("answered %s with %s", a.Outcome, a.Document)
	}
}

// At a desk, as on the page: a datum whose grid has no answer is not agreed to,
// and if it is needed nothing is recorded.
func TestAtADeskADatumWithoutItsAnswerIsLeftOut(t *testing.T) {
	banded, plain := bandedQuotient(), consent.Datum{ID: "cnaf_adresse", Resource: consent.ResourceQuotientFamilial, Paths: []string{"adresse"}}
	for name, c := range map[string]struct {
		request consent.Request
		agreed  int
	}{
		"optional": {consent.Request{Required: []consent.Datum{plain}, Optional: []consent.Datum{banded}}, 1},
		"required": {consent.Request{Required: []consent.Datum{banded}, Optional: []consent.Datum{plain}}, 0},
	} {
		in := &interaction{resolved: &c.request, Answers: found(`{"adresse":"1 RUE","quotient_familial":{"valeur":954}}`)}
		agreed, err := (&Journey{}).obtained(in)
		if (err == nil) != (c.agreed > 0) || len(agreed.Data) != c.agreed {
			t.Errorf("%s: %d data agreed, %v", name, len(agreed.Data), err)
		}
		if err != nil {
			continue
		}
		if _, err := snapshot(agreed.Data, in.Answers); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
