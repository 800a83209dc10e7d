package consent

import "slices"

// Tariffs are the grids over a datum of the approval that answer in nobody's
// place: they only tell what its value leads to.
func (a *Approval) Tariffs(datum string) []Grid {
	var all []Grid
	for _, g := range a.Grids {
		if g.Datum == datum && !a.answers(g.ID) {
			all = append(all, g)
		}
	}
	return all
}

// answers tells whether a datum of the approval is answered by this grid.
func (a *Approval) answers(grid string) bool {
	by := func(d ApprovedDatum) bool { return d.Grid == grid }
	return slices.ContainsFunc(a.Data.Required, by) || slices.ContainsFunc(a.Data.Optional, by)
}
