package consent

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// narrows says how an answer of g and one of o, known together, tell more than
// each alone, or nothing when they do not.
func (g Grid) narrows(o Grid, where string) string {
	switch {
	case !g.tells() || !o.tells() || !g.overlaps(o):
		return ""
	case g.measure() != o.measure() || g.kind() != o.kind():
		return fmt.Sprintf("grids %s and %s of %s read %s in two ways (%s, %s): both answers together narrow what it can be: use one grid", g.ID, o.ID, where, shared(g, o), g.measure(), o.measure())
	case g.Ages != nil:
		return g.narrowsAges(o, where)
	case len(g.AnyOf) > 0:
		return g.narrowsTexts(o, where)
	}
	return g.narrowsBands(o, where)
}

// overlaps tells whether what one answers for is read by the other.
func (g Grid) overlaps(o Grid) bool {
	return g.Path == o.Path || g.Path == o.Per || g.Per == o.Path
}

func shared(g, o Grid) string {
	if g.Path == o.Per {
		return g.Path
	}
	return o.Path
}

func (g Grid) measure() string {
	if g.Per == "" {
		return g.Path
	}
	return g.Path + " per " + g.Per
}

func (g Grid) kind() string {
	switch {
	case g.Ages != nil:
		return "ages"
	case len(g.AnyOf) > 0:
		return "any_of"
	}
	return "bands"
}

// narrowsBands finds a bound of one that lies within a band of the other.
func (g Grid) narrowsBands(o Grid, where string) string {
	bounds, others := g.bounds(), o.bounds()
	for _, b := range others {
		if !slices.Contains(bounds, b) {
			return g.cut(o, b, where)
		}
	}
	for _, b := range bounds {
		if !slices.Contains(others, b) {
			return g.cut(o, b, where)
		}
	}
	return ""
}

// cut names the two bands that overlap just below a bound only one of them has,
// and what both together leave.
func (g Grid) cut(o Grid, bound int64, where string) string {
	mine, theirs := g.bandBelow(bound), o.bandBelow(bound)
	both := interval{low: later(mine.low, theirs.low), high: &bound}
	return fmt.Sprintf("band %s of grid %s (%s) and band %s of %s in %s (%s) together tell %s: cut the same bands in both", mine.code, g.ID, mine, theirs.code, o.ID, where, theirs, both)
}

func (g Grid) bounds() []int64 {
	var all []int64
	for _, b := range g.Bands {
		if b.Below != nil {
			all = append(all, *b.Below)
		}
	}
	return all
}

// An interval is a band's: from low on, below high; nil has no end.
type interval struct {
	code      string
	low, high *int64
}

func (i interval) String() string {
	switch {
	case i.low == nil && i.high == nil:
		return "any value"
	case i.low == nil:
		return "below " + strconv.FormatInt(*i.high, 10)
	case i.high == nil:
		return strconv.FormatInt(*i.low, 10) + " and above"
	}
	return fmt.Sprintf("%d to below %d", *i.low, *i.high)
}

// bandBelow finds the band of the values just below a bound.
func (g Grid) bandBelow(bound int64) interval {
	var low *int64
	answers := g.Answers()
	for i, b := range g.Bands {
		if b.Below == nil || bound <= *b.Below {
			return interval{answers[i].Code, low, b.Below}
		}
		low = b.Below
	}
	return interval{low: low}
}

// later is the higher of two lower ends; nil has no end.
func later(a, b *int64) *int64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

// narrowsAges: two ranges are the same, or one answer narrows the other.
func (g Grid) narrowsAges(o Grid, where string) string {
	if *g.Ages == *o.Ages {
		return ""
	}
	return fmt.Sprintf("grid %s asks for somebody aged %d to %d and %s in %s for %d to %d: %s: ask the same ages in both",
		g.ID, g.Ages.From, g.Ages.To, o.ID, where, o.Ages.From, o.Ages.To, g.Ages.witness(*o.Ages))
}

// witness gives two answers and what they tell together.
func (a Ages) witness(o Ages) string {
	if a.To < o.From || o.To < a.From {
		return fmt.Sprintf("%s to both tells that nobody is of either", CodeNo)
	}
	in, out := a, o
	if o.From <= a.From && a.To <= o.To {
		in, out = o, a
	}
	var left []string
	if in.From < out.From {
		left = append(left, fmt.Sprintf("%d to %d", in.From, out.From-1))
	}
	if out.To < in.To {
		left = append(left, fmt.Sprintf("%d to %d", out.To+1, in.To))
	}
	return fmt.Sprintf("%s to %d to %d and %s to %d to %d together tell that somebody is %s", CodeYes, in.From, in.To, CodeNo, out.From, out.To, strings.Join(left, " or "))
}

// narrowsTexts: both lists hold the same lines, or one tells them apart.
func (g Grid) narrowsTexts(o Grid, where string) string {
	for _, w := range []struct {
		has, lacks Grid
	}{{g, o}, {o, g}} {
		for _, line := range w.has.AnyOf {
			if !slices.ContainsFunc(w.lacks.AnyOf, func(s string) bool { return plainWords(s) == plainWords(line) }) {
				return fmt.Sprintf("%s to grid %s and %s to %s (of %s and this approval) together tell %s: list the same lines in both",
					CodeYes, w.has.ID, CodeNo, w.lacks.ID, where, quoted([]string{line}))
			}
		}
	}
	return ""
}
