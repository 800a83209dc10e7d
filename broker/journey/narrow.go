package journey

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"accord/broker/store"
	"accord/consent"
	"accord/oidc/issuer/details"
)

// Within is the snapshot without what its person has since taken back: each
// part masked again to the data and fields that are left of their agreement, a
// part of nothing left gone. A snapshot of nothing else is given as it is.
func (s Snapshot) Within(data, fields []string) (Snapshot, error) {
	left := Snapshot{Parts: map[string]Part{}}
	for resource, part := range s.Parts {
		kept := among(part.Data, data)
		if len(kept) == 0 {
			continue
		}
		if len(kept) < len(part.Data) {
			var err error
			if part, err = part.narrowed(resource, kept, fields); err != nil {
				return Snapshot{}, err
			}
		}
		left.Parts[resource] = part
	}
	return left, nil
}

func (p Part) narrowed(resource string, kept, fields []string) (_ Part, err error) {
	p.Data, p.Fields = kept, among(p.Fields, fields)
	var paths []string
	for _, field := range p.Fields {
		_, path, _ := strings.Cut(field, "#")
		paths = append(paths, path)
	}
	if p.Document != nil {
		if p.Document, err = consent.Mask(p.Document, paths); err != nil {
			return Part{}, fmt.Errorf("masking %s again: %w", resource, err)
		}
	}
	if slices.ContainsFunc(paths, func(path string) bool { return consent.IsAnswer([]string{path}) }) {
		p.Period = "" // it may have been that of a value which is gone: beside an answer none stands
	}
	return p, nil
}

// ScopesLeft leaves out what its person has taken back since a code was given:
// data go by their catalogue ids among the scopes.
func ScopesLeft(scopes []string, g store.Grant) []string {
	return among(scopes, append([]string{"openid"}, g.Data...))
}

// DetailsLeft is ScopesLeft of authorization_details (RFC 9396); null stays.
func DetailsLeft(all json.RawMessage, g store.Grant) (json.RawMessage, error) {
	if len(all) == 0 {
		return all, nil
	}
	var asked []details.Request
	if err := json.Unmarshal(all, &asked); err != nil {
		return nil, fmt.Errorf("reading what was agreed to: %w", err)
	}
	for i := range asked {
		asked[i] = asked[i].Only(g.Data)
	}
	left, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("writing what is left: %w", err)
	}
	return left, nil
}

// left narrows what a code or token is bound to to what its grant still covers.
func (b Bound) left(g store.Grant) (Bound, error) {
	var err error
	b.Scopes = ScopesLeft(b.Scopes, g)
	b.Binding.Details, err = DetailsLeft(b.Binding.Details, g)
	return b, err
}

// among keeps of some what stands in all.
func among(some, all []string) []string {
	return slices.DeleteFunc(slices.Clone(some), func(s string) bool { return !slices.Contains(all, s) })
}
