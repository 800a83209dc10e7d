package cnavsim

import (
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

// asked is the person of q in h; in a stranger's household its first claimant.
func (h Household) asked(q url.Values) Person {
	everyone := slices.Concat(h.Allocataires, h.Enfants)
	if n := slices.IndexFunc(everyone, matches(q)); n >= 0 {
		return everyone[n]
	}
	return everyone[0]
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
