package ui

import (
	"strings"
	"testing"
)

// Each event of a timeline leads to its entry of the log where the log has
// pages; what stands in no log leads nowhere.
func TestTheTimelineLeadsToItsProofsWhereTheLogIsShown(t *testing.T) {
	page := AccordDetail{Accord: accord(), Events: []Event{
		{Kind: "release.completed", At: at(14, 33), Index: 43}, {Kind: KindExpired, At: at(14, 43), Computed: true},
	}}
	for _, shown := range []bool{false, true} {
		o := Options{}
		if shown {
			o.Standing = []string{"/journal"}
		}
		u, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		body := render(t, u, "fr", page).Body.String()
		if got := strings.Count(body, `href="/journal/`); (got == 1) != shown || shown && !strings.Contains(body, `href="/journal/43"`) {
			t.Errorf("log shown %v: %d links", shown, got)
		}
	}
}
