package design_test

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport says, for the package or folder with the longest name that fits,
// which of our own packages it may import (design §3): imports go one way,
// cmd → broker → the leaves, and leaves do not import each other.
func mayImport() map[string][]string {
	leaves := []string{"oidc/...", "consent/...", "providers", "ui"}
	proofs := []string{"consent/receipt", "consent/ledger", "consent/audit"}
	stores := []string{"broker/store", "consent/audit", "consent/ledger"}
	return map[string][]string{
		"cmd":                         append([]string{"cmd/...", "broker/...", "providers/..."}, leaves...),
		"cmd/accord-verify":           proofs,
		"cmd/accord-witness":          proofs,
		"cmd/accord-demo/headless":    nil,
		"cmd/accord-demo/townhall":    {"oidc/serviceprovider"},
		"broker":                      append([]string{"broker/..."}, leaves...),
		"broker/boltstore":            stores,
		"broker/pgstore":              stores,
		"broker/storetest":            stores,
		"broker/store":                {"consent/audit", "consent/ledger"},
		"broker/promises":             nil,
		"oidc/franceconnect":          {"oidc/franceconnect/..."},
		"oidc/issuer":                 {"oidc/issuer/details", "oidc/issuer/jwksuri"},
		"oidc/issuer/details":         nil,
		"oidc/issuer/jwksuri":         nil,
		"oidc/proconnect":             {"oidc/proconnect/..."},
		"oidc/proconnect/pcsim":       nil,
		"oidc/serviceprovider":        proofs,
		"consent":                     proofs,
		"consent/audit":               {"consent/receipt", "consent/ledger"},
		"consent/receipt":             nil,
		"consent/ledger":              nil,
		"providers":                   {"providers", "providers/upstream", "providers/faults"},
		"ui":                          nil,
		"oidc/franceconnect/fcsim":    nil,
		"providers/faults":            nil,
		"broker/clocks":               nil,
		"broker/failure":              nil,
		"broker/seal":                 nil,
		"cmd/accord/examples":         nil,
		"cmd/accord/examples/service": {"oidc/serviceprovider"},
		"broker/admin":                {"broker/..."},
		"broker/keyring":              {"broker/store", "consent/audit", "consent/receipt"},
		"broker/configuration":        {"broker/keyring", "consent/...", "oidc/issuer"},
		"broker/journey":              append([]string{"broker/..."}, leaves...),
		"broker/resource":             append([]string{"broker/..."}, leaves...),
		"cmd/accord-demo/country":     append([]string{"cmd/...", "broker/...", "providers/..."}, leaves...),
		"providers/sourcetest":        {"providers", "providers/upstream", "providers/faults"},
		"providers/upstream":          {"providers"},
	}
}

func TestImportsGoOneWay(t *testing.T) {
	rules := mayImport()
	for pkg, imports := range ownPackages(t, "{{join .Imports \" \"}}") {
		allowed, known := rules[ruleFor(rules, pkg)]
		if !known {
			t.Errorf("%s lies in no layer", pkg)
		}
		for _, i := range imports {
			own, ours := strings.CutPrefix(i, "accord/")
			if ours && !slices.ContainsFunc(allowed, func(a string) bool { return covers(a, own) }) {
				t.Errorf("%s imports %s; it may import %v", pkg, own, allowed)
			}
		}
	}
}

// ruleFor is the longest name in rules that is pkg or a folder above it.
func ruleFor(rules map[string][]string, pkg string) string {
	best := ""
	for name := range maps.Keys(rules) {
		if covers(name+"/...", pkg) && len(name) > len(best) {
			best = name
		}
	}
	return best
}

// covers understands "a/..." as go does: a and all below it.
func covers(pattern, pkg string) bool {
	folder, all := strings.CutSuffix(pattern, "/...")
	return pkg == folder || all && strings.HasPrefix(pkg, folder+"/")
}

// Some libraries have one place each.
func TestEachLibraryStaysInItsLayer(t *testing.T) {
	layers := map[string][]string{
		"github.com/gin-gonic/gin": {"broker/..."}, "go.etcd.io/bbolt": {"broker/boltstore", "cmd/accord-demo/bench"}, "github.com/jackc/pgx": {"broker/pgstore"},
		// The baseline of the benchmarks is that library, without Accord.
		"github.com/zitadel/oidc":           {"oidc/issuer", "oidc/proconnect", "cmd/accord-demo/bench/baseline"},
		"github.com/piglig/go-qr":           {"broker/desk", "broker/verification"},
		"github.com/makiuchi-d/gozxing":     {"broker/verification"},
		"github.com/coreos/go-oidc":         {"cmd/accord-demo/townhall"},                    // a third party's client on purpose
		"golang.org/x/oauth2":               {"cmd/accord-demo/townhall", "oidc/proconnect"}, // there for its errors
		"pgregory.net/rapid":                {"broker/storetest"},
		"github.com/anishathalye/porcupine": {"broker/storetest"},
	}
	for pkg, imports := range ownPackages(t, "{{join .Imports \" \"}}") {
		for _, i := range imports {
			for library, homes := range layers {
				if covers(library+"/...", i) && !slices.ContainsFunc(homes, func(home string) bool { return covers(home, pkg) }) {
					t.Errorf("%s imports %s, which belongs to %v", pkg, i, homes)
				}
			}
		}
	}
}

// What is linked, by whatever way.
func TestCommandsLinkOnlyWhatTheyNeed(t *testing.T) {
	never := map[string][]string{
		"cmd/accord":        {"testing", "net/http/httptest", "accord/providers/faults"},
		"cmd/accord-verify": {"net/http", "github.com/gin-gonic/gin", "go.etcd.io/bbolt", "os/exec", "plugin"},
	}
	for pkg, deps := range ownPackages(t, "{{join .Deps \" \"}}") {
		for _, d := range deps {
			sim := strings.HasPrefix(d, "accord/") && (strings.HasSuffix(d, "sim") || strings.HasSuffix(d, "test") || strings.HasPrefix(d, "accord/cmd/accord-demo"))
			if slices.Contains(never[pkg], d) || never[pkg] != nil && sim {
				t.Errorf("%s links %s", pkg, d)
			}
		}
	}
}

func TestNoPackageIsNamedForNothing(t *testing.T) {
	empty := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "misc", "shared", "base"}
	for pkg := range ownPackages(t, "") {
		if slices.Contains(empty, pkg[strings.LastIndex(pkg, "/")+1:]) {
			t.Errorf("package %s says nothing about what it holds", pkg)
		}
	}
}

// ownPackages is, for each package of the module without its prefix, the words
// that a template of go list gives.
func ownPackages(t *testing.T, template string) map[string][]string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.ImportPath}} "+template, "./...")
	list.Dir = moduleRoot(t)
	out, err := list.Output()
	if err != nil {
		t.Fatal("listing packages:", err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		all[strings.TrimPrefix(words[0], "accord/")] = words[1:]
	}
	if len(all) < 20 {
		t.Fatalf("only %d packages found", len(all))
	}
	return all
}
