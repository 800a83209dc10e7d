package ui

import "strings"

// Catalogue is "/donnees": every datum Accord can carry, by source; and
// "/donnees/{source}": those of one, each with its words, whose it is, and how
// delicate.
type Catalogue struct {
	One     string // catalogue source id of the only one in Sources; empty: all
	Sources []CatalogueSource
	Digest  string // of the catalogue, as receipts carry it
}

// A CatalogueSource is the data of one administration.
type CatalogueSource struct {
	Source string // catalogue source id
	Data   []CatalogueDatum
}

// A CatalogueDatum is one entry.
type CatalogueDatum struct {
	Datum   string   // catalogue id, which is the scope
	Aliases []string // further scopes
	Subject string   // self, partner, parent, child, household
	Unit    string   // catalogue unit
	Period  string   // month, income_year, school_year, current or ""
	Preview string   // shown, hidden, ticked
	High    bool     // highly personal
	Special bool     // special category (GDPR 9)
	Inputs  []string // what the citizen supplies
}

func (Catalogue) template() string { return "catalogue" }

// unitWords names a unit; lists of values are one kind.
func (s *speech) unitWords(unit string) string {
	kind, _, _ := strings.Cut(unit, ":")
	return s.text("unit." + strings.NewReplacer("/", "_per_").Replace(kind))
}
