package cnavsim

import (
	"encoding/json"
	"net/url"
	"slices"

	"accord/providers"
)

// files are the households of the person asked: those they claim in, else
// those they are a child of. other gives somebody else's instead.
func (s *Simulator) files(q url.Values, other bool) []Household {
	var claims, child []Household
	for _, h := range s.options.Households {
		switch {
		case slices.ContainsFunc(h.Allocataires, matches(q)):
			claims = append(claims, h)
		case slices.ContainsFunc(h.Enfants, matches(q)):
			child = append(child, h)
		}
	}
	if other {
		return s.strangers(q)
	}
	if len(claims) > 0 {
		return claims
	}
	return child
}

// strangers is one household in which the person asked does not stand.
func (s *Simulator) strangers(q url.Values) []Household {
	for _, h := range s.options.Households {
		everyone := slices.Concat(h.Allocataires, h.Enfants)
		if !slices.ContainsFunc(everyone, matches(q)) && len(h.Quotients) > 0 {
			return []Household{h}
		}
	}
	return nil
}

func (s *Simulator) registered(q url.Values) bool {
	return slices.ContainsFunc(s.options.Registered, matches(q))
}

// matches is the register's rule: names and birth date agree; sex and place of
// birth do not contradict.
func matches(q url.Values) func(Person) bool {
	asked := providers.Identity{FamilyName: q.Get("nomNaissance"), GivenName: q.Get("listePrenoms"), Birthdate: q.Get("dateNaissance")}
	asked.Birthdate = asked.CompletedBirthdate()
	agrees := func(parameter, value string) bool {
		v := q.Get(parameter)
		return v == "" || value == "" || v == value
	}
	return func(p Person) bool {
		return asked.Is(providers.Civil{BirthName: p.BirthName, GivenNames: p.GivenNames, Birthdate: p.Birthdate}) &&
			agrees("genre", p.Sex) && agrees("codeLieuNaissance", p.Birthplace)
	}
}

// body is the hub's answer for the month of q.
func (h Household) body(q Quotient) []byte {
	answer := map[string]any{
		"allocataires": people(h.Allocataires), "adresse": h.Address.lines(),
		"quotientFamilial": q.Value, "annee": q.Year, "mois": q.Month,
	}
	if len(h.Enfants) > 0 {
		answer["enfants"] = people(h.Enfants)
	}
	b, err := json.Marshal(answer)
	if err != nil {
		return nil // not reached: strings and integers only
	}
	return b
}

func people(list []Person) []map[string]string {
	out := make([]map[string]string, 0, len(list))
	for _, p := range list {
		one := map[string]string{"nomNaissance": p.BirthName, "listePrenoms": p.GivenNames, "dateNaissance": p.Birthdate, "genre": p.Sex}
		if p.UsageName != "" {
			one["nomUsage"] = p.UsageName
		}
		out = append(out, one)
	}
	return out
}

// lines leaves empty ones out, as the hub does.
func (a Address) lines() map[string]string {
	all := map[string]string{
		"identite": a.Addressee, "complementInformation": a.Complement, "complementInformationGeo": a.Building,
		"numeroLibelleVoie": a.Street, "lieuDit": a.Place, "codePostalVille": a.City, "pays": a.Country,
	}
	for name, line := range all {
		if line == "" {
			delete(all, name)
		}
	}
	return all
}
