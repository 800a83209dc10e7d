package country

import (
	"strings"

	"accord/providers"
	"accord/providers/cnav/cnavsim"
	"accord/providers/dgfip/dgfipsim"
)

// INSEE country codes.
const (
	france  = "99100"
	senegal = "99341"
)

func female(name, born, place string, given ...string) providers.Identity {
	return identity("female", name, born, place, given)
}

func male(name, born, place string, given ...string) providers.Identity {
	return identity("male", name, born, place, given)
}

func identity(gender, name, born, place string, given []string) providers.Identity {
	return providers.Identity{
		FamilyName: name, GivenName: strings.Join(given, " "), GivenNames: given, Gender: gender,
		Birthdate: born, IDPBirthdate: born, Birthplace: place, Birthcountry: france,
	}
}

func household(o cnavsim.Operator, a cnavsim.Address, claimants []cnavsim.Person, children ...cnavsim.Person) cnavsim.Household {
	return cnavsim.Household{Operator: o, Address: a, Allocataires: claimants, Enfants: children}
}

func adults(list ...cnavsim.Person) []cnavsim.Person { return list }

func adult(name, given, born, sex, place string) cnavsim.Person {
	return cnavsim.Person{BirthName: name, GivenNames: given, Birthdate: born, Sex: sex, Birthplace: place}
}

func child(name, given, born, sex string) cnavsim.Person { return adult(name, given, born, sex, "") }

// named gives a person a nom d'usage.
func named(p cnavsim.Person, usage string) cnavsim.Person {
	p.UsageName = usage
	return p
}

func address(addressee, street, city string) cnavsim.Address {
	return cnavsim.Address{Addressee: addressee, Street: street, City: city, Country: "FRANCE"}
}

// years repeats a notice for each of the years back, a little lower each year.
func years(n dgfipsim.Notice, back ...int) []Notice {
	out := make([]Notice, 0, len(back))
	for _, b := range back {
		one := n
		one.RFR -= (b - 1) * 640
		out = append(out, Notice{YearsBack: b, Notice: one})
	}
	return out
}
