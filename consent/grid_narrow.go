package consent

import (
	"fmt"
	"slices"
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
