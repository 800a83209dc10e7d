package consent

import (
	"slices"
	"strings"
)

// AnswersMember is the member of a resource's document under which answers
// stand, each under its grid's id: {"reponses":{"tarif-cantine":{"code":"C",
// "libelle":"3,20 € le repas"}}}. No source's document has a member of that
// name; one that had would be replaced.
const AnswersMember = "reponses"

// Codes of the yes/no answers.
const (
	CodeYes = "oui"
	CodeNo  = "non"
)

// An Answered says how a grid answers in a datum's place.
type Answered struct {
	Grid  Grid
	Shown []string // leaves of the resource the citizen sees beside the answer; never sent
	Reads []string // catalogue ids looked up for it: the datum itself, and the divisor's
}

// answeredBy gives a datum as a grid answers it: what is agreed, granted and
// delivered under its id are the answer's leaves.
func (d Datum) answeredBy(g Grid, c *Catalogue) Datum {
	at := AnswersMember + "." + g.ID + "."
	answer := &Answered{Grid: g, Shown: d.Paths, Reads: []string{d.ID}}
	if other, ok := c.divisor(d, g); ok && other.ID != d.ID {
		answer.Shown = Paths([]Datum{d, other}, d.Resource)
		answer.Reads = append(answer.Reads, other.ID)
		d.FranceConnectScopes = slices.Concat(d.FranceConnectScopes, other.FranceConnectScopes)
	}
	d.Paths, d.Answered = []string{at + "code", at + "libelle"}, answer
	return d
}

// divisor finds the datum a grid divides by: d itself, or another one of the
// same resource.
func (c *Catalogue) divisor(d Datum, g Grid) (Datum, bool) {
	if g.Per == "" || slices.Contains(d.Paths, g.Per) {
		return d, g.Per != ""
	}
	at := slices.IndexFunc(c.data, func(o Datum) bool { return o.Resource == d.Resource && slices.Contains(o.Paths, g.Per) })
	if at < 0 {
		return Datum{}, false
	}
	return c.data[at], true
}

// As gives a datum of the catalogue as the approval has it: itself, or the
// answer of its grid. Whatever is agreed, masked or delivered under an approval
// goes through here.
func (a *Approval) As(d Datum, c *Catalogue) Datum {
	if g, ok := a.gridOf(d.ID); ok {
		return d.answeredBy(g, c)
	}
	return d
}

// gridOf finds the grid that answers for a datum. One that names a grid the
// approval lacks is answered by an empty grid, which never answers: what was to
// be protected is not sent for a mistake.
func (a *Approval) gridOf(id string) (Grid, bool) {
	answered := func(d ApprovedDatum) bool { return d.ID == id && d.Grid != "" }
	for _, data := range [][]ApprovedDatum{a.Data.Required, a.Data.Optional} {
		if i := slices.IndexFunc(data, answered); i >= 0 {
			return a.gridNamed(data[i].Grid, id), true
		}
	}
	return Grid{}, false
}

func (a *Approval) gridNamed(name, datum string) Grid {
	at := slices.IndexFunc(a.Grids, func(g Grid) bool { return g.ID == name && g.Datum == datum })
	if at < 0 {
		return Grid{ID: name, Datum: datum}
	}
	return a.Grids[at]
}

// LookedUp gives the catalogue ids that are looked up for data, in their order,
// each once: the data, and after each what its grid divides by.
func LookedUp(data []Datum) []string {
	var ids []string
	for _, d := range data {
		ids = appendOnce(ids, d.ID)
		if d.Answered == nil {
			continue
		}
		for _, id := range d.Answered.Reads {
			ids = appendOnce(ids, id)
		}
	}
	return ids
}

// KeepsPeriod tells whether the period of a resource's answer may leave with
// data of it: it belongs to a value, so it does not when only answers and
// timeless data are sent. Two households of one band may have values of two
// periods.
func KeepsPeriod(data []Datum) bool {
	if !slices.ContainsFunc(data, func(d Datum) bool { return d.Answered != nil }) {
		return true
	}
	return slices.ContainsFunc(data, func(d Datum) bool {
		return d.Answered == nil && d.Period != PeriodNone && d.Period != PeriodCurrent
	})
}

// IsAnswer tells whether attributes, a receipt's or Datum.Paths, are those of
// an answer: no value is among them.
func IsAnswer(attributes []string) bool {
	for _, path := range attributes {
		if !strings.HasPrefix(path, AnswersMember+".") {
			return false
		}
	}
	return len(attributes) > 0
}

// YesNo tells whether the grid's answers are yes and no.
func (g Grid) YesNo() bool { return len(g.Bands) == 0 }

// Answers gives every answer the grid can give, in their order.
func (g Grid) Answers() []GridAnswer {
	if g.YesNo() {
		return []GridAnswer{{CodeYes, g.IfYes}, {CodeNo, g.IfNo}}
	}
	all := make([]GridAnswer, len(g.Bands))
	for i, b := range g.Bands {
		all[i] = GridAnswer{b.Code, b.Label}
		if b.Code == "" {
			all[i].Code = letters(i)
		}
	}
	return all
}

// letters counts A to Z, then AA.
func letters(i int) string {
	if i >= 26 {
		return letters(i/26-1) + letters(i%26)
	}
	return string(rune('A' + i))
}
