package design_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What make race leaves out cannot race: neither the package, nor its tests,
// nor any package of ours under it starts a goroutine.
func TestWhatTheRaceRunLeavesOutRunsAlone(t *testing.T) {
	root := moduleRoot(t)
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^ALONE = (.+)$`).FindStringSubmatch(string(makefile))
	if line == nil {
		t.Fatal("the Makefile has no ALONE")
	}
	below := ownPackages(t, `{{join .Deps " "}} {{join .TestImports " "}} {{join .XTestImports " "}}`)
	for _, pkg := range strings.Fields(line[1]) {
		if _, there := below[pkg]; !there {
			t.Errorf("ALONE names %s, which is no package", pkg)
		}
		for _, file := range filesOf(t, filepath.Join(root, pkg), true) {
			alone(t, file)
		}
		for _, d := range below[pkg] {
			if own, ok := strings.CutPrefix(d, "accord/"); ok && own != pkg {
				for _, file := range filesOf(t, filepath.Join(root, own), false) {
					alone(t, file)
				}
			}
		}
	}
}

func filesOf(t *testing.T, folder string, tests bool) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %d files, %v", folder, len(all), err)
	}
	return slices.DeleteFunc(all, func(name string) bool { return !tests && strings.HasSuffix(name, "_test.go") })
}

// alone reports what starts a goroutine in a file.
func alone(t *testing.T, file string) {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	starts := []string{"Go", "Parallel", "RunParallel", "NewServer", "NewTLSServer", "NewUnstartedServer", "Serve", "ListenAndServe", "AfterFunc"}
	ast.Inspect(parsed, func(n ast.Node) bool {
		_, found := n.(*ast.GoStmt)
		if s, ok := n.(*ast.SelectorExpr); ok {
			found = slices.Contains(starts, s.Sel.Name)
		}
		if found {
			t.Errorf("%s starts a goroutine: make race must not leave its package out", files.Position(n.Pos()))
		}
		return true
	})
}
