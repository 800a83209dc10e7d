package configuration

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Every message a rule on approvals can write has its French sentence: the
// rules' sources are read for them.
func TestEveryMistakeOfAnApprovalIsToldInFrench(t *testing.T) {
	files, err := filepath.Glob("../../consent/*.go")
	must(t, err)
	files = append(files, "application.go", "approvals.go", "signature.go", "parse.go")
	seen := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "operator.go") || strings.Contains(file, "remark") {
			continue
		}
		for _, format := range messagesOf(t, file) {
			seen++
			if _, ok := translated(strings.NewReplacer("%s", "x", "%d", "7", "%q", "x").Replace(format)); !ok {
				t.Errorf("%s: no French for %q", file, format)
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d messages found: this test proves nothing", seen)
	}
}

// messagesOf are the literal formats given to add, match, problem and at.
func messagesOf(t *testing.T, file string) (formats []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	must(t, err)
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name, ok := call.Fun.(*ast.SelectorExpr)
		at := map[string]int{"add": 1, "match": 3, "problem": 1, "at": 1, "need": 2}
		if !ok || at[name.Sel.Name] == 0 || at[name.Sel.Name] >= len(call.Args) {
			return true
		}
		if text, ok := call.Args[at[name.Sel.Name]].(*ast.BasicLit); ok && text.Kind == token.STRING {
			if format, err := strconv.Unquote(text.Value); err == nil && format != "%s" {
				formats = append(formats, format)
			}
		}
		return true
	})
	return formats
}

func TestAFrenchMistakeKeepsItsPlaceAndItsValues(t *testing.T) {
	for message, want := range map[string]string{
		"version: is missing: write a version of at most 32 letters, digits, dots and hyphens, as \"1.0.0\"": "version : manque : écrire une version d'au plus 32 lettres",
		"data.required[0].id: \"x\" is listed twice: remove one":                                             "data.required[0].id : \"x\" est écrit deux fois",
		"\"colour\" is not a key in purpose: write one of id, label":                                         "\"colour\" n'est pas une clé de purpose : écrire l'une de id, label",
		"something nobody foresaw": "something nobody foresaw",
	} {
		got := Mistake{File: "a.yaml", Line: 3, Message: message}.French()
		if !strings.HasPrefix(got, "a.yaml:3: ") || !strings.Contains(got, want) {
			t.Errorf("%s\ntold as %s", message, got)
		}
	}
}
