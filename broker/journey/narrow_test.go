package journey

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"accord/consent"
	"accord/providers"
)

func twoParts() Snapshot {
	return Snapshot{Parts: map[string]Part{
		"dss/quotient_familial": {
			Document: json.RawMessage(`{"adresse":{"code_postal":"00000"},"reponses":{"g":{"code":"t2"}},"quotient_familial":{"valeur":742}}`),
			Data:     []string{"qf", "address", "answer"}, Period: "2026-11", Retrieved: time.Unix(1, 0), Source: "cnav",
			Fields: []string{"dss/quotient_familial#adresse.code_postal", "dss/quotient_familial#quotient_familial.valeur", "dss/quotient_familial#reponses.g.code"},
		},
		"dgfip/situation_ir": {Absent: providers.NoFile, Data: []string{"rfr"}, Fields: []string{"dgfip/situation_ir#rfr"}},
	}}
}

func TestASnapshotIsMaskedToWhatIsLeftOfTheAgreement(t *testing.T) {
	whole := twoParts()
	all := []string{"qf", "address", "answer", "rfr"}
	fields := append(whole.Parts["dgfip/situation_ir"].Fields, whole.Parts["dss/quotient_familial"].Fields...)
	same, err := whole.Within(all, fields)
	if got := same.Parts["dss/quotient_familial"]; err != nil || len(same.Parts) != 2 || string(got.Document) != string(whole.Parts["dss/quotient_familial"].Document) {
		t.Fatalf("nothing taken back: %v, %+v", err, same)
	}
	left, err := whole.Within([]string{"qf"}, []string{"dss/quotient_familial#quotient_familial.valeur"})
	if err != nil || len(left.Parts) != 1 {
		t.Fatalf("one datum left: %v, %+v", err, left)
	}
	got := left.Parts["dss/quotient_familial"]
	if string(got.Document) != `{"quotient_familial":{"valeur":742}}` || len(got.Data) != 1 || len(got.Fields) != 1 || got.Period != "2026-11" {
		t.Errorf("one datum left: %s %+v", got.Document, got)
	}
	if len(whole.Parts["dss/quotient_familial"].Data) != 3 {
		t.Error("the snapshot itself was changed")
	}
	if gone, err := whole.Within(nil, nil); err != nil || len(gone.Parts) != 0 {
		t.Errorf("nothing left: %v, %+v", err, gone)
	}
}

func TestBesideAnAnswerNoPeriodOfAValueTakenBackIsLeft(t *testing.T) {
	s := twoParts()
	p := s.Parts["dss/quotient_familial"]
	p.Document = json.RawMessage(strings.ReplaceAll(string(p.Document), "reponses", consent.AnswersMember))
	p.Fields[2] = "dss/quotient_familial#" + consent.AnswersMember + ".g.code"
	s.Parts["dss/quotient_familial"] = p
	left, err := s.Within([]string{"answer"}, p.Fields[2:])
	if got := left.Parts["dss/quotient_familial"]; err != nil || got.Period != "" || strings.Contains(string(got.Document), "742") {
		t.Errorf("%v, %+v", err, got)
	}
}
