package audit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// A counted log hands its events to a tally, each in its own leaf.
type counted struct {
	*Tally
	next int64
}

func (c *counted) add(at time.Time, kind Kind, e Event) int64 {
	e.Time = at.UTC().Format(TimeLayout)
	c.Add(c.next, kind, &e)
	c.next++
	return c.next - 1
}

func (c *counted) asked(at time.Time, source, outcome string, millis int64) {
	index := c.add(at, SourceQueried, Event{Source: source})
	if outcome != "" {
		c.add(at.Add(time.Second), SourceAnswered, Event{Queried: &index, Outcome: outcome, Millis: millis})
	}
}

func (c *counted) delivered(at time.Time, snapshot string, resources ...string) {
	var fields []string
	for _, r := range resources {
		fields = append(fields, r+"#a", r+"#b.c")
	}
	c.add(at, ReleaseCompleted, Event{Snapshot: snapshot, Fields: fields})
}

func TestAPaperIsCountedOnceHoweverOftenItIsRead(t *testing.T) {
	c := &counted{Tally: NewTally("x/log/1", time.Hour)}
	for n := range 6 {
		at := noon.Add(-time.Duration(n+1) * time.Hour)
		c.delivered(at, fmt.Sprint(n), "dss/quotient_familial")
		c.delivered(at.Add(61*time.Minute), fmt.Sprint(n), "dss/quotient_familial") // in the next step
	}
	c.delivered(noon.Add(-time.Hour), "none") // an absence delivers no field
	s := c.Figures(noon)
	if len(s.Papers) != 1 || s.Papers[0].Count != 6 || s.Needless != 6 {
		t.Errorf("%+v", s.Papers)
	}
}

func TestASmallCountIsToldNowhere(t *testing.T) {
	c := &counted{Tally: NewTally("x/log/1", time.Hour)}
	at := noon.Add(-2 * time.Hour)
	for n := range 7 {
		c.delivered(at, fmt.Sprint(n), "dss/quotient_familial")
		c.add(at, ConsentRefused, Event{})
	}
	for n := range 4 {
		c.delivered(at, fmt.Sprint(n), "dss/allocation_adulte_handicape")
		c.add(at, ConsentWithdrawn, Event{})
		c.asked(at, "dsnj", "found", 10)
	}
	out, err := json.Marshal(c.Figures(noon))
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{"handicape", "dsnj", ":4", ":11"} {
		if strings.Contains(string(out), hidden) {
			t.Errorf("%s is told: %s", hidden, out)
		}
	}
	for _, told := range []string{`"papers_in_all":7`, `"refusals":7`, `"withdrawals":null`} {
		if !strings.Contains(string(out), told) {
			t.Errorf("%s is not told: %s", told, out)
		}
	}
}

func TestTheWindowHoldsThirtyDaysAndNoMore(t *testing.T) {
	c := &counted{Tally: NewTally("x/log/1", time.Hour)}
	first := noon.Add(-StatisticsWindow)
	for range 5 {
		for _, at := range []time.Time{first.Add(-time.Millisecond), first, noon.Add(-time.Millisecond), noon} {
			c.add(at, ConsentGranted, Event{})
		}
	}
	if s := c.Figures(noon.Add(59 * time.Minute)); s.Agreements != 10 || s.Until != "2026-11-26T12:00:00.000Z" || s.From != "2026-10-27T12:00:00.000Z" {
		t.Errorf("%+v", s)
	}
	c.Forget(noon)
	if s := c.Figures(noon); s.Agreements != 10 {
		t.Errorf("after forgetting: %+v", s)
	}
}

func TestAvailabilityCountsAttemptsWithoutAnswer(t *testing.T) {
	c := &counted{Tally: NewTally("x/log/1", time.Hour)}
	at := noon.Add(-2 * time.Hour)
	for n := range 97 {
		c.asked(at, "cnav", "found", int64(n+1))
	}
	c.asked(at, "cnav", "no_file", 5000)
	c.asked(at, "cnav", "unavailable", 10_000)
	c.asked(at, "cnav", "", 0)                                          // the process ended
	c.asked(at.Add(119*time.Minute+59*time.Second), "cnav", "found", 7) // answered in the next step, counted in its own
	got := c.Figures(noon).Sources
	if len(got) != 1 || got[0] != (SourceFigure{"cnav", 101, 980, 94}) {
		t.Errorf("%+v", got)
	}
}

func TestForgettingKeepsNothingOfThePast(t *testing.T) {
	c := &counted{Tally: NewTally("x/log/1", time.Hour)}
	for n := range 50 {
		c.delivered(noon, fmt.Sprint(n), "dss/quotient_familial")
		c.asked(noon, "cnav", "", 0)
	}
	c.Forget(noon.Add(StatisticsWindow + 2*time.Hour))
	if len(c.steps)+len(c.seen)+len(c.Tally.asked) != 0 {
		t.Errorf("%d steps, %d papers, %d attempts are kept", len(c.steps), len(c.seen), len(c.Tally.asked))
	}
}

// TestADaysCountTellsNoSmallOne: whole days alone are counted, rounded down, so
// that neither a day nor what is told in all less the days tells of fewer than
// five.
func TestADaysCountTellsNoSmallOne(t *testing.T) {
	coarse, fine := &counted{Tally: NewTally("x/log/1", time.Hour)}, &counted{Tally: NewTally("x/log/1", time.Millisecond)}
	days := map[string]int{"2026-11-25": 9, "2026-11-24": 4, "2026-11-23": 10, "2026-10-28": 5, "2026-10-27": 8, "2026-11-26": 7}
	for day, n := range days {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			for _, c := range []*counted{coarse, fine} {
				c.delivered(at.Add(time.Duration(i)*time.Hour+30*time.Minute), fmt.Sprint(day, i), "dss/quotient_familial")
			}
		}
	}
	s := coarse.Figures(noon)
	told := map[string]Count{}
	for _, d := range s.Days {
		told[d.Day] = d.Papers
	}
	want := map[string]Count{"2026-11-25": 5, "2026-11-24": 0, "2026-11-23": 10, "2026-10-28": 5}
	for day, n := range want {
		if told[day] != n {
			t.Errorf("%s: %d, want %d", day, told[day], n)
		}
	}
	if _, first := told["2026-10-27"]; first || len(s.Days) != 29 || s.Days[28].Day != "2026-11-25" {
		t.Errorf("days that are not whole: %+v", s.Days)
	}
	var masked int64
	for _, d := range s.Days {
		if d.Papers.Told() {
			masked += int64(d.Papers)
		}
	}
	if left := int64(s.Needless) - masked; left < FewestCounted {
		t.Errorf("the days leave %d of %d", left, s.Needless)
	}
	one, _ := json.Marshal(s.Days)
	other, _ := json.Marshal(fine.Figures(noon).Days)
	if string(one) != string(other) || !strings.Contains(string(one), `{"day":"2026-11-24","papers":null}`) {
		t.Errorf("counted by the hour %s\nby the millisecond %s", one, other)
	}
}
