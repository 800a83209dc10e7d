package consent

import (
	"testing"
	"time"
)

func TestWhoIsSurelyYoungerThanTheMinimumAgeIsTooYoung(t *testing.T) {
	day := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		minimum  int
		born     string
		tooYoung bool
	}{
		{0, "2008-11-26", false},
		{0, "2008-11-27", true},
		{0, "1988-03-14", false},
		{16, "2010-11-26", false},
		{16, "2010-11-27", true},
		{0, "2008-12-00", true},
		{0, "2008-11-00", false},
		{0, "2008-00-00", false},
		{0, "2009-00-00", true},
		{0, "", false},
		{0, "2008", false},
		{0, "demain", false},
	} {
		if got := (&Approval{MinimumAge: c.minimum}).TooYoung(c.born, day); got != c.tooYoung {
			t.Errorf("minimum %d, born %s: %v", c.minimum, c.born, got)
		}
	}
}

func TestAMinimumAgeIsOf15To18(t *testing.T) {
	for age, wrong := range map[int]bool{0: false, 14: true, 15: false, 18: false, 19: true, -1: true} {
		var p problems
		if checkMinimumAge(&p, age); len(p.found) > 0 != wrong {
			t.Errorf("%d: %v", age, p.found)
		}
	}
}

func TestTariffsAreTheTablesThatAnswerInNobodysPlace(t *testing.T) {
	a := &Approval{
		Grids: []Grid{{ID: "tarif", Datum: "q"}, {ID: "reponse", Datum: "q"}, {ID: "autre", Datum: "r"}},
		Data:  ApprovedData{Optional: []ApprovedDatum{{ID: "q", Grid: "reponse"}}},
	}
	if got := a.Tariffs("q"); len(got) != 1 || got[0].ID != "tarif" {
		t.Errorf("tariffs of q: %v", got)
	}
}
