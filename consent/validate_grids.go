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

// checkKind checks that a grid is of one kind and holds what it needs. Only a
// table of bands may stand unnamed, as a tariff.
func checkKind(p *problems, path string, datum Datum, g Grid) {
	kinds := 0
	for _, set := range []bool{len(g.Bands) > 0, g.Ages != nil, len(g.AnyOf) > 0} {
		if set {
			kinds++
		}
	}
	switch {
	case kinds != 1:
		p.add(path, "has %d of the keys bands, ages and any_of: write one of them", kinds)
		return
	case g.YesNo():
		p.text(path+".if_yes", g.IfYes, 120)
		p.text(path+".if_no", g.IfNo, 120)
	default:
		checkNoYesNo(p, path, g)
		checkBands(p, path+".bands", g)
	}
	if g.YesNo() && g.Per != "" {
		p.add(path+".per", "goes with bands: remove it")
	}
	if g.Ages != nil {
		checkAges(p, path, g)
	} else if strings.Contains(g.Path, "[]") {
		p.add(path+".path", "%s stands in a list: write a single leaf", quoted([]string{g.Path}))
	}
	if len(g.AnyOf) > 0 {
		checkAnyOf(p, path+".any_of", datum, g.AnyOf)
	}
}

func checkNoYesNo(p *problems, path string, g Grid) {
	if !g.IfYes.empty() || !g.IfNo.empty() {
		p.add(path, "has if_yes or if_no, which go with ages and any_of: remove them, each band has its label")
	}
}

func checkBands(p *problems, path string, g Grid) {
	p.count(path, len(g.Bands), 1, 50)
	answers := g.Answers()
	for i, b := range g.Bands {
		here := fmt.Sprintf("%s[%d]", path, i)
		p.text(here+".label", b.Label, 120)
		if b.Code != "" {
			p.match(here+".code", b.Code, shape(`[A-Za-z0-9_-]{1,16}`), "1 to 16 letters, digits, hyphens and underscores")
		}
		if slices.ContainsFunc(answers[:i], func(a GridAnswer) bool { return a.Code == answers[i].Code }) {
			p.add(here+".code", "%s is the code of a band before: write each once", quoted([]string{answers[i].Code}))
		}
		switch last := i == len(g.Bands)-1; {
		case last && b.Below != nil:
			p.add(here+".below", "stands on the last band: remove it, so that every value falls somewhere")
		case !last && b.Below == nil:
			p.add(here+".below", "is missing: write the first value that falls into the next band")
		case !last && i > 0 && g.Bands[i-1].Below != nil && *b.Below <= *g.Bands[i-1].Below:
			p.add(here+".below", "is not above the band before: write the bands in ascending order")
		}
	}
}

func checkAges(p *problems, path string, g Grid) {
	if g.Ages.From < 0 || g.Ages.To > 120 || g.Ages.From > g.Ages.To {
		p.add(path+".ages", "is %d to %d: write completed years, 0 to 120, the lower one first", g.Ages.From, g.Ages.To)
	}
	last := g.Path[strings.LastIndexByte(g.Path, '.')+1:]
	if last != "date_naissance" && last != "birthdate" {
		p.add(path+".path", "%s is no date of birth: write one", quoted([]string{g.Path}))
	}
}

func checkAnyOf(p *problems, path string, datum Datum, lines []string) {
	p.count(path, len(lines), 1, 50)
	var seen []string
	for i, l := range lines {
		here := fmt.Sprintf("%s[%d]", path, i)
		p.line(here, l, 120)
		plain := plainWords(l)
		switch {
		case slices.Contains(seen, plain):
			p.add(here, "says the same as a line before: remove it")
		case datum.Unit == "address" && (!beginsPostal(plain) || !strings.Contains(plain, " ")):
			p.add(here, "is no commune of an address: write its postal code and its name, as %s", quoted([]string{"00000 Valbrume"}))
		case datum.Unit != "address" && beginsPostal(plain):
			p.add(here, "begins as an address does, and the datum is none: write the text itself")
		}
		seen = append(seen, plain)
	}
}
