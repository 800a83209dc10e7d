package consent

import (
	"fmt"
	"slices"
	"strings"
)

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
