package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

var (
	templateAction = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	templateTag    = regexp.MustCompile(`(?s)<[^>]*>`)
	spokenAttr     = regexp.MustCompile(`\b(?:alt|title|placeholder|aria-label|summary|content)="([^"]*)"`)
)

// What a template says beside its texts: names that are the same in every
// language, and codes.
func sayable(s string) bool {
	if isCommand(s) || !strings.Contains(s, " ") && strings.ContainsAny(s, ".-/") {
		return true // a command, an address or a member's name
	}
	return slices.Contains([]string{
		"", "Accord", "FranceConnect", "jws",
		"Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07",
	}, s)
}

// isCommand tells a line to type, which is the same in every language.
func isCommand(s string) bool { return strings.HasPrefix(s, "accord-verify ") }

// No sentence stands in a template: whatever is not a tag or an action is a
// name or a mark.
func TestNoTemplateHoldsASentenceOfItsOwn(t *testing.T) {
	files, err := filepath.Glob("templates/*.html")
	if err != nil || len(files) < 20 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		source, err := templateFiles.ReadFile(filepath.ToSlash(file))
		if err != nil {
			t.Fatal(err)
		}
		bare := templateAction.ReplaceAllString(string(source), "\x00")
		var said []string
		for _, m := range spokenAttr.FindAllStringSubmatch(bare, -1) {
			said = append(said, m[1])
		}
		said = append(said, strings.FieldsFunc(templateTag.ReplaceAllString(bare, "\x00"), func(r rune) bool { return r == 0 || r == '\n' })...)
		for _, s := range said {
			if s = strings.Trim(s, " \x00.,:;()–·/#&?=\u00a0"); !sayable(s) && strings.ContainsFunc(strings.ReplaceAll(s, "nbsp", ""), unicode.IsLetter) {
				t.Errorf("%s says %q by itself", file, s)
			}
		}
	}
}

var wordyLiteral = regexp.MustCompile(`\pL{2,} \pL{2,} \pL{2,}|[éèêàçùôî]`)

// No sentence stands in the pages' code either: what a person reads is in a
// locale file. Errors are for the log.
func TestNoPageCodeHoldsASentence(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{"../broker/journey/*.go", "../broker/citizen/*.go", "../broker/desk/*.go", "../broker/habilitations/*.go", "../broker/statistics/*.go"} {
		found, _ := filepath.Glob(more)
		files = append(files, found...)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && forTheLog(call) {
				return false
			}
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if text, err := strconv.Unquote(lit.Value); err == nil && wordyLiteral.MatchString(text) && !isCommand(text) && !strings.HasPrefix(text, "default-src") {
				t.Errorf("%s: %q", set.Position(lit.Pos()), text)
			}
			return true
		})
	}
}

// forTheLog tells a call whose words no page shows: errors, log lines, and what
// the service provider's developers are told.
func forTheLog(call *ast.CallExpr) bool {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	return regexp.MustCompile(`^(New|Newf|Errorf|panic|Error|Warn|Info|Debug|\w+Context|ErrorURL|LogAttrs|MustCompile|Log|failed|view|NewError|invalidRequest)$`).MatchString(name)
}

var frenchWord = regexp.MustCompile(`(?i)(?:^|[\s(«"'’])(le|la|les|des|du|une|vous|votre|vos|nous|est|sont|pour|avec|dans|pas|et|ou|sur|qui|que|ce|cette)(?:$|[\s,.;:)»"])`)

// No French was left in the English file. Names of French bodies and of French
// papers are names.
func TestNoFrenchIsLeftInTheEnglishFile(t *testing.T) {
	u := newUI(t, true)
	fr, en := u.speech["fr"].texts, u.speech["en"].texts
	for key, text := range en {
		text = strings.ReplaceAll(text, "Défenseur des droits", "")
		if m := frenchWord.FindAllString(text, -1); len(m) > 1 || len(m) == 1 && strings.ContainsAny(text, "éèêàçùœ") {
			t.Errorf("%s: %q", key, text)
		}
		if text == fr[key] && len(strings.Fields(text)) > 3 {
			t.Errorf("%s is the same in both: %q", key, text)
		}
	}
}
