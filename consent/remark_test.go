package consent

import (
	"slices"
	"strings"
	"testing"
)

// remarked is an approval without remarks, changed.
func remarked(change func(*Approval)) []string {
	a := &Approval{
		Purpose:        Purpose{ID: "carte", Text: Text{FR: "Vérifier que vous êtes étudiant pour établir votre carte de transport.", EN: "To check that you are a student."}},
		Simplification: Text{FR: "Certificat de scolarité", EN: "School certificate"},
		Legal:          Legal{Act: AccordPublicTask, Texts: []string{"CRPA:L114-8", "Délibération n° 7"}}, Retention: Retention{Period: "P1Y"},
		Refusal: RefusalPath{OtherPath: Text{FR: "Présentez un certificat au guichet."}},
		Data:    ApprovedData{Required: []ApprovedDatum{{ID: "family_name"}}},
	}
	change(a)
	var ids []string
	for _, r := range Remarks(a, DefaultCatalogue()) {
		ids = append(ids, r.ID)
	}
	return ids
}

func asks(ids ...string) func(*Approval) {
	return func(a *Approval) {
		a.Data.Required = nil
		for _, id := range ids {
			a.Data.Required = append(a.Data.Required, ApprovedDatum{ID: id})
		}
	}
}

func tariff(ids ...string) func(*Approval) {
	return func(a *Approval) {
		asks(ids...)(a)
		a.Purpose.Text.FR = "Calculer le tarif de la cantine selon votre quotient familial."
	}
}

func TestAClearAndSparingApprovalHasNoRemark(t *testing.T) {
	if found := remarked(func(*Approval) {}); len(found) > 0 {
		t.Errorf("remarked %v", found)
	}
}

func TestEachRemarkIsMadeOfWhatItSays(t *testing.T) {
	cases := map[string]func(*Approval){
		"many_data":              tariff("family_name", "given_name", "birthdate", "gender"),
		"several_incomes":        asks("cnaf_quotient_familial", "dgfip_rfr"),
		"full_address":           asks("cnaf_adresse"),
		"others_civil_status":    asks("cnaf_enfants"),
		"band":                   tariff("cnaf_quotient_familial"),
		"sensitive_without_text": func(a *Approval) { asks(special())(a); a.Legal.Texts = []string{"CRPA, art. L.114-8"} },
		"purpose_short":          func(a *Approval) { a.Purpose.Text.FR = "Calculer votre aide." },
		"purpose_generic":        func(a *Approval) { a.Purpose.Text.FR = "Améliorer la relation de la commune avec ses usagers." },
		"purpose_no_verb":        func(a *Approval) { a.Purpose.Text.FR = "Relation de la commune avec les usagers du service." },
		"no_simplification":      func(a *Approval) { a.Simplification = Text{} },
		"retention_long":         func(a *Approval) { tariff("family_name")(a); a.Retention.Period = "P2Y" },
		"other_path":             func(a *Approval) { a.Refusal.OtherPath.FR = "Contactez le service." },
		"automated_decision":     func(a *Approval) { a.AutomatedDecision = true },
		"text_general":           func(a *Approval) { a.Legal.Texts = []string{"CRPA:L114-8"} },
	}
	for _, id := range RemarkIDs() {
		change, ok := cases[id]
		if !ok {
			t.Errorf("%s is not tried", id)
			continue
		}
		if found := remarked(change); !slices.Contains(found, id) {
			t.Errorf("%s is not remarked, but %v", id, found)
		}
	}
}

// special is a datum of a special category.
func special() string {
	for _, d := range DefaultCatalogue().Data() {
		if d.Special {
			return d.ID
		}
	}
	return ""
}

func TestARemarkSaysWhyAndWhatToWriteInBothLanguages(t *testing.T) {
	words := remarkWords()
	if len(words) != len(RemarkIDs()) {
		t.Errorf("%d remarks have words, %d are listed", len(words), len(RemarkIDs()))
	}
	for id, w := range words {
		for _, said := range []string{w.reason.FR, w.reason.EN, w.write.FR, w.write.EN} {
			if said == "" || strings.Count(w.reason.FR, "%") != strings.Count(w.reason.EN, "%") {
				t.Errorf("%s lacks a sentence", id)
			}
		}
	}
	a := &Approval{}
	for _, r := range Remarks(a, DefaultCatalogue()) { // whatever the file held
		if strings.Contains(r.Reason.FR+r.Reason.EN, "%!") {
			t.Errorf("%s: %s", r.ID, r.Reason.FR)
		}
	}
}

func TestRetentionIsCountedInDays(t *testing.T) {
	for period, days := range map[string]int{"P1Y": 365, "P6M": 180, "P2W": 14, "P30D": 30, "P1Y6M": 545, "": 0, "PT1H": 0} {
		if got := daysOf(period); got != days {
			t.Errorf("%q is %d days, want %d", period, got, days)
		}
	}
}
