package cnav

import (
	"slices"

	"accord/providers"
	"accord/providers/upstream"
)

const maxQuotient = 1_000_000 // euros a month

// A household is the hub's answer for the quotient familial.
type household struct {
	family[person]
	Quotient *int `json:"quotientFamilial"` // null or absent: none for this month
	Annee    *int `json:"annee"`            // of the computation
	Mois     *int `json:"mois"`
}

// Member data of API Particulier's /v3/dss/quotient_familial, whole.
type (
	householdDocument struct {
		Quotient     quotient  `json:"quotient_familial"`
		Allocataires []citizen `json:"allocataires"`
		Enfants      []citizen `json:"enfants"`
		Adresse      place     `json:"adresse"`
	}
	quotient struct {
		Fournisseur string `json:"fournisseur"`
		Valeur      int    `json:"valeur"` // euros a month
		Annee       int    `json:"annee"`  // asked
		Mois        int    `json:"mois"`
		AnneeCalcul int    `json:"annee_calcul"` // computed
		MoisCalcul  int    `json:"mois_calcul"`
	}
)

// readQuotient asks first whether the answer is whole, then whose it is, then
// whether it is of the month asked, then whether there is a quotient at all.
func readQuotient(body []byte, a asked) providers.Answer {
	var h household
	if err := upstream.Decode(body, &h); err != nil {
		return upstream.Unavailable(err)
	}
	d, err := h.document(a)
	if err != nil {
		return upstream.Unavailable(err)
	}
	switch {
	case !slices.ContainsFunc(slices.Concat(d.Allocataires, d.Enfants), func(c citizen) bool { return c.is(a.identity) }):
		return upstream.Unavailable(upstream.ErrAnotherPerson)
	case a.operator == msa && a.month != monthOf(providers.Query{}, a.today):
		return providers.Answer{Outcome: providers.Refused, Cause: errNoHistory}
	case h.Quotient == nil:
		return providers.Answer{Outcome: providers.NoFile, Cause: errNoFile}
	}
	return found(d)
}

// document checks h and gives it API Particulier's shape. ErrIncomplete when a
// member is missing, ErrShape when one cannot be what it says.
func (h household) document(a asked) (householdDocument, error) {
	adults, children, err := h.lists()
	if err != nil {
		return householdDocument{}, err
	}
	var d householdDocument
	if d.Allocataires, err = converted(adults, maxAdults, person.citizen); err != nil {
		return d, err
	}
	if d.Enfants, err = converted(children, maxChildren, person.citizen); err != nil {
		return d, err
	}
	if d.Adresse, err = h.Adresse.place(); err != nil {
		return d, err
	}
	d.Quotient, err = h.quotient(a)
	return d, err
}

func (h household) quotient(a asked) (quotient, error) {
	if h.Annee == nil || h.Mois == nil {
		return quotient{}, upstream.ErrIncomplete
	}
	q := quotient{
		Fournisseur: a.operator, Annee: a.month.year, Mois: a.month.month, AnneeCalcul: *h.Annee, MoisCalcul: *h.Mois,
	}
	if h.Quotient != nil {
		q.Valeur = *h.Quotient
	}
	if q.Valeur < 0 || q.Valeur > maxQuotient || !plausibleYear(q.AnneeCalcul) || q.MoisCalcul < 1 || q.MoisCalcul > 12 {
		return quotient{}, upstream.ErrShape
	}
	return q, nil
}

func plausibleYear(year int) bool { return year >= 2000 && year <= 2100 }
