package broker_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/consent"
)

var update = flag.Bool("update", false, "write the catalogue's table into README.md")

const (
	readme   = "../README.md"
	overview = "design/0000-overview.md"
)

func TestReadmeTellsTheCatalogue(t *testing.T) {
	page := text(t, readme)
	const begin, end = "<!-- catalogue: go test ./broker -run TestReadmeTellsTheCatalogue -update -->\n", "<!-- /catalogue -->\n"
	before, rest, opened := strings.Cut(page, begin)
	have, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		t.Fatal("README.md has lost the marks around the catalogue's table")
	}
	want := catalogueTable(t)
	if *update && have != want {
		if err := os.WriteFile(readme, []byte(before+begin+want+end+after), 0o644); err != nil { //nolint:gosec // G306: a page everybody reads
			t.Fatal(err)
		}
		have = want
	}
	if have != want {
		t.Error("the table of README.md differs from the catalogue: run go test ./broker -run TestReadmeTellsTheCatalogue -update")
	}
}

func catalogueTable(t *testing.T) string {
	t.Helper()
	var words struct {
		Datum  map[string]struct{ Label string }
		Source map[string]struct{ Name string }
	}
	if err := yaml.Unmarshal([]byte(text(t, "../ui/locales/fr.yaml")), &words); err != nil {
		t.Fatal(err)
	}
	table := "| id, which is also the scope | what citizens read | source | about | unit |\n|---|---|---|---|---|\n"
	for _, d := range consent.DefaultCatalogue().Data() {
		label := words.Datum[d.ID].Label
		if label == "" {
			t.Errorf("%s has no French label", d.ID)
		}
		table += fmt.Sprintf("| `%s` | %s | `%s` | %s | %s |\n", d.ID, label, d.Source, d.Subject, d.Unit)
	}
	return table
}

func TestEveryTestNamedInThePagesExists(t *testing.T) {
	names := regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w*(?:/\w+)*`)
	code := testCode(t)
	for _, page := range pages(t) {
		for _, name := range names.FindAllString(text(t, page), -1) {
			function, subtests, _ := strings.Cut(name, "/")
			if !strings.Contains(code, "func "+function+"(") {
				t.Errorf("%s names %s, which does not exist", page, function)
			}
			for sub := range strings.SplitSeq(subtests, "/") {
				if sub != "" && !strings.Contains(code, `"`+sub+`"`) {
					t.Errorf("%s names the subtest %s, which does not exist", page, sub)
				}
			}
		}
	}
}

func TestEveryLinkOfThePagesLeadsToAFile(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s#]+)[^)]*\)`)
	for _, page := range pages(t) {
		for _, found := range link.FindAllStringSubmatch(text(t, page), -1) {
			if strings.Contains(found[1], ":") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), found[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, found[1], err)
			}
		}
	}
}

// pages are what people read first.
func pages(t *testing.T) []string {
	t.Helper()
	all := []string{readme, "../cmd/accord/PRIVACY.md", "../cmd/accord/SERVICE-PROVIDERS.md"}
	for _, pattern := range []string{"design/*.md", "../.github/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %d pages", pattern, err, len(found))
		}
		all = append(all, found...)
	}
	return all
}

// testCode is every line a test's name can stand in, the shared suites
// included.
func testCode(t *testing.T) string {
	t.Helper()
	var code strings.Builder
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		suite := strings.HasSuffix(filepath.Dir(path), "test")
		if err == nil && strings.HasSuffix(path, ".go") && (suite || strings.HasSuffix(path, "_test.go")) {
			code.WriteString(text(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return code.String()
}

func text(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
