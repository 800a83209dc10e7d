package apiparticulier

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A lack is an entitlement without a scope that a wanted datum needs.
type lack struct{ scope string }

func (l lack) Error() string { return fmt.Sprintf("entitlement lacks the scope %s", l.scope) }

// complete wants every member that the wanted ids need. A path below a member
// that is itself masked counts where that member is; it must count somewhere.
func (r *resource) complete(tree map[string]any, wanted []string) error {
	for _, id := range wanted {
		found := false
		for _, path := range r.scopes[id] {
			switch reach(tree, path) {
			case absent:
				return lack{id}
			case there:
				found = true
			}
		}
		if !found {
			return lack{id}
		}
	}
	return nil
}

// What a path leads to.
type reached int

const (
	there   reached = iota // everywhere it should
	masking                // its parent is masked
	absent
)

// reach follows "a", "a.b" or "a[].b".
func reach(tree map[string]any, path string) reached {
	parent, name, nested := strings.Cut(path, ".")
	if !nested {
		if _, ok := tree[path]; !ok {
			return absent
		}
		return there
	}
	above, ok := tree[strings.TrimSuffix(parent, "[]")]
	if !ok {
		return masking
	}
	elements, ok := above.([]any)
	if !ok {
		elements = []any{above}
	}
	for _, e := range elements {
		if m, ok := e.(map[string]any); !ok || reach(m, name) != there {
			return absent
		}
	}
	return there
}

func sorted(scopes map[string][]string) []string { return slices.Sorted(maps.Keys(scopes)) }
