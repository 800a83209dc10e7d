package consent

import (
	"encoding/json"
	"strings"
	"testing"
)

// The preview of any approval has something to show for every datum: masked by
// its own paths, the example keeps each of them.
func TestEveryDatumHasAnExampleAtEachOfItsPaths(t *testing.T) {
	for _, d := range DefaultCatalogue().Data() {
		doc, err := Example([]Datum{d})
		if err != nil {
			t.Fatal(err)
		}
		masked, err := Mask(doc, d.Paths)
		if err != nil || string(masked) != string(doc) {
			t.Errorf("%s: masked to %s of %s, %v", d.ID, masked, doc, err)
		}
		for _, p := range d.Paths {
			if leaf := strings.TrimRight(p[strings.LastIndexByte(p, '.')+1:], "[]"); !strings.Contains(string(doc), `"`+leaf+`":`) {
				t.Errorf("%s: the example lacks %s", d.ID, p)
			}
		}
		var whole map[string]any
		if err := json.Unmarshal(doc, &whole); err != nil || len(whole) == 0 {
			t.Errorf("%s: %s", d.ID, doc)
		}
	}
}

func TestDaysLeftCountTheLastDay(t *testing.T) {
	a := &Approval{Dates: Dates{From: "2026-01-01", Until: "2026-12-31"}}
	_, until := a.Term()
	for left, notice := range map[int]int{1: LastNotice, LastNotice: LastNotice, LastNotice + 1: FirstNotice, FirstNotice: FirstNotice, FirstNotice + 1: 0, 0: 0, -3: 0} {
		at := until.AddDate(0, 0, -left)
		if got := a.DaysLeft(at); got != left {
			t.Errorf("%s: %d days left, want %d", at, got, left)
		}
		if got := a.EndNotice(at); got != notice {
			t.Errorf("%d days left: notice %d, want %d", left, got, notice)
		}
	}
	if a.DaysLeft(until.Add(-1)) != 1 || a.DaysLeft(until) != 0 {
		t.Error("the last instant is not the last day's")
	}
}
