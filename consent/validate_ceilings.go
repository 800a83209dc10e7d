package consent

import (
	"maps"
	"slices"
	"time"
)

func checkCeilings(p *problems, c Ceilings) {
	switch c.Mode {
	case ModeOnce:
		checkOnce(p, c)
	case ModeRepeated:
		checkRepeated(p, c)
	default:
		p.add("$.ceilings.mode", "%s is no mode: write once, or repeated", quoted([]string{c.Mode}))
	}
}

func checkOnce(p *problems, c Ceilings) {
	if c.Fetches != 1 {
		p.add("$.ceilings.fetches", "is %d: with mode once, write 1", c.Fetches)
	}
	if c.Duration != "" {
		p.add("$.ceilings.duration", "goes with mode repeated: remove it")
	}
}

// checkRepeated measures twelve months from the first day of a common year.
func checkRepeated(p *problems, c Ceilings) {
	if c.Fetches < 2 || c.Fetches > maxFetches {
		p.add("$.ceilings.fetches", "is %d: with mode repeated, write 2 to %d, the first fetch included", c.Fetches, maxFetches)
	}
	checkPeriod(p, "$.ceilings.duration", c.Duration)
	from := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	if until, ok := addPeriod(from, c.Duration); ok && until.After(from.AddDate(1, 0, 0)) {
		p.add("$.ceilings.duration", "%s is longer than a year: write P12M or less", quoted([]string{c.Duration}))
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
	if a.FranceConnectClient != "" && a.Ceilings.Mode == ModeOnce {
		p.add("$.franceconnect_client", "goes with ceilings.mode repeated: remove it, its tokens fetch again")
	} else if a.FranceConnectClient != "" {
		p.match("$.franceconnect_client", a.FranceConnectClient, shape(`[!-~]{8,128}`), "the client_id FranceConnect gave the service provider, 8 to 128 characters without spaces")
	}
}
