package resource

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestEveryErrorOfTheCodeIsTold: each title that the code can answer stands in
// the table developers read.
func TestEveryErrorOfTheCodeIsTold(t *testing.T) {
	told := map[string]bool{}
	for _, e := range Errors() {
		told[e.Title] = true
		if e.Status < 400 || len(e.Code) != 5 || e.Detail == "" {
			t.Errorf("%+v", e)
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	titles := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, title := range titlesIn(file) {
			if titles++; !told[title] {
				t.Errorf("%s: %q is not told", name, title)
			}
		}
	}
	if titles < 25 {
		t.Errorf("only %d titles found: this test would prove nothing", titles)
	}
}

// titlesIn are the literals given to a member Title, and those an error is
// made of by assignment (e.Code, e.Title = "…", "…").
func titlesIn(file *ast.File) (titles []string) {
	literal := func(e ast.Expr) {
		if l, ok := e.(*ast.BasicLit); ok {
			if s, err := strconv.Unquote(l.Value); err == nil {
				titles = append(titles, s)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Title" {
				literal(n.Value)
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if s, ok := left.(*ast.SelectorExpr); ok && s.Sel.Name == "Title" && i < len(n.Rhs) {
					literal(n.Rhs[i])
				}
			}
		}
		return true
	})
	return titles
}
