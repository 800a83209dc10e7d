package consent

import (
	"fmt"
	"maps"
	"slices"
)

func checkCeilings(p *problems, c Ceilings) {
	switch c.Mode {
	case "once":
	case "repeated":
		p.add("$.ceilings.mode", "repeated is not available in this version: write once")
		return
	default:
		p.add("$.ceilings.mode", "%s is no mode: write once", quoted([]string{c.Mode}))
		return
	}
	if c.Fetches != 1 {
		p.add("$.ceilings.fetches", "is %d: with mode once, write 1", c.Fetches)
	}
	if c.Duration != "" {
		p.add("$.ceilings.duration", "goes with mode repeated: remove it")
	}
}

// checkGrids checks the service provider's tables.
func checkGrids(p *problems, a *Approval, c *Catalogue) {
	p.count("$.grids", len(a.Grids), 0, 10)
	for i, g := range a.Grids {
		path := fmt.Sprintf("$.grids[%d]", i)
		checkName(p, path+".id", g.ID)
		datum, known := c.Datum(g.Datum)
		switch {
		case !known || !a.requires(g.Datum) && !a.offers(g.Datum):
			p.add(path+".datum", "%s is not among the data of this approval: write one of them", quoted([]string{g.Datum}))
		case !slices.Contains(datum.Paths, g.Path):
			p.add(path+".path", "%s is no path of %s: write one of %s", quoted([]string{g.Path}), g.Datum, quoted(datum.Paths))
		}
		checkBands(p, path+".bands", g.Bands)
	}
}

func checkBands(p *problems, path string, bands []Band) {
	p.count(path, len(bands), 1, 50)
	for i, b := range bands {
		here := fmt.Sprintf("%s[%d]", path, i)
		p.text(here+".label", b.Label, 120)
		switch last := i == len(bands)-1; {
		case last && b.Below != nil:
			p.add(here+".below", "stands on the last band: remove it, so that every value falls somewhere")
		case !last && b.Below == nil:
			p.add(here+".below", "is missing: write the first value that falls into the next band")
		case !last && i > 0 && bands[i-1].Below != nil && *b.Below <= *bands[i-1].Below:
			p.add(here+".below", "is not above the band before: write the bands in ascending order")
		}
	}
}

// checkSources checks the names that lead into the broker's configuration;
// whether they stand there is the loader's matter.
func checkSources(p *problems, a *Approval, c *Catalogue) {
	used := Sources(a.data(c))
	for _, source := range slices.Sorted(maps.Keys(a.Credentials)) {
		path := "$.credentials." + source
		if !slices.Contains(used, source) {
			p.add("$.credentials", "%s is no source of this approval's data: remove it", quoted([]string{source}))
			continue
		}
		checkName(p, path, a.Credentials[source])
	}
	if a.FranceConnect != "" {
		checkName(p, "$.franceconnect", a.FranceConnect)
	}
}
