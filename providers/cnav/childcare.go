package cnav

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"accord/providers"
	"accord/providers/upstream"
)

const maxResources = 100_000_000 // euros a year

// A nursery is the hub's answer for the family's share of a crèche's price.
type nursery struct {
	family[native]
	Children  *int `json:"nombreEnfantACharge"`
	AEEH      *int `json:"nombreBeneficiaireAEH"`
	Resources *int `json:"montantRessources"` // euros a year
	Year      *int `json:"annee"`             // of these resources
}

// A native is a person with the commune of birth; absent and null are unknown.
type native struct {
	person
	Commune *string `json:"cogNaissance"`
}

// Member data of API Particulier's /v3/dss/participation_familiale_eaje, whole.
type (
	nurseryDocument struct {
		Allocataires []nativeCitizen `json:"allocataires"`
		Enfants      []nativeCitizen `json:"enfants"`
		Adresse      place           `json:"adresse"`
		Parametres   parametres      `json:"parametres_calcul_participation_familiale"`
	}
	nativeCitizen struct {
		citizen
		Commune *string `json:"code_cog_insee_commune_naissance"`
	}
	parametres struct {
		Enfants int  `json:"nombre_enfants_a_charge"`
		AEEH    int  `json:"nombre_enfants_beneficiaire_aeeh"`
		Base    base `json:"base_ressources_annuelles"`
	}
	base struct {
		Valeur int `json:"valeur"` // euros a year
		Annee  int `json:"annee_calcul"`
	}
)

// readChildcare asks first whether the answer is whole, then whose it is. It
// gives nothing of a family without a child under seven: a crèche has no need
// to know it (reference/api-particulier.md §2.2).
func readChildcare(body []byte, a asked) providers.Answer {
	var n nursery
	if err := upstream.Decode(body, &n); err != nil {
		return upstream.Unavailable(err)
	}
	d, err := n.document()
	if err != nil {
		return upstream.Unavailable(err)
	}
	if !slices.ContainsFunc(slices.Concat(d.Allocataires, d.Enfants), func(c nativeCitizen) bool { return c.is(a.identity) }) {
		return upstream.Unavailable(upstream.ErrAnotherPerson)
	}
	return eligible(d, a.today)
}

func eligible(d nurseryDocument, today time.Time) providers.Answer {
	surely := func(c nativeCitizen) bool { s, _ := underSeven(c.DateNaissance, today); return s }
	perhaps := func(c nativeCitizen) bool { _, p := underSeven(c.DateNaissance, today); return p }
	switch {
	case slices.ContainsFunc(d.Enfants, surely):
		return found(d)
	case slices.ContainsFunc(d.Enfants, perhaps):
		return upstream.Unavailable(errNoAge)
	}
	return providers.Answer{Outcome: providers.NoFile, Cause: errNoChild}
}

// underSeven tells of a birth date, which may be blank or have unknown parts,
// whether on that day it is surely, and whether perhaps, less than seven years
// ago. A child of 29 February turns seven on 1 March.
func underSeven(birthdate string, today time.Time) (surely, perhaps bool) {
	if birthdate == unknownDate {
		return false, true
	}
	earliest := number(birthdate, "01", "01")
	latest := number(birthdate, "12", "31")
	then := today.Year()*10_000 + int(today.Month())*100 + today.Day() - 70_000
	return earliest > then, latest > then
}

// number is a date as one number, which orders dates; an unknown month or day
// is the one given.
func number(date, month, day string) int {
	if date[5:7] != "00" {
		month = date[5:7]
	}
	if date[8:] != "00" {
		day = date[8:]
	}
	n, _ := strconv.Atoi(date[:4] + month + day) // digits: ValidBirthdate passed
	return n
}

// document checks n and gives it API Particulier's shape. ErrIncomplete when a
// member is missing, ErrShape when one cannot be what it says.
func (n nursery) document() (nurseryDocument, error) {
	adults, children, err := n.lists()
	if err != nil {
		return nurseryDocument{}, err
	}
	var d nurseryDocument
	if d.Allocataires, err = converted(adults, maxAdults, native.citizen); err != nil {
		return d, err
	}
	if d.Enfants, err = converted(children, maxChildren, native.citizen); err != nil {
		return d, err
	}
	if d.Adresse, err = n.Adresse.place(); err != nil {
		return d, err
	}
	d.Parametres, err = n.parametres()
	return d, err
}

func (n nursery) parametres() (parametres, error) {
	if n.Children == nil || n.AEEH == nil || n.Resources == nil || n.Year == nil {
		return parametres{}, upstream.ErrIncomplete
	}
	p := parametres{Enfants: *n.Children, AEEH: *n.AEEH, Base: base{Valeur: *n.Resources, Annee: *n.Year}}
	within := func(n, most int) bool { return n >= 0 && n <= most }
	if !within(p.Enfants, maxChildren) || !within(p.AEEH, maxChildren) || !within(p.Base.Valeur, maxResources) || !plausibleYear(p.Base.Annee) {
		return parametres{}, upstream.ErrShape
	}
	return p, nil
}

// communeCode is INSEE's, of a commune or of a country abroad (99…).
var communeCode = regexp.MustCompile(`^([0-9]{2}|2[AB])[0-9]{3}$`)

func (n native) citizen() (nativeCitizen, error) {
	c, err := n.person.citizen()
	if err != nil {
		return nativeCitizen{}, err
	}
	commune := orNull(n.Commune)
	if commune != nil && !communeCode.MatchString(*commune) {
		return nativeCitizen{}, upstream.ErrShape
	}
	return nativeCitizen{c, commune}, nil
}
