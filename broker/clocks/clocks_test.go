package clocks_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
	"text/template"

	"accord/broker/clocks"
)

var update = flag.Bool("update", false, "write cmd/accord/PRIVACY.md")

const privacy = "../../cmd/accord/PRIVACY.md"

func TestPrivacyPageSaysWhatTheProgramKeeps(t *testing.T) {
	page, err := template.ParseFiles("testdata/PRIVACY.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := page.Execute(&want, clocks.Retentions()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(privacy, want.Bytes(), 0o644); err != nil { //nolint:gosec // G306: a page everybody reads
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(privacy)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want.Bytes()) {
		t.Error("cmd/accord/PRIVACY.md differs from broker/clocks: run go test ./broker/clocks -update")
	}
}

func TestEveryRetentionSaysHowLong(t *testing.T) {
	for _, r := range clocks.Retentions() {
		for _, w := range []clocks.Words{r.What, r.Where, r.Long} {
			if w.FR == "" || w.EN == "" || strings.ContainsAny(w.FR+w.EN, "|\n") {
				t.Errorf("%+v", r)
			}
		}
		if strings.HasPrefix(r.Long.FR, "0 ") || strings.HasPrefix(r.Long.EN, "0 ") {
			t.Errorf("%+v", r)
		}
	}
	if clocks.ProofKept() != "P5Y" {
		t.Errorf("the consent page says %s; its sentence is translated for P5Y", clocks.ProofKept())
	}
}

func TestOverviewTellsEveryClock(t *testing.T) {
	page, err := os.ReadFile("../design/0000-overview.md")
	if err != nil {
		t.Fatal(err)
	}
	found := durations(t)
	if len(found) < 10 {
		t.Fatalf("only %d clocks found in clocks.go: this test would prove nothing", len(found))
	}
	for name, value := range found {
		if row := "| `" + name + "` | " + value + " |"; !strings.Contains(string(page), row) {
			t.Errorf("broker/design/0000-overview.md lacks %q", row)
		}
	}
}

// durations reads the constants of clocks.go as they are written there: N
// times a unit.
func durations(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "clocks.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	units := map[string]string{"Second": "s", "Minute": "min"}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		product, ok := spec.Values[0].(*ast.BinaryExpr)
		if !ok {
			t.Fatalf("%s is not written as a number times a unit", spec.Names[0].Name)
		}
		number, unit := product.X.(*ast.BasicLit), product.Y.(*ast.SelectorExpr)
		found[spec.Names[0].Name] = number.Value + " " + units[unit.Sel.Name]
		return false
	})
	return found
}
