package francetravail

import (
	"net/http"

	"accord/providers"
	"accord/providers/upstream"
)

// France Travail's answer about a jobseeker. Blank texts stand for none.
type (
	jobseeker struct {
		person
		registration
		Address *address `json:"adresse"`
	}
	person struct {
		Civility  *string `json:"civilite"`
		BirthName *string `json:"nom"`
		UsageName *string `json:"nomUsage"`
		GivenName *string `json:"prenom"` // the first one only
		Sex       *string `json:"sexe"`
		Birthdate *string `json:"dateNaissance"`
		Phone     *string `json:"telephone"`
		Phone2    *string `json:"telephone2"`
		Email     *string `json:"email"`
	}
	address struct { // its fields are place's
		CodePostal   *string `json:"codePostal"`
		Commune      *string `json:"INSEECommune"`
		Localite     *string `json:"localite"`
		Voie         *string `json:"ligneVoie"`
		Destinataire *string `json:"ligneComplementDestinataire"`
		Complement   *string `json:"ligneComplementAdresse"`
		Distribution *string `json:"ligneComplementDistribution"`
		Nom          *string `json:"ligneNom"`
	}
	registration struct {
		Begins        *string `json:"dateInscription"`
		Ends          *string `json:"dateCessationInscription"`
		Category      *string `json:"categorieInscription"`
		CategoryLabel *string `json:"libellecategorieInscription"`
		Certification *string `json:"codeCertificationCNAV"`
	}
)

// readStatus turns the body of a 200 into an answer: whose it is comes first,
// then whether it is whole.
func readStatus(body []byte, i providers.Identity, identifier string) providers.Answer {
	var j jobseeker
	if err := upstream.Decode(body, &j); err != nil {
		return upstream.Unavailable(err)
	}
	if answer, ok := j.whose(i); !ok {
		return answer
	}
	d, err := j.document(identifier)
	if err != nil {
		return upstream.Unavailable(err)
	}
	return found(d)
}

// readWithoutStatus judges a 206: a person who is known, without registration.
func readWithoutStatus(r upstream.Reply, i providers.Identity) providers.Answer {
	var j jobseeker
	if upstream.Decode(r.Body, &j) != nil || j.BirthName == nil {
		return upstream.Unavailable(&upstream.Unlisted{Status: http.StatusPartialContent})
	}
	if answer, ok := j.whose(i); !ok {
		return answer
	}
	return providers.Answer{Outcome: providers.NoFile, Cause: errNoStatus}
}

// whose says whether p is i, or else what to answer. A name or birth date that
// cannot be read is nobody's.
func (p person) whose(i providers.Identity) (providers.Answer, bool) {
	if p.BirthName == nil || p.GivenName == nil || p.Birthdate == nil {
		return upstream.Unavailable(upstream.ErrIncomplete), false
	}
	born, ok := day(*p.Birthdate)
	if !ok || !filled(*p.BirthName) || !filled(*p.GivenName) {
		return upstream.Unavailable(upstream.ErrShape), false
	}
	if !i.Is(providers.Civil{BirthName: *p.BirthName, GivenNames: *p.GivenName, Birthdate: born}) {
		return providers.Answer{Outcome: providers.Refused, Cause: upstream.ErrAnothersIdentifier}, false
	}
	return providers.Answer{}, true
}
