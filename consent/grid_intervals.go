package consent

import (
	"fmt"
	"slices"
	"strconv"
)

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
