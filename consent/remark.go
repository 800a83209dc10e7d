package consent

import (
	"fmt"
	"slices"
	"strings"
)

// A Remark is what a registrar should ask about before signing an approval. It
// refuses nothing: an applicant may have good reasons, and then writes them.
type Remark struct {
	ID     string // stable: many_data, band, full_address …
	Path   string // YAML path of what is meant, as in Problem
	Reason Text   // why it is remarked
	Write  Text   // what to write instead
}

// maxForTariff is how many data a tariff of one band needs at most: the value
// read, and who it is for.
const maxForTariff = 3

// Remarks reads an approval as a careful citizen would: does it ask more than
// its purpose needs, would a band do, is the purpose clear.
func Remarks(a *Approval, c *Catalogue) []Remark {
	r := remarks{approval: a, data: a.data(c), tariff: forTariff(a)}
	r.amount()
	r.incomes()
	for _, list := range []struct {
		path string
		data []ApprovedDatum
	}{{"$.data.required", a.Data.Required}, {"$.data.optional", a.Data.Optional}} {
		for i, d := range list.data {
			if known, ok := c.Datum(d.ID); ok {
				r.datum(fmt.Sprintf("%s[%d]", list.path, i), a.As(known, c))
			}
		}
	}
	r.purpose()
	r.use()
	return r.found
}

type remarks struct {
	approval *Approval
	data     []Datum
	tariff   bool // the purpose is to find a price or a band
	found    []Remark
}

// add fills the id's sentences.
func (r *remarks) add(id, path string, args ...any) {
	w := remarkWords()[id]
	fill := func(t Text) Text { return Text{filled(t.FR, args), filled(t.EN, args)} }
	r.found = append(r.found, Remark{id, path, fill(w.reason), fill(w.write)})
}

func filled(format string, args []any) string {
	if !strings.Contains(format, "%") {
		return format
	}
	return fmt.Sprintf(format, args...)
}

// forTariff tells a purpose that ends in a price: then a band is enough.
func forTariff(a *Approval) bool {
	said := strings.ToLower(strings.Join([]string{a.Purpose.ID, a.Purpose.Label.FR, a.Purpose.Text.FR, a.Purpose.Label.EN, a.Purpose.Text.EN}, " "))
	return slices.ContainsFunc([]string{"tarif", "tranche", "barème", "bareme", "le prix", "tariff", "fare", "price", "band"}, func(w string) bool { return strings.Contains(said, w) })
}

func (r *remarks) amount() {
	if n := len(r.data); r.tariff && n > maxForTariff {
		r.add("many_data", "$.data", n)
	}
}

// incomes: one figure of income decides; two let the body draw a profile.
func (r *remarks) incomes() {
	var resources []string
	for _, d := range r.data {
		if income(d) && !slices.Contains(resources, d.Resource) {
			resources = append(resources, d.Resource)
		}
	}
	if len(resources) > 1 {
		r.add("several_incomes", "$.data", strings.Join(resources, ", "))
	}
}

func income(d Datum) bool { return d.Answered == nil && strings.HasPrefix(d.Unit, "EUR/") }

// numeric tells a datum whose value is one figure.
func numeric(d Datum) bool { return income(d) || d.Unit == "shares" || d.Unit == "count" }

func (r *remarks) datum(path string, d Datum) {
	if d.Answered != nil { // only the answer of a grid leaves
		return
	}
	others := d.Subject == SubjectPartner || d.Subject == SubjectParent || d.Subject == SubjectChild
	switch {
	case d.Unit == "address":
		r.add("full_address", path, d.ID)
	case others && namesPersons(d):
		r.add("others_civil_status", path, d.ID)
	}
	if numeric(d) && (r.tariff || r.hasGrid(d)) {
		r.add("band", path, d.ID)
	}
	if d.Special && r.onlyGeneralTexts() {
		r.add("sensitive_without_text", path, d.ID)
	}
}

func (r *remarks) hasGrid(d Datum) bool {
	return slices.ContainsFunc(r.approval.Grids, func(g Grid) bool { return g.Datum == d.ID })
}

// namesPersons tells a datum that holds names or dates of birth.
func namesPersons(d Datum) bool {
	return slices.ContainsFunc(d.Paths, func(p string) bool {
		leaf := p[strings.LastIndexByte(p, '.')+1:]
		return strings.HasPrefix(leaf, "nom") && !strings.HasPrefix(leaf, "nombre") || strings.HasPrefix(leaf, "prenom") || leaf == "date_naissance"
	})
}

// onlyGeneralTexts: CRPA L114-8 lets administrations exchange; it does not say
// why this body needs this datum.
func (r *remarks) onlyGeneralTexts() bool {
	return !slices.ContainsFunc(r.approval.Legal.Texts, func(t string) bool {
		bare := strings.Map(func(c rune) rune {
			if strings.ContainsRune(" .-:,", c) {
				return -1
			}
			return c
		}, strings.ToUpper(t))
		return !strings.Contains(bare, "L1148")
	})
}
