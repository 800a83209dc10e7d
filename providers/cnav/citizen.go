package cnav

import (
	"encoding/json"
	"strings"

	"accord/providers"
	"accord/providers/upstream"
)

// A document is the member data of API Particulier v3's
// /v3/dss/quotient_familial, whole.
type document struct {
	Quotient     quotient  `json:"quotient_familial"`
	Allocataires []citizen `json:"allocataires"`
	Enfants      []citizen `json:"enfants"`
	Adresse      place     `json:"adresse"`
}

type (
	quotient struct {
		Fournisseur string `json:"fournisseur"`
		Valeur      int    `json:"valeur"`
		Annee       int    `json:"annee"` // asked
		Mois        int    `json:"mois"`
		AnneeCalcul int    `json:"annee_calcul"` // computed
		MoisCalcul  int    `json:"mois_calcul"`
	}
	citizen struct {
		NomNaissance  string  `json:"nom_naissance"`
		NomUsage      *string `json:"nom_usage"`
		Prenoms       string  `json:"prenoms"`
		DateNaissance string  `json:"date_naissance"`
		Sexe          string  `json:"sexe"`
	}
	place struct {
		Destinataire  *string `json:"destinataire"`
		Complement    *string `json:"complement_information"`
		ComplementGeo *string `json:"complement_information_geographique"`
		Voie          *string `json:"numero_libelle_voie"`
		LieuDit       *string `json:"lieu_dit"`
		Ville         *string `json:"code_postal_ville"`
		Pays          *string `json:"pays"`
	}
)

// unknownDate is how API Particulier writes a birth date the source left blank.
const unknownDate = "0000-00-00"

// holds says whether the person asked stands in the household, as claimant or
// as child.
func (d document) holds(i providers.Identity) bool {
	for _, list := range [][]citizen{d.Allocataires, d.Enfants} {
		for _, c := range list {
			if i.Is(providers.Civil{BirthName: c.NomNaissance, GivenNames: c.Prenoms, Birthdate: c.DateNaissance}) {
				return true
			}
		}
	}
	return false
}

// document checks h and gives it API Particulier's shape. ErrIncomplete when a
// member is missing, ErrShape when one cannot be what it says.
func (h household) document(asked period, operator string) (document, error) {
	if h.Allocataires == nil || h.Adresse == nil || h.Annee == nil || h.Mois == nil {
		return document{}, upstream.ErrIncomplete
	}
	adults, err := citizens(*h.Allocataires, maxAdults)
	if err != nil {
		return document{}, err
	}
	children, err := h.children()
	if err != nil {
		return document{}, err
	}
	where, err := h.Adresse.place()
	if err != nil {
		return document{}, err
	}
	q, err := h.quotient(asked, operator)
	return document{Quotient: q, Allocataires: adults, Enfants: children, Adresse: where}, err
}

func (h household) quotient(asked period, operator string) (quotient, error) {
	q := quotient{
		Fournisseur: operator, Annee: asked.year, Mois: asked.month, AnneeCalcul: *h.Annee, MoisCalcul: *h.Mois,
	}
	if h.Quotient != nil {
		q.Valeur = *h.Quotient
	}
	if q.Valeur < 0 || q.Valeur > maxValue || q.AnneeCalcul < 2000 || q.AnneeCalcul > 2100 || q.MoisCalcul < 1 || q.MoisCalcul > 12 {
		return quotient{}, upstream.ErrShape
	}
	return q, nil
}

func (h household) children() ([]citizen, error) {
	if h.Enfants == nil {
		return []citizen{}, nil
	}
	var list *[]person
	if upstream.Decode(h.Enfants, &list) != nil || list == nil {
		return nil, upstream.ErrShape
	}
	return citizens(*list, maxChildren)
}

func citizens(list []person, most int) ([]citizen, error) {
	if len(list) > most {
		return nil, upstream.ErrShape
	}
	out := make([]citizen, 0, len(list))
	for _, p := range list {
		c, err := p.citizen()
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func (p person) citizen() (citizen, error) {
	if p.BirthName == nil || p.GivenNames == nil || p.Birthdate == nil || p.Sex == nil {
		return citizen{}, upstream.ErrIncomplete
	}
	date, ok := birthdate(p.Birthdate)
	named := filled(*p.BirthName) && filled(*p.GivenNames) && (p.UsageName == nil || upstream.Text(*p.UsageName))
	if !ok || !named || *p.Sex != "M" && *p.Sex != "F" {
		return citizen{}, upstream.ErrShape
	}
	if p.UsageName != nil && *p.UsageName == "" {
		p.UsageName = nil
	}
	return citizen{NomNaissance: *p.BirthName, NomUsage: p.UsageName, Prenoms: *p.GivenNames, DateNaissance: date, Sexe: *p.Sex}, nil
}

func filled(s string) bool { return strings.TrimSpace(s) != "" && upstream.Text(s) }

// birthdate reads a date with unknown parts as 00; null and "" are a blank one.
func birthdate(raw json.RawMessage) (string, bool) {
	var s *string
	if json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	if s == nil || *s == "" || *s == unknownDate {
		return unknownDate, true
	}
	return *s, providers.ValidBirthdate(*s)
}

func (a address) place() (place, error) {
	p := place{a.Identite, a.ComplementInformation, a.ComplementInformationG, a.NumeroLibelleVoie, a.LieuDit, a.CodePostalVille, a.Pays}
	for _, s := range []*string{p.Destinataire, p.Complement, p.ComplementGeo, p.Voie, p.LieuDit, p.Ville, p.Pays} {
		if s != nil && !upstream.Text(*s) {
			return place{}, upstream.ErrShape
		}
	}
	return p, nil
}
