package apiparticulier

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"accord/providers"
)

const (
	france   = "99100" // INSEE country code
	maxNames = 3       // first names taken, as the OpenAPI description says
)

var errSex = errors.New("source needs the sex of the civil status")

// A need is a part of the civil identity that a resource takes beside names
// and birth date (reference/api-particulier.md §3.2).
type need int

const (
	sex     need = iota // must be known
	sexSome             // when known
	country
	commune      // of those born in France
	partialBirth // an unknown day or month may be left out
)

// civil asks path about the person themselves.
func civil(path string, needs ...need) asker {
	return func(q providers.Query, _ day) (question, error) {
		return ofPerson(path, q.Identity, q.Recipient, needs...)
	}
}

// ofPerson asks path about i.
func ofPerson(path string, i providers.Identity, recipient string, needs ...need) (question, error) {
	v := url.Values{"recipient": {recipient}, "nomNaissance": {providers.PlainName(i.FamilyName)}, "prenoms[]": givenNames(i)}
	birth(v, i, slices.Contains(needs, partialBirth))
	letter := map[string]string{"male": "M", "female": "F"}[i.Gender]
	if letter == "" && slices.Contains(needs, sex) {
		return question{}, errSex
	}
	if letter != "" && (slices.Contains(needs, sex) || slices.Contains(needs, sexSome)) {
		v.Set("sexeEtatCivil", letter)
	}
	if slices.Contains(needs, country) && i.Birthcountry != "" {
		v.Set("codeCogInseePaysNaissance", i.Birthcountry)
	}
	if slices.Contains(needs, commune) && i.Birthcountry == france && i.Birthplace != "" {
		v.Set("codeCogInseeCommuneNaissance", i.Birthplace)
	}
	return question{path: path, parameters: v, whom: i}, nil
}

// givenNames are the first three, as the civil register writes them.
func givenNames(i providers.Identity) []string {
	names := i.GivenNames
	if len(names) == 0 {
		names = strings.Fields(i.GivenName)
	}
	var plain []string
	for _, name := range names {
		if name = providers.PlainName(name); name != "" {
			plain = append(plain, name)
		}
	}
	return plain[:min(len(plain), maxNames)]
}

// birth writes the three parts without leading zeros. Only the family branch
// takes a date without its day or month; the others are asked with the date as
// FranceConnect completes it.
func birth(v url.Values, i providers.Identity, partial bool) {
	date := i.CompletedBirthdate()
	if partial {
		date = i.RawBirthdate()
	}
	for n, name := range []string{"anneeDateNaissance", "moisDateNaissance", "jourDateNaissance"} {
		if part, err := strconv.Atoi(strings.Split(date, "-")[n]); err == nil && part > 0 {
			v.Set(name, strconv.Itoa(part))
		}
	}
}
