package francetravail

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"accord/providers"
	"accord/providers/upstream"
)

// A status is the member data of API Particulier v3's
// /v3/france_travail/statut, whole.
type status struct {
	Identifiant string  `json:"identifiant"`
	Identite    civil   `json:"identite"`
	Contact     contact `json:"contact"`
	Adresse     place   `json:"adresse"`
	Inscription entry   `json:"inscription"`
}

type (
	civil struct {
		Civilite      string  `json:"civilite"` // MME or M.
		NomNaissance  string  `json:"nom_naissance"`
		NomUsage      *string `json:"nom_usage"`
		Prenom        string  `json:"prenom"`
		Sexe          string  `json:"sexe"` // Féminin or Masculin
		DateNaissance string  `json:"date_naissance"`
	}
	contact struct {
		Telephone  *string `json:"telephone"`
		Telephone2 *string `json:"telephone2"`
		Email      *string `json:"email"`
	}
	place struct {
		CodePostal   *string `json:"code_postal"`
		Commune      *string `json:"code_cog_insee_commune"`
		Localite     *string `json:"localite"`
		Voie         *string `json:"ligne_voie"`
		Destinataire *string `json:"ligne_complement_destinataire"`
		Complement   *string `json:"ligne_complement_adresse"`
		Distribution *string `json:"ligne_complement_distribution"`
		Nom          *string `json:"ligne_nom"`
	}
	entry struct {
		DateDebut     string   `json:"date_debut"`
		DateFin       *string  `json:"date_fin"`
		Categorie     category `json:"categorie"`
		Certification string   `json:"code_certification_cnav"`
	}
	category struct {
		Code    int    `json:"code"` // 1 to 5
		Libelle string `json:"libelle"`
	}
)

func certifications() []string { return []string{"VC", "IC", "PC", "AC", "DC", "RC", "None"} }

// document checks j, whose person is known, and gives it API Particulier's
// shape. ErrIncomplete when a member is missing, ErrShape when one cannot be
// what it says.
func (j jobseeker) document(identifier string) (status, error) {
	if j.Address == nil {
		return status{}, upstream.ErrIncomplete
	}
	who, err := j.civil()
	if err != nil {
		return status{}, err
	}
	registered, err := j.entry()
	if err != nil {
		return status{}, err
	}
	d := status{
		Identifiant: identifier, Identite: who, Inscription: registered,
		Contact: contact{j.Phone, j.Phone2, j.Email},
		Adresse: place(*j.Address),
	}
	return d, tidy(&d)
}

func (p person) civil() (civil, error) {
	if p.Civility == nil || p.Sex == nil {
		return civil{}, upstream.ErrIncomplete
	}
	if *p.Civility != "MME" && *p.Civility != "M." || *p.Sex != "Masculin" && *p.Sex != "Féminin" {
		return civil{}, upstream.ErrShape
	}
	born, _ := day(*p.Birthdate) // read before, by whose
	return civil{*p.Civility, *p.BirthName, p.UsageName, *p.GivenName, *p.Sex, born}, nil
}

func (r registration) entry() (entry, error) {
	if r.Begins == nil || r.Category == nil || r.CategoryLabel == nil || r.Certification == nil {
		return entry{}, upstream.ErrIncomplete
	}
	begins, ok := day(*r.Begins)
	code := strings.Index("12345", *r.Category) + 1
	if !ok || len(*r.Category) != 1 || code == 0 || !filled(*r.CategoryLabel) || !slices.Contains(certifications(), *r.Certification) {
		return entry{}, upstream.ErrShape
	}
	e := entry{DateDebut: begins, Categorie: category{code, *r.CategoryLabel}, Certification: *r.Certification}
	if r.Ends != nil && strings.TrimSpace(*r.Ends) != "" {
		ends, ok := day(*r.Ends)
		if !ok {
			return entry{}, upstream.ErrShape
		}
		e.DateFin = &ends
	}
	return e, nil
}

// tidy checks the texts that may be absent, and makes blank ones absent.
func tidy(d *status) error {
	a, c := &d.Adresse, &d.Contact
	for _, s := range []**string{
		&d.Identite.NomUsage, &c.Telephone, &c.Telephone2, &c.Email,
		&a.CodePostal, &a.Commune, &a.Localite, &a.Voie, &a.Destinataire, &a.Complement, &a.Distribution, &a.Nom,
	} {
		if *s != nil && !upstream.Text(**s) {
			return upstream.ErrShape
		}
		if *s != nil && strings.TrimSpace(**s) == "" {
			*s = nil
		}
	}
	return nil
}

func filled(s string) bool { return strings.TrimSpace(s) != "" && upstream.Text(s) }

// day reads a date, which France Travail writes as midnight in France. The day
// is the one written: in UTC it would be the day before.
func day(s string) (string, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || len(s) < len(time.DateOnly) || t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0 || t.Nanosecond() != 0 {
		return "", false
	}
	date := s[:len(time.DateOnly)]
	return date, providers.ValidBirthdate(date)
}

// found gives a document as an answer. &, < and > stay as they are: the
// document's bytes are digested later and should be those anyone would write.
func found(document any) providers.Answer {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(document) != nil {
		return upstream.Unavailable(upstream.ErrShape)
	}
	return providers.Answer{Outcome: providers.Found, Document: bytes.TrimSuffix(b.Bytes(), []byte("\n"))}
}
