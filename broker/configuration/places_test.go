package configuration

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPlacesAreFoundWithoutSecretsClientsAndApprovals(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"secrets", "clients", "approvals"} {
		must(t, os.RemoveAll(filepath.Join(w.dir, name)))
	}
	c, mistakes := LoadPlaces(w.accord)
	if c == nil || c.Ring == nil || c.Settings.Data == "" {
		t.Fatal(mistakes)
	}
	must(t, os.RemoveAll(filepath.Join(w.dir, "data")))
	if c, mistakes := LoadPlaces(w.accord); c != nil || len(mistakes) == 0 {
		t.Error("a store without its folder is accepted")
	}
}
