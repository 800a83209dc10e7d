package audit

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Until gives the end of the last whole step before a time: the newest window
// that no later event can change.
func (t *Tally) Until(at time.Time) time.Time { return at.UTC().Truncate(t.step) }

// first is the number of the first step of the window that ends at until.
func (t *Tally) first(until time.Time) int64 {
	return until.Add(-StatisticsWindow).UnixNano() / int64(t.step)
}

// Figures gives the figures of the window that ends at until, a whole step.
func (t *Tally) Figures(until time.Time) Statistics {
	until = t.Until(until)
	s := Statistics{
		Format: StatisticsFormat, Origin: t.origin,
		From: until.Add(-StatisticsWindow).Format(TimeLayout), Until: until.Format(TimeLayout),
	}
	total := t.within(t.first(until), until.UnixNano()/int64(t.step))
	s.Agreements, s.Refusals, s.Withdrawals = Count(total.agreed), Count(total.refused), Count(total.withdrawn)
	s.Days = t.dayFigures(until)
	s.Papers, s.Needless = paperFigures(total.papers)
	s.Sources = sourceFigures(total)
	return s
}

// dayFigures counts the whole days of the window that ends at until. Its first
// and last hours belong to days that are not whole, and show nowhere.
func (t *Tally) dayFigures(until time.Time) []DayFigure {
	const day = 24 * time.Hour
	from := until.Add(-StatisticsWindow)
	first := from.Truncate(day)
	if first.Before(from) {
		first = first.Add(day)
	}
	all := []DayFigure{}
	for at := first; !at.Add(day).After(until); at = at.Add(day) {
		all = append(all, DayFigure{Day: at.Format(time.DateOnly)})
	}
	for n, c := range t.steps {
		at := time.Unix(0, n*int64(t.step))
		i := int(at.Sub(first) / day)
		if at.Before(first) || i >= len(all) {
			continue
		}
		for _, papers := range c.papers {
			all[i].Papers += Count(papers)
		}
	}
	for i := range all {
		all[i].Papers -= all[i].Papers % FewestCounted
	}
	return all
}

// within adds up the steps of [first, end).
func (t *Tally) within(first, end int64) *counts {
	sum := NewTally("", t.step).at(0)
	for n, c := range t.steps {
		if n < first || n >= end {
			continue
		}
		sum.agreed, sum.refused, sum.withdrawn = sum.agreed+c.agreed, sum.refused+c.refused, sum.withdrawn+c.withdrawn
		addAll(sum.papers, c.papers)
		addAll(sum.attempts, c.attempts)
		addAll(sum.answered, c.answered)
		for source, millis := range c.millis {
			if sum.millis[source] == nil {
				sum.millis[source] = map[int64]int64{}
			}
			addAll(sum.millis[source], millis)
		}
	}
	return sum
}

func addAll[K comparable](sum, more map[K]int64) {
	for k, n := range more {
		sum[k] += n
	}
}

// paperFigures tells the kinds that may be told; what is told in all is their
// sum, so that no difference tells a small one.
func paperFigures(papers map[string]int64) (all []PaperFigure, sum Count) {
	all = []PaperFigure{}
	for kind, n := range papers {
		if Count(n).Told() {
			all = append(all, PaperFigure{kind, n})
			sum += Count(n)
		}
	}
	slices.SortFunc(all, func(a, b PaperFigure) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind))
	})
	return all, sum
}

func sourceFigures(c *counts) []SourceFigure {
	all := []SourceFigure{}
	for _, source := range slices.Sorted(maps.Keys(c.attempts)) {
		if n := c.attempts[source]; Count(n).Told() {
			all = append(all, SourceFigure{source, n, int(1000 * c.answered[source] / n), percentile95(c.millis[source])})
		}
	}
	return all
}

// percentile95 is the smallest duration that 95 % of the answers did not
// exceed; 0 without an answer.
func percentile95(millis map[int64]int64) int64 {
	var answers int64
	for _, n := range millis {
		answers += n
	}
	rank := (answers*95 + 99) / 100
	for _, ms := range slices.Sorted(maps.Keys(millis)) {
		if rank -= millis[ms]; rank <= 0 {
			return ms
		}
	}
	return 0
}
