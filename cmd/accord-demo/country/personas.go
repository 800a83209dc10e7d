package country

import (
	"time"

	"accord/providers"
	"accord/providers/cnav/cnavsim"
	"accord/providers/dgfip/dgfipsim"
)

// A Persona is one invented citizen, the same at every simulator: FranceConnect
// gives Identity, the CNAV hub answers from Files, DGFiP from Notices. Nobody
// here exists; no commune code, street or commune does either.
type Persona struct {
	ID       string // of the simulator's choice, [a-z0-9-]
	Story    Story
	Featured bool // among the six told first
	Identity providers.Identity
	Email    string
	Files    []File   // at CNAF or MSA: none = known to the civil register only, two = ambiguous
	Notices  []Notice // of tax, on which the persona is a declarant or a dependant
}

// A Story is what makes the persona worth choosing, in two or three sentences, with what a visitor must type.
type Story struct{ FR, EN string }

// A File is a household at a regime, with its quotient of this year (euros a
// month); Household.Quotients is filled by Households.
type File struct {
	Household cnavsim.Household
	Quotient  int
}

// A Notice is a tax notice of YearsBack years ago; Notice.Year is filled by
// Notices.
type Notice struct {
	YearsBack int // 1 = last year's income
	Notice    dgfipsim.Notice
}

// history is how many months of quotient each file has.
const history = 30

// Personas are the twelve, the featured six first.
func Personas() []Persona {
	return []Persona{
		camille(), nadia(), sabine(), aminata(), lucas(), yann(),
		hugo(), helene(), marieAnge(), claire(), thibaut(), simon(),
	}
}

// Households are the personas' files as the CNAV simulator takes them: since
// thirty months, with another quotient from this January on, the benefits the
// persona draws and the resources of two years ago.
func Households(personas []Persona, now time.Time) []cnavsim.Household {
	var out []cnavsim.Household
	start := now.AddDate(0, -history, 1-now.Day())
	for _, p := range personas {
		for _, f := range p.Files {
			h := f.Household
			h.Quotients = []cnavsim.Quotient{
				{Year: start.Year(), Month: int(start.Month()), Value: f.Quotient + 38},
				{Year: now.Year(), Month: 1, Value: f.Quotient},
			}
			out = append(out, withBenefits(p, h, now))
		}
	}
	return out
}

// Registered are the personas without a file: the civil register knows them,
// no regime does.
func Registered(personas []Persona) []cnavsim.Person {
	var out []cnavsim.Person
	for _, p := range personas {
		if len(p.Files) == 0 {
			out = append(out, registerEntry(p.Identity))
		}
	}
	return out
}

func registerEntry(i providers.Identity) cnavsim.Person {
	sex := "M"
	if i.Gender == "female" {
		sex = "F"
	}
	return cnavsim.Person{
		BirthName: i.FamilyName, UsageName: i.PreferredUsername, GivenNames: i.GivenName,
		Birthdate: i.RawBirthdate(), Sex: sex, Birthplace: i.Birthplace,
	}
}

// Notices are the personas' tax notices as the DGFiP simulator takes them.
func Notices(personas []Persona, now time.Time) []dgfipsim.Notice {
	var out []dgfipsim.Notice
	for _, p := range personas {
		for _, n := range p.Notices {
			notice := n.Notice
			notice.Year = now.Year() - n.YearsBack
			out = append(out, notice)
		}
	}
	return out
}
