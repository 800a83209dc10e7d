package apiparticuliersim

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"accord/providers"
	"accord/providers/faults"
)

// find gives the one person asked about; somebody else under the fault
// OtherPerson.
func (s *Simulator) find(to route, r *http.Request, who providers.Identity) (Person, *failure) {
	q := r.URL.Query()
	match := to.by
	switch {
	case to.franceConnect:
		match = func(p Person, q url.Values) bool { return who.Is(p.civil()) && p.owns(q.Get("immatriculation")) }
	case match == nil:
		match = matches
	}
	var mine, theirs []Person
	known := false
	for _, p := range s.options.People {
		asked := match(p, q)
		known = known || asked
		switch {
		case asked && to.holds(p):
			mine = append(mine, p)
		case !asked && to.holds(p):
			theirs = append(theirs, p)
		}
	}
	if faults.WantsOtherPerson(r) {
		for _, p := range theirs {
			if _, refusal := to.data(p, request{q, s.options.Now()}, func(string) bool { return true }); refusal == nil {
				return p, nil
			}
		}
	}
	return to.only(mine, known)
}

// only gives the one person found, or what API Particulier says when it is
// none or several.
func (r route) only(found []Person, known bool) (Person, *failure) {
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1 && r.code == "31":
		return Person{}, fail(http.StatusUnprocessableEntity, "00391", "Plusieurs personnes correspondent", "")
	case len(found) > 1:
		return Person{}, failFrom(http.StatusConflict, r.code+"015", "Conflit", r.provider)
	case !known && (r.code == "35" || r.code == "36"):
		return Person{}, fail(http.StatusUnprocessableEntity, "00355", "Impossible d'identifier l'allocataire", "")
	}
	return Person{}, failFrom(http.StatusNotFound, r.code+"003", "Entité non trouvée", r.provider)
}

func (p Person) civil() providers.Civil {
	return providers.Civil{BirthName: p.BirthName, GivenNames: p.GivenNames, Birthdate: p.Birthdate}
}

func (p Person) owns(plate string) bool {
	_, ok := p.vehicle(plate)
	return ok
}

func (p Person) vehicle(plate string) (Vehicle, bool) {
	for _, v := range p.Vehicles {
		if strings.EqualFold(unhyphened(v.Plate), unhyphened(plate)) {
			return v, true
		}
	}
	return Vehicle{}, false
}

func unhyphened(s string) string { return strings.NewReplacer("-", "", " ", "").Replace(s) }

// matches is the registers' rule for a civil identity.
func matches(p Person, q url.Values) bool {
	date, _, ok := dateOf(q)
	asked := providers.Identity{
		FamilyName: q.Get("nomNaissance"), GivenName: strings.Join(q["prenoms[]"], " "), Birthdate: fmt.Sprintf("%04d-%02d-%02d", date.Year(), date.Month(), date.Day()),
	}
	agrees := func(parameter, value string) bool {
		v := q.Get(parameter)
		return v == "" || value == "" || strings.EqualFold(v, value)
	}
	return ok && asked.Is(p.civil()) && agrees("sexeEtatCivil", p.Sex) && agrees("codeCogInseeCommuneNaissance", p.Birthplace)
}
