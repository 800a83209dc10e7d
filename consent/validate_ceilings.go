package consent

import (
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
