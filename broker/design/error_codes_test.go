package design_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"accord/oidc/issuer"
)

// madeError is where the sources name a code of the issuer's errors.
var madeError = regexp.MustCompile(`(?:NewError\(|ErrorURL\([^,\n]+, |pageError\("[a-z_]*", |errorBody\{Code: |issuer\.Error\{[^}\n]*Code: |&Error\{\s*[^}\n]*Code: |&Refusal\{Code: |\be\.Code = )"([a-z_]+)"`)

// TestEveryErrorCodeOfTheSourcesIsInTheTable: the table is what developers
// read, and what it lacks would leave as server_error.
func TestEveryErrorCodeOfTheSourcesIsInTheTable(t *testing.T) {
	made := map[string]string{} // code → a file that makes it
	for _, folder := range []string{"oidc/issuer", "broker", "consent"} {
		err := filepath.WalkDir(filepath.Join(moduleRoot(t), folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, found := range madeError.FindAllStringSubmatch(string(source), -1) {
				made[found[1]] = filepath.Base(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, listed := range issuer.ErrorCodes() {
		if made[listed.Code] == "" {
			t.Errorf("%s is in the table, and nothing makes it", listed.Code)
		}
		delete(made, listed.Code)
	}
	for code, file := range made {
		t.Errorf("%s makes %s, which is not in the table", file, code)
	}
}
