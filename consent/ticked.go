package consent

import "slices"

// Sensitive gives the data looked up only if the citizen ticks them before
// (PreviewTicked), required first.
func (r Request) Sensitive() []Datum {
	var ticks []Datum
	for _, data := range [][]Datum{r.Required, r.Optional} {
		for _, d := range data {
			if d.Preview == PreviewTicked {
				ticks = append(ticks, d)
			}
		}
	}
	return ticks
}

// Ticks keeps of the ticked ids those of sensitive data of the request, in its
// order.
func (r Request) Ticks(ticked []string) []string {
	return slices.DeleteFunc(IDs(r.Sensitive()), func(id string) bool { return !slices.Contains(ticked, id) })
}

// Unticked gives the sensitive data that the approval requires and the citizen
// did not tick: nothing may be looked up while there is one.
func (r Request) Unticked(ticked []string) []Datum {
	return slices.DeleteFunc(r.Sensitive(), func(d Datum) bool {
		return slices.Contains(ticked, d.ID) || !slices.Contains(IDs(r.Required), d.ID)
	})
}

// LookedUp gives the request without the sensitive data that were not ticked:
// what sources are asked for, and what a page may show and a citizen agree to.
func (r Request) LookedUp(ticked []string) Request {
	unseen := func(d Datum) bool { return d.Preview == PreviewTicked && !slices.Contains(ticked, d.ID) }
	r.Required = slices.DeleteFunc(slices.Clone(r.Required), unseen)
	r.Optional = slices.DeleteFunc(slices.Clone(r.Optional), unseen)
	return r
}

// NotLookedUp gives the ids LookedUp leaves out.
func (r Request) NotLookedUp(ticked []string) []string {
	return slices.DeleteFunc(IDs(r.Sensitive()), func(id string) bool { return slices.Contains(ticked, id) })
}

// Wanted gives the data to ask sources for: the request's own and, where a
// child has still to be chosen, the children on the file (ChildrenID).
func (r Request) Wanted(c *Catalogue, chosen bool) []Datum {
	data := r.Data()
	if chosen {
		return data
	}
	return append(data, helpers(c, data)...)
}

// Helpers gives the data that may be looked up under the approval although it
// does not list them: they serve to choose, and are never agreed.
func (a *Approval) Helpers(c *Catalogue) []Datum { return helpers(c, a.data(c)) }

func helpers(c *Catalogue, data []Datum) []Datum {
	if !slices.ContainsFunc(data, NeedsChild) || slices.Contains(IDs(data), ChildrenID) {
		return nil
	}
	list, known := c.Datum(ChildrenID)
	if !known {
		return nil
	}
	return []Datum{list}
}
