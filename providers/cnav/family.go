package cnav

import (
	"bytes"
	"encoding/json"

	"accord/providers"
	"accord/providers/upstream"
)

const (
	maxAdults   = 8
	maxChildren = 40
	maxValue    = 1_000_000 // euros a month
)

// The hub's answer. Pointers tell a member that is absent or null from an
// empty one.
type (
	household struct {
		Allocataires *[]person       `json:"allocataires"`
		Enfants      json.RawMessage `json:"enfants"` // the hub leaves it out when there are none; null is an error
		Adresse      *address        `json:"adresse"`
		Quotient     *int            `json:"quotientFamilial"` // null or absent: none for this month
		Annee        *int            `json:"annee"`            // of the computation
		Mois         *int            `json:"mois"`
	}
	person struct {
		BirthName  *string         `json:"nomNaissance"`
		UsageName  *string         `json:"nomUsage"` // absent when there is none
		GivenNames *string         `json:"listePrenoms"`
		Birthdate  json.RawMessage `json:"dateNaissance"` // null and "" are blank, absent is an error
		Sex        *string         `json:"genre"`
	}
	address struct {
		Identite               *string `json:"identite"`
		ComplementInformation  *string `json:"complementInformation"`
		ComplementInformationG *string `json:"complementInformationGeo"`
		NumeroLibelleVoie      *string `json:"numeroLibelleVoie"`
		LieuDit                *string `json:"lieuDit"`
		CodePostalVille        *string `json:"codePostalVille"`
		Pays                   *string `json:"pays"`
	}
)

// read turns the body of a 200 into an answer: whose it is comes first, then
// whether it is whole, then whether there is a quotient at all.
func read(body []byte, i providers.Identity, asked period, operator string) providers.Answer {
	var h household
	if err := upstream.Decode(body, &h); err != nil {
		return upstream.Unavailable(err)
	}
	d, err := h.document(asked, operator)
	if err != nil {
		return upstream.Unavailable(err)
	}
	if !d.holds(i) {
		return upstream.Unavailable(upstream.ErrAnotherPerson)
	}
	if h.Quotient == nil {
		return providers.Answer{Outcome: providers.NoFile, Cause: errNoFile}
	}
	document, err := encode(d)
	if err != nil {
		return upstream.Unavailable(upstream.ErrShape)
	}
	return providers.Answer{Outcome: providers.Found, Document: document}
}

// encode keeps &, < and > as they are: the document's bytes are digested later
// and should be those anyone would write.
func encode(d document) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(d)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
