package audit

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"
)

// StatisticsFormat is the member format of every Statistics.
const StatisticsFormat = "accord-stats@1"

// The public figures speak of thirty times twenty-four hours, and never tell a
// count below FewestCounted: a small one would tell of somebody.
const (
	StatisticsWindow = 30 * 24 * time.Hour
	FewestCounted    = 5
)

// Statistics are the public figures of one log over one window: what /stats
// answers, and what accord-verify stats derives again from the log alone.
type Statistics struct {
	Format      string         `json:"format"` // StatisticsFormat
	Origin      string         `json:"origin"` // of the log
	From        string         `json:"from"`   // first instant counted, TimeLayout
	Until       string         `json:"until"`  // first instant no longer counted
	Days        []DayFigure    `json:"days"`   // every whole day of the window, oldest first
	Papers      []PaperFigure  `json:"papers"` // made needless, by kind, most first; kinds below FewestCounted are left out
	Needless    Count          `json:"papers_in_all"`
	Agreements  Count          `json:"agreements"`
	Refusals    Count          `json:"refusals"`
	Withdrawals Count          `json:"withdrawals"`
	Sources     []SourceFigure `json:"sources"` // by id; those asked less than FewestCounted times are left out
}

// A PaperFigure counts the papers of one kind that nobody had to bring: one for
// each snapshot of which the resource was delivered, however often it was read.
type PaperFigure struct {
	Kind  string `json:"kind"` // release resource: dss/quotient_familial …
	Count int64  `json:"count"`
}

// A DayFigure counts the papers of one day, midnight to midnight UTC, rounded
// down to a multiple of FewestCounted: what is told in all, less what is told
// of the days, then tells of no day that is not told, and of no hour.
type DayFigure struct {
	Day    string `json:"day"` // YYYY-MM-DD
	Papers Count  `json:"papers"`
}

// A SourceFigure is how one source answered the attempts made in the window.
type SourceFigure struct {
	Source    string `json:"source"`
	Attempts  int64  `json:"attempts"`
	Available int    `json:"available"` // attempts that got an answer, whichever, in tenths of a percent, rounded down
	P95       int64  `json:"p95_ms"`    // 95th percentile of the answers' duration, nearest rank
}

// A Count is a number that is told from FewestCounted on; below, JSON has null.
type Count int64

// Told says whether the number may be told.
func (c Count) Told() bool { return c >= FewestCounted }

// MarshalJSON masks a small count.
func (c Count) MarshalJSON() ([]byte, error) {
	if !c.Told() {
		return []byte("null"), nil
	}
	return fmt.Appendf(nil, "%d", int64(c)), nil
}

// A Tally counts events as they come, in steps of time, so that a window can
// slide over them. It holds no pseudonym: of what must be counted once it keeps
// 16 bytes of a hash. It is not safe for concurrent use.
type Tally struct {
	origin string
	step   time.Duration
	steps  map[int64]*counts // by the step's number since 1970
	seen   map[[16]byte]int64
	asked  map[int64]attempt // attempts without an answer yet, by leaf index
}

// counts are those of one step.
type counts struct {
	papers                     map[string]int64
	agreed, refused, withdrawn int64
	attempts, answered         map[string]int64
	millis                     map[string]map[int64]int64 // durations of answers, by source
	seen                       [][16]byte
}

type attempt struct {
	source string
	step   int64
}

// NewTally starts counting the log of an origin. Windows end at whole steps.
func NewTally(origin string, step time.Duration) *Tally {
	return &Tally{origin: origin, step: step, steps: map[int64]*counts{}, seen: map[[16]byte]int64{}, asked: map[int64]attempt{}}
}

// Add counts the event of one leaf; those of an erased leaf (nil) and of other
// kinds count for nothing. Leaves come in order.
func (t *Tally) Add(index int64, kind Kind, e *Event) {
	if e == nil {
		return
	}
	at, err := time.Parse(TimeLayout, e.Time)
	if err != nil {
		return
	}
	n := at.UnixNano() / int64(t.step)
	switch kind {
	case ConsentGranted:
		t.at(n).agreed++
	case ConsentRefused:
		t.at(n).refused++
	case ConsentWithdrawn:
		t.at(n).withdrawn++
	case ReleaseCompleted:
		t.delivered(n, e)
	case SourceQueried:
		t.at(n).attempts[e.Source]++
		t.asked[index] = attempt{e.Source, n}
	case SourceAnswered:
		t.answer(e)
	}
}

// delivered counts each resource of a snapshot once, at its first delivery.
func (t *Tally) delivered(n int64, e *Event) {
	for _, resource := range resourcesOf(e.Fields) {
		sum := sha256.Sum256([]byte(e.Snapshot + "\x00" + resource))
		key := [16]byte(sum[:16])
		if _, again := t.seen[key]; again {
			continue
		}
		t.seen[key] = n
		c := t.at(n)
		c.papers[resource]++
		c.seen = append(c.seen, key)
	}
}

// answer belongs to the step of its attempt. One whose source was not
// available counts as no answer.
func (t *Tally) answer(e *Event) {
	if e.Queried == nil {
		return
	}
	asked, known := t.asked[*e.Queried]
	delete(t.asked, *e.Queried)
	if !known || e.Outcome == unavailable {
		return
	}
	c := t.at(asked.step)
	c.answered[asked.source]++
	if c.millis[asked.source] == nil {
		c.millis[asked.source] = map[int64]int64{}
	}
	c.millis[asked.source][e.Millis]++
}

// unavailable is providers.Unavailable, as events write it.
const unavailable = "unavailable"

// resourcesOf lists the resources of fields "<resource>#<path>", each once.
func resourcesOf(fields []string) []string {
	var all []string
	for _, f := range fields {
		if resource, _, ok := strings.Cut(f, "#"); ok {
			all = append(all, resource)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (t *Tally) at(n int64) *counts {
	c, ok := t.steps[n]
	if !ok {
		c = &counts{papers: map[string]int64{}, attempts: map[string]int64{}, answered: map[string]int64{}, millis: map[string]map[int64]int64{}}
		t.steps[n] = c
	}
	return c
}

// Forget drops what no window that ends at until or later can hold.
func (t *Tally) Forget(until time.Time) {
	first := t.first(until)
	for n, c := range t.steps {
		if n < first {
			for _, key := range c.seen {
				delete(t.seen, key)
			}
			delete(t.steps, n)
		}
	}
	for index, a := range t.asked {
		if a.step < first {
			delete(t.asked, index)
		}
	}
}
