package apiparticulier

import (
	"errors"
	"strings"

	"accord/providers"
	"accord/providers/upstream"
)

// errUnbound says that an answer found by what the citizen typed names nobody.
var errUnbound = errors.New("entitlement lacks the identity scope, without which nobody can tell whose answer it is")

// A standing is where an answer names people.
type standing struct {
	at     string // member of data: a person, or a list of them
	civil  func(v map[string]any, asked providers.Identity) providers.Civil
	second bool // names others than the one who asks: alone, it does not bind
}

// one is a member that names the one person.
func one(at, name, given string) []standing {
	return []standing{{at: at, civil: written(name, given)}}
}

// household is where the claimants and children stand. Somebody may be either;
// the children alone do not tell that the claimant is another.
func household() []standing {
	civil := written("nom_naissance", "prenoms")
	return []standing{{at: "allocataires", civil: civil}, {at: "enfants", civil: civil, second: true}}
}

func written(name, given string) func(map[string]any, providers.Identity) providers.Civil {
	return func(v map[string]any, _ providers.Identity) providers.Civil {
		return providers.Civil{BirthName: asText(v[name]), GivenNames: asText(v[given]), Birthdate: asText(v["date_naissance"])}
	}
}

// asText is a text, or texts joined by spaces.
func asText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, asText(one))
		}
		return strings.Join(all, " ")
	}
	return ""
}

// belongs wants the person asked to stand in the answer, where it names people.
func (r *resource) belongs(a answered) error {
	named := false
	for _, s := range r.persons {
		v, ok := a.tree[s.at]
		if !ok {
			continue
		}
		named = named || !s.second
		if s.holds(v, a.asked.whom) {
			return nil
		}
	}
	switch {
	case named && a.asked.typed:
		return ErrAnothersIdentifier
	case named:
		return upstream.ErrAnotherPerson
	case a.asked.bound && len(r.persons) > 0:
		return errUnbound
	}
	return nil
}

func (s standing) holds(v any, asked providers.Identity) bool {
	people, ok := v.([]any)
	if !ok {
		people = []any{v}
	}
	for _, p := range people {
		if m, ok := p.(map[string]any); ok && asked.Is(s.civil(m, asked)) {
			return true
		}
	}
	return false
}
