package state

import (
	"testing"
	"time"
)

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func board() (*Board, *clock) {
	c := &clock{time.Date(2026, 11, 26, 9, 2, 0, 0, time.UTC)}
	return NewBoard(time.Minute, c.now), c
}

// saw makes attempts, a minute apart.
func (c *clock) saw(b *Board, answers ...bool) {
	for _, answered := range answers {
		b.Saw("cnav", answered)
		c.at = c.at.Add(time.Minute)
	}
}

func TestASourceStandsAsItsLatestAttemptsWent(t *testing.T) {
	for name, c := range map[string]struct {
		answers []bool
		want    Condition
	}{
		"never asked":     {nil, NotAsked},
		"answered":        {[]bool{true, true}, Available},
		"one failure":     {[]bool{true, false}, Disturbed},
		"two failures":    {[]bool{true, false, false}, Disturbed},
		"three in a row":  {[]bool{true, false, false, false}, Unavailable},
		"only failures":   {[]bool{false, false, false}, Unavailable},
		"answering again": {[]bool{false, false, false, true}, Disturbed},
	} {
		b, time := board()
		time.saw(b, c.answers...)
		if got := b.Of("cnav"); got.Condition != c.want {
			t.Errorf("%s: %+v", name, got)
		}
		if got := b.Of("dgfip"); got.Condition != NotAsked {
			t.Errorf("%s: another source is %+v", name, got)
		}
	}
}

func TestWhatIsOldIsForgotten(t *testing.T) {
	b, c := board()
	c.saw(b, false, false, false)
	c.at = c.at.Add(Window)
	if got := b.Of("cnav"); got.Condition != NotAsked {
		t.Errorf("%+v", got)
	}
	for range 10 * mostOf {
		b.Saw("cnav", true)
	}
	if n := len(b.seen["cnav"]); n != mostOf {
		t.Errorf("%d attempts kept", n)
	}
}

// TestTheStateTellsNobodysMoment: an attempt does not show before its minute is
// over, nor when it was, to less than five minutes.
func TestTheStateTellsNobodysMoment(t *testing.T) {
	b, c := board()
	c.at = c.at.Add(7*time.Minute + 13*time.Second) // 09:09:13
	b.Saw("cnav", false)
	c.at = c.at.Add(40 * time.Second)
	if got := b.Of("cnav"); got.Condition != NotAsked {
		t.Errorf("told in the same minute: %+v", got)
	}
	c.at = c.at.Add(10 * time.Second)
	got := b.Of("cnav")
	if want := time.Date(2026, 11, 26, 9, 5, 0, 0, time.UTC); got.Condition != Disturbed || !got.Since.Equal(want) {
		t.Errorf("%+v, want disturbed since %s", got, want)
	}
}
