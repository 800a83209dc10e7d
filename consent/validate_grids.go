package consent

import (
	"fmt"
	"slices"
	"strings"
)

// checkGrids checks the service provider's tables, and that each datum that
// names one is answered by it.
func checkGrids(p *problems, a *Approval, c *Catalogue) {
	p.count("$.grids", len(a.Grids), 0, 10)
	for i, g := range a.Grids {
		checkGrid(p, a, c, i, g)
	}
	checkAnswered(p, "$.data.required", a, a.Data.Required)
	checkAnswered(p, "$.data.optional", a, a.Data.Optional)
}

func checkGrid(p *problems, a *Approval, c *Catalogue, i int, g Grid) {
	path := fmt.Sprintf("$.grids[%d]", i)
	checkName(p, path+".id", g.ID)
	if slices.ContainsFunc(a.Grids[:i], func(o Grid) bool { return o.ID == g.ID }) {
		p.add(path+".id", "%s is the id of another grid: write another one", quoted([]string{g.ID}))
	}
	datum, known := c.Datum(g.Datum)
	switch {
	case !known || !a.requires(g.Datum) && !a.offers(g.Datum):
		p.add(path+".datum", "%s is not among the data of this approval: write one of them", quoted([]string{g.Datum}))
	case !slices.Contains(datum.Paths, g.Path):
		p.add(path+".path", "%s is no path of %s: write one of %s", quoted([]string{g.Path}), g.Datum, quoted(datum.Paths))
	default:
		checkDivisor(p, path+".per", a, c, datum, g)
	}
	checkKind(p, path, datum, g)
	if own, _ := a.gridOf(g.Datum); own.ID != g.ID && (g.YesNo() || g.Per != "") {
		p.add(path, "answers for no datum, and is no tariff table: write grid: %s on the datum it reads", g.ID)
	}
}

// checkAnswered checks that the grid a datum names is there and is its own.
func checkAnswered(p *problems, list string, a *Approval, data []ApprovedDatum) {
	for i, d := range data {
		if d.Grid == "" {
			continue
		}
		path := fmt.Sprintf("%s[%d].grid", list, i)
		at := slices.IndexFunc(a.Grids, func(g Grid) bool { return g.ID == d.Grid })
		switch {
		case at < 0:
			p.add(path, "%s is no grid of this approval: write its id, or add it under grids", quoted([]string{d.Grid}))
		case a.Grids[at].Datum != d.ID:
			p.add(path, "the grid %s reads %s: write the datum's own grid", d.Grid, quoted([]string{a.Grids[at].Datum}))
		}
	}
}

// checkDivisor checks the leaf to divide by, which may be another datum's of
// the same resource.
func checkDivisor(p *problems, path string, a *Approval, c *Catalogue, datum Datum, g Grid) {
	if g.Per == "" {
		return
	}
	other, ok := c.divisor(datum, g)
	switch {
	case !ok:
		p.add(path, "%s is no leaf of %s: write one by which %s can be divided", quoted([]string{g.Per}), datum.Resource, g.Path)
	case g.Per == g.Path:
		p.add(path, "is the path itself: write another leaf")
	case strings.Contains(g.Per, "[]"):
		p.add(path, "%s stands in a list: write a single leaf", quoted([]string{g.Per}))
	case a.Legal.Act == ConsentGDPR && other.Subject != SubjectSelf:
		p.add(path, "is part of %s, which tells about other persons (%s), for whom the citizen cannot consent", other.ID, other.Subject)
	}
}
