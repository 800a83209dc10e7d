package cnav

import (
	"encoding/json"
	"strings"

	"accord/providers"
	"accord/providers/upstream"
)

// Persons and address as API Particulier v3 writes them.
type (
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

// is says whether c can be the person asked.
func (c citizen) is(i providers.Identity) bool {
	return i.Is(providers.Civil{BirthName: c.NomNaissance, GivenNames: c.Prenoms, Birthdate: c.DateNaissance})
}

// citizen checks p and gives it API Particulier's shape. ErrIncomplete when a
// member is missing, ErrShape when one cannot be what it says.
func (p person) citizen() (citizen, error) {
	if p.BirthName == nil || p.GivenNames == nil || p.Birthdate == nil || p.Sex == nil {
		return citizen{}, upstream.ErrIncomplete
	}
	date, ok := birthdate(p.Birthdate)
	named := filled(*p.BirthName) && filled(*p.GivenNames) && (p.UsageName == nil || upstream.Text(*p.UsageName))
	if !ok || !named || *p.Sex != "M" && *p.Sex != "F" {
		return citizen{}, upstream.ErrShape
	}
	return citizen{NomNaissance: *p.BirthName, NomUsage: orNull(p.UsageName), Prenoms: *p.GivenNames, DateNaissance: date, Sexe: *p.Sex}, nil
}

func filled(s string) bool { return strings.TrimSpace(s) != "" && upstream.Text(s) }

// orNull is s, or null where the source wrote an empty text.
func orNull(s *string) *string {
	if s != nil && *s == "" {
		return nil
	}
	return s
}

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
