package francetravailsim

import (
	"encoding/json"
	"fmt"
	"time"
)

// A Jobseeker as France Travail's file has them.
type Jobseeker struct {
	Identifier string // what they type
	Civility   string // MME or M.
	BirthName  string
	UsageName  string // may be empty
	GivenName  string // the first one
	Sex        string // Féminin or Masculin
	Birthdate  string // YYYY-MM-DD

	Phone, Phone2, Email string // may be empty
	Address              Address

	Registration *Registration // nil: known, without one (206)
	Payments     []Payment     // nil: no list (204); empty: an empty one
}

// An Address is self-declared; any line may be empty.
type Address struct {
	PostCode, Commune, Locality                       string // Commune: INSEE code
	Street, Addressee, Complement, Distribution, Name string
}

// A Registration as jobseeker.
type Registration struct {
	Begins        string // YYYY-MM-DD
	Ends          string // YYYY-MM-DD, empty while it lasts
	Category      int    // 1 to 5
	Certification string // VC …: how sure the civil status is
}

// A Payment in euros, its amounts as written: 123.4.
type Payment struct {
	Date                            string // YYYY-MM-DD
	Total, Allowances, Aids, Others json.Number
}

func labels() map[int]string {
	return map[int]string{
		1: "PERSONNE SANS EMPLOI DISPONIBLE DUREE INDETERMINEE PLEIN TPS",
		2: "PERSONNE SANS EMPLOI DISPONIBLE DUREE INDETERMINEE PARTIEL",
		3: "PERSONNE SANS EMPLOI DISPONIBLE DUREE DETERMINEE OU SAISON",
		4: "PERSONNE SANS EMPLOI NON DISPONIBLE IMMEDIATEMENT",
		5: "PERSONNE POURVUE D'UN EMPLOI A LA RECHERCHE D'UN AUTRE",
	}
}

// body is France Travail's answer: blank for a usage name or a line there is
// not, other members left out.
func (j Jobseeker) body() []byte {
	answer := map[string]any{
		"civilite": j.Civility, "nom": j.BirthName, "nomUsage": blank(j.UsageName), "prenom": j.GivenName,
		"sexe": j.Sex, "dateNaissance": midnight(j.Birthdate), "adresse": j.Address.lines(),
	}
	for name, value := range map[string]string{"telephone": j.Phone, "telephone2": j.Phone2, "email": j.Email} {
		if value != "" {
			answer[name] = value
		}
	}
	if r := j.Registration; r != nil {
		answer["dateInscription"], answer["codeCertificationCNAV"] = midnight(r.Begins), r.Certification
		answer["categorieInscription"], answer["libellecategorieInscription"] = fmt.Sprint(r.Category), labels()[r.Category]
		if r.Ends != "" {
			answer["dateCessationInscription"] = midnight(r.Ends)
		}
	}
	return encoded(answer)
}

func (a Address) lines() map[string]string {
	return map[string]string{
		"codePostal": a.PostCode, "INSEECommune": a.Commune, "localite": a.Locality, "ligneVoie": a.Street, "ligneNom": a.Name,
		"ligneComplementDestinataire": blank(a.Addressee), "ligneComplementAdresse": blank(a.Complement),
		"ligneComplementDistribution": blank(a.Distribution),
	}
}

// list is France Travail's answer about payments.
func (j Jobseeker) list() []byte {
	all := make([]map[string]any, 0, len(j.Payments))
	for _, p := range j.Payments {
		all = append(all, map[string]any{
			"datePaiement": midnight(p.Date), "montantPaiement": p.Total,
			"allocations": p.Allowances, "aides": p.Aids, "autresPaiements": p.Others,
		})
	}
	return encoded(map[string]any{"statutInscription": j.Registration != nil && j.Registration.Ends == "", "listePaiement": all})
}

func encoded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil // an amount that is no number: the caller sees an empty answer
	}
	return b
}

func blank(s string) string {
	if s == "" {
		return " "
	}
	return s
}

// midnight writes a date as France Travail does: summer time from April to
// October, near enough.
func midnight(date string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err == nil && day.Month() >= time.April && day.Month() <= time.October {
		return date + "T00:00:00+02:00"
	}
	return date + "T00:00:00+01:00"
}
