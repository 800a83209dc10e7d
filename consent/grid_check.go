package consent

import (
	"fmt"
	"slices"
)

// A Conflict is a mistake that two data make together: an answer of one
// approval, and what the same recipient may have beside it.
type Conflict struct {
	Approval string // id of the approval at fault, the later one in the list
	Problem
}

// CheckGrids refuses what would let one recipient (a SIRET, over all its
// approvals) learn more than the answers its approvals fix: the value itself of
// a leaf that a grid reads, at the same source, or two grids over one leaf that
// part the values otherwise, so that both answers together are narrower than
// either. The same grid may stand in any number of approvals. Approvals whose
// dates never overlap are not held against each other: a new year's tariff
// replaces the old one's. What is told to different recipients is not joined.
func CheckGrids(approvals []*Approval, c *Catalogue) []Conflict {
	var found []Conflict
	views := viewsOf(approvals, c)
	for i, v := range views {
		for _, earlier := range views[:i] {
			if !v.meets(earlier) {
				continue
			}
			if message := v.against(earlier); message != "" {
				found = append(found, Conflict{v.approval.ID, Problem{v.path, message}})
			}
		}
	}
	return found
}

// A view is one datum as a recipient may have it: its value, or an answer.
type view struct {
	approval *Approval
	path     string // of the datum in the approval, as "$.data.required[0]"
	datum    Datum
}

func viewsOf(approvals []*Approval, c *Catalogue) []view {
	var views []view
	for _, a := range approvals {
		for _, list := range []struct {
			path string
			data []ApprovedDatum
		}{{"$.data.required", a.Data.Required}, {"$.data.optional", a.Data.Optional}} {
			for i, d := range list.data {
				if entry, ok := c.Datum(d.ID); ok {
					views = append(views, view{a, fmt.Sprintf("%s[%d]", list.path, i), a.As(entry, c)})
				}
			}
		}
	}
	return views
}

// meets tells whether one recipient may have both in one time.
func (v view) meets(o view) bool {
	from, until := v.approval.Term()
	otherFrom, otherUntil := o.approval.Term()
	return v.approval.ServiceProvider.SIRET == o.approval.ServiceProvider.SIRET && v.datum.Source == o.datum.Source &&
		from.Before(otherUntil) && otherFrom.Before(until)
}

// against says what v and o give away together, or nothing. The leaves of one
// source are compared by their paths alone: its resources tell the same file.
func (v view) against(o view) string {
	g, other := v.datum.Answered, o.datum.Answered
	switch {
	case g != nil && other != nil:
		return g.Grid.narrows(other.Grid, o.named())
	case g != nil && slices.Contains(o.datum.Paths, g.Grid.Path) && g.Grid.tells():
		return fmt.Sprintf("grid %s answers for %s, and %s sends its very value to the same recipient: let a grid answer there too, or remove one", g.Grid.ID, g.Grid.Path, o.named())
	case other != nil && slices.Contains(v.datum.Paths, other.Grid.Path) && other.Grid.tells():
		return fmt.Sprintf("would send the value of %s, for which grid %s answers in %s to the same recipient: let that grid answer here too, or remove one", other.Grid.Path, other.Grid.ID, o.named())
	}
	return ""
}

func (v view) named() string { return v.approval.ID + " (" + v.path + ", " + v.datum.ID + ")" }

// tells is false of a grid with a single answer, which no other can narrow.
func (g Grid) tells() bool { return len(g.Answers()) > 1 }
