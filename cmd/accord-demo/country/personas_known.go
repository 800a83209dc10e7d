package country

import (
	"strings"
	"time"

	"accord/providers"
	"accord/providers/apiparticulier/apiparticuliersim"
	"accord/providers/cnav/cnavsim"
	"accord/providers/francetravail/francetravailsim"
)

// Known are the personas, and the children on their files who go to school, as
// API Particulier's simulator takes them.
func Known(personas []Persona, now time.Time) []apiparticuliersim.Person {
	var all []apiparticuliersim.Person
	for _, p := range personas {
		one, ok := facts(now)[p.ID]
		if ok {
			all = append(all, civilStatus(one, registerEntry(p.Identity), strings.Join(p.Identity.GivenNames, " ")))
		}
	}
	return append(all, pupils(personas, now)...)
}

func civilStatus(p apiparticuliersim.Person, c cnavsim.Person, given string) apiparticuliersim.Person {
	p.BirthName, p.UsageName, p.GivenNames = c.BirthName, c.UsageName, providers.PlainName(given)
	p.Birthdate, p.Sex, p.Birthplace = c.Birthdate, c.Sex, c.Birthplace
	return p
}

// leo is on two files, and once at school.
const leo = "LEO MARTIN"

// pupils are the children of the personas' files whose school is known.
func pupils(personas []Persona, now time.Time) []apiparticuliersim.Person {
	for _, p := range personas {
		for _, f := range p.Files {
			for _, c := range f.Household.Enfants {
				if c.GivenNames == leo {
					return []apiparticuliersim.Person{civilStatus(apiparticuliersim.Person{Schooling: schoolings(now)}, c, c.GivenNames)}
				}
			}
		}
	}
	return nil
}

// Jobseekers are the personas France Travail knows: sabine is registered and
// paid, the registrations of the others ended long ago.
func Jobseekers(personas []Persona, now time.Time) []francetravailsim.Jobseeker {
	var all []francetravailsim.Jobseeker
	for _, p := range personas {
		switch p.ID {
		case "sabine":
			j := jobseeker(p, SabineJobseeker)
			j.Address = francetravailsim.Address{
				PostCode: "72998", Commune: "72998", Locality: "72998 VALBRUME", Street: "3 PLACE DE LA HALLE AUX GRAINS", Name: "MADAME PERROCHEL",
			}
			j.Registration = &francetravailsim.Registration{Begins: now.AddDate(0, -4, 1-now.Day()).Format(time.DateOnly), Category: 1, Certification: "VC"}
			j.Payments = payments(now)
			all = append(all, j)
		case "yann":
			all = append(all, jobseeker(p, YannJobseeker))
		case "simon":
			all = append(all, jobseeker(p, SimonJobseeker))
		case "lucas":
			all = append(all, jobseeker(p, LucasJobseeker))
		}
	}
	return all
}

func jobseeker(p Persona, identifier string) francetravailsim.Jobseeker {
	c := registerEntry(p.Identity)
	j := francetravailsim.Jobseeker{
		Identifier: identifier, Civility: "M.", BirthName: providers.PlainName(c.BirthName), UsageName: c.UsageName,
		GivenName: providers.PlainName(p.Identity.GivenNames[0]), Sex: "Masculin", Birthdate: c.Birthdate, Email: p.Email,
	}
	if c.Sex == "F" {
		j.Civility, j.Sex = "MME", "Féminin"
	}
	return j
}

// payments are those of the last three months, the latest first.
func payments(now time.Time) []francetravailsim.Payment {
	var all []francetravailsim.Payment
	for back := range 3 {
		day := now.AddDate(0, -back, 1-now.Day())
		all = append(all, francetravailsim.Payment{Date: day.Format(time.DateOnly), Total: "842.60", Allowances: "812.60", Aids: "30", Others: "0"})
	}
	return all
}
