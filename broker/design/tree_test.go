package design_test

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func moduleRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..") // go test runs a package's tests in its folder
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	return root
}

// sources is the path of every file that belongs to the project, from its
// root: what git holds or would take, or, outside a repository, what is there.
func sources(t *testing.T) []string {
	t.Helper()
	root := moduleRoot(t)
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	if out, err := list.Output(); err == nil && len(out) > 0 {
		all := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		slices.Sort(all)
		return slices.Compact(all)
	}
	var all []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || path == filepath.Join(root, "bin")) {
			return fs.SkipDir
		}
		if err == nil && d.Type().IsRegular() {
			relative, _ := filepath.Rel(root, path) // both are absolute
			all = append(all, filepath.ToSlash(relative))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheTopLevelHoldsWhatTheDesignNames(t *testing.T) {
	named := strings.Fields("cmd broker oidc consent providers ui go.mod go.sum Makefile README.md LICENSE")
	for _, path := range sources(t) {
		top, _, _ := strings.Cut(path, "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(named, top) {
			t.Errorf("%s lies at the top level", path)
		}
	}
}

// A machine's path or a registry's address in a file ties it to where it was
// made. The patterns are put together here so that this file holds none.
func TestNoFileNamesAMachineOrARegistry(t *testing.T) {
	var patterns []string
	for _, parts := range [][]string{
		{`(^|[^\w.])/`, `root/`},
		{`(^|[^\w.<])/`, `home/`},
		{`/`, `Users/`},
		{`(^|[^\w.])/`, `work/`},
		{`[A-Z]:\\`, `Users`},
		{`proxy\.`, `golang\.org`},
		{`sum\.`, `golang\.org`},
		{`registry\.`, `npmjs\.org`},
		{`registry\.`, `yarnpkg\.com`},
		{`GO`, `PROXY=`},
		{`//`, `deb\.debian\.org`},
		{`//`, `pypi\.org`},
	} {
		patterns = append(patterns, strings.Join(parts, ""))
	}
	forbidden := regexp.MustCompile(`(?m)` + strings.Join(patterns, "|"))
	read := 0
	for _, path := range sources(t) {
		data, err := os.ReadFile(filepath.Join(moduleRoot(t), path))
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted, and git does not know yet
		}
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(data[:min(len(data), 512)], 0) >= 0 {
			continue // no text
		}
		read++
		if found := forbidden.FindIndex(data); found != nil {
			line := 1 + strings.Count(string(data[:found[0]]), "\n")
			t.Errorf("%s:%d: %q", path, line, data[found[0]:found[1]])
		}
	}
	if read < 200 {
		t.Fatalf("only %d files read", read)
	}
}

// Promise 3, in the code: only the journey asks a source, because only it logs
// the attempt. A providers.Source has the only Query of two parameters.
// providers.ByCredential hands the query it was given to one of its accounts.
func TestOnlyTheJourneyAndTheDeliveriesCallASource(t *testing.T) {
	calls := map[string]int{}
	for _, path := range sources(t) {
		folder := path[:max(strings.LastIndex(path, "/"), 0)]
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || folder == "providers/sourcetest" || path == "providers/credential.go" || covers("ui/e2e/...", folder) {
			continue
		}
		for _, line := range queries(t, path) {
			calls[folder]++
			if folder != "broker/journey" && folder != "broker/resource" {
				t.Errorf("%s:%d queries a source", path, line)
			}
		}
	}
	if calls["broker/journey"] == 0 {
		t.Fatal("no call was seen, not even the journey's: the test proves nothing")
	}
}

// queries are the lines of a file that call a method Query of two parameters,
// or take the method as a value.
func queries(t *testing.T, path string) (lines []int) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, filepath.Join(moduleRoot(t), path), nil, parser.SkipObjectResolution)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	called := map[ast.Expr]bool{} // what is called is no method value
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			called[n.Fun] = true
			if name, ok := n.Fun.(*ast.SelectorExpr); ok && name.Sel.Name == "Query" && len(n.Args) == 2 {
				lines = append(lines, files.Position(n.Pos()).Line)
			}
		case *ast.SelectorExpr:
			// Within providers/ the name is also that of a field.
			if n.Sel.Name == "Query" && !called[n] && !isPackage(n.X, "providers") && imports(file, "accord/providers") && !covers("providers/...", path) {
				lines = append(lines, files.Position(n.Pos()).Line)
			}
		}
		return true
	})
	return lines
}

func isPackage(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}

func imports(f *ast.File, path string) bool {
	return slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"`+path+`"` })
}
