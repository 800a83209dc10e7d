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
)

// What the hub sends of a household. Pointers tell a member that is absent or
// null from an empty one. P is a person as the resource describes them.
type (
	family[P any] struct {
		Allocataires *[]P            `json:"allocataires"`
		Enfants      json.RawMessage `json:"enfants"` // the hub leaves it out when there are none; null is an error
		Adresse      *address        `json:"adresse"`
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

// lists are the claimants and the children. ErrIncomplete when a member of the
// family is missing.
func (f family[P]) lists() (adults, children []P, err error) {
	if f.Allocataires == nil || f.Adresse == nil {
		return nil, nil, upstream.ErrIncomplete
	}
	if f.Enfants == nil {
		return *f.Allocataires, nil, nil
	}
	var list *[]P
	if upstream.Decode(f.Enfants, &list) != nil || list == nil {
		return nil, nil, upstream.ErrShape
	}
	return *f.Allocataires, *list, nil
}

// converted gives a list its shape in the document; most is how long it may be.
func converted[P, C any](list []P, most int, convert func(P) (C, error)) ([]C, error) {
	if len(list) > most {
		return nil, upstream.ErrShape
	}
	out := make([]C, 0, len(list))
	for _, p := range list {
		c, err := convert(p)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// found is the answer with that document.
func found(document any) providers.Answer {
	body, err := encode(document)
	if err != nil {
		return upstream.Unavailable(upstream.ErrShape)
	}
	return providers.Answer{Outcome: providers.Found, Document: body}
}

// encode keeps &, < and > as they are: the document's bytes are digested later
// and should be those anyone would write.
func encode(document any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(document)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
