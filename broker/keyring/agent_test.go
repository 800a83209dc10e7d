package keyring

import (
	"path/filepath"
	"testing"
	"time"
)

// An agent's pseudonym is its own kind: stable, told apart by issuer, and never
// a citizen's or a service provider's.
func TestAnAgentsPseudonymIsOfItsOwnKind(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if err := Create(dir, "localhost/log/1", "http://localhost:1", time.Now()); err != nil {
		t.Fatal(err)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	a := r.Agent("https://agents.example", "ines")
	if len(a) != 43 || a != r.Agent("https://agents.example", "ines") {
		t.Errorf("pseudonym %q", a)
	}
	for name, other := range map[string]string{
		"another agent":  r.Agent("https://agents.example", "paul"),
		"another issuer": r.Agent("https://other.example", "ines"),
		"a citizen":      r.Citizen(Pivot{Issuer: "https://agents.example", Sub: "ines"}),
		"a subject":      r.Subject("https://agents.example", "ines"),
	} {
		if other == a {
			t.Errorf("%s has the same", name)
		}
	}
}
