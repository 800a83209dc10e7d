package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"

	"accord/cmd/accord-demo/country"
)

var update = flag.Bool("update", false, "write the goldens of testdata")

// What a screen reader says of the main pages, roles and names, is under
// golden: a change is read before it is made.
func TestTheAccessibilityTreesAreThoseOfTheGoldens(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		for _, s := range []stop{
			{"connexion", func(b *tab) { toConnexion(b, shared) }},
			{"consent", func(b *tab) { toConsent(b, shared, "camille") }},
			{"consent-answers", func(b *tab) { toBand(b, "camille") }},
			{"my-agreements", func(b *tab) { toOneAgreement(b) }},
			{"receipt", func(b *tab) { agree(b, shared, "camille").click("#receipt").expect("#jws") }},
			{"error", func(b *tab) { b.goTo(shared.Accord + "/connexion?i=AAAAAAAA").error("A09") }},
		} {
			t.Run(s.name+"."+lang, func(t *testing.T) {
				t.Parallel()
				b := open(t)
				b.language(lang)
				s.reach(b)
				compareTree(t, s.name+"."+lang, b.accessTree())
			})
		}
	}
}

// toOneAgreement lists the one agreement of a country of its own.
func toOneAgreement(b *tab) {
	b.t.Helper()
	c := own(b.t, country.Options{})
	agree(b, c, "camille")
	b.goTo(c.Accord + "/mes-accords").click("#submit")
	identify(b, "camille").expect("article")
}

func compareTree(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; after reading the change: go test -run %s -update\n%s", file, t.Name(), got)
	}
}

// silent roles say nothing of their own.
func silent(role string) bool {
	return slices.Contains([]string{"", "none", "generic", "InlineTextBox", "StaticText", "ListMarker", "LineBreak", "LabelText", "strong", "code", "paragraph", "Abbr"}, role)
}

// accessTree writes the page's tree, a node a line: role, level or state, name.
// Text that stands alone is a line too.
func (b *tab) accessTree() string {
	b.t.Helper()
	call(b, accessibility.Enable, struct{}{})
	nodes := call(b, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes
	byID := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range nodes {
		byID[n.NodeID] = n
	}
	var out strings.Builder
	var write func(n *accessibility.Node, depth int, named string)
	write = func(n *accessibility.Node, depth int, named string) {
		role, name := axText(n.Role), axText(n.Name)
		switch {
		case !n.Ignored && role == "StaticText" && !strings.Contains(named, strings.TrimSpace(name)):
			fmt.Fprintf(&out, "%s%q\n", strings.Repeat(" ", depth), lasting(name))
		case !n.Ignored && !silent(role):
			fmt.Fprintf(&out, "%s%s%s %q\n", strings.Repeat(" ", depth), role, axState(n), lasting(name))
			depth, named = depth+1, name
		}
		for _, id := range n.ChildIDs {
			if child := byID[id]; child != nil {
				write(child, depth, named)
			}
		}
	}
	write(nodes[0], 0, "")
	return out.String()
}

func axText(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s string
	_ = json.Unmarshal([]byte(v.Value), &s) // what is no text has none
	return s
}

// axState is what is said beside the name.
func axState(n *accessibility.Node) string {
	var said string
	for _, p := range n.Properties {
		if slices.Contains([]string{"level", "checked", "expanded", "required", "invalid"}, string(p.Name)) {
			if v := strings.Trim(string(p.Value.Value), `"`); v != "false" {
				said += fmt.Sprintf(" %s=%s", p.Name, v)
			}
		}
	}
	return said
}

var passing = []struct{ shape, as string }{
	{`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`, "‹reference›"},
	{`\b(?:sha-256:)?[A-Za-z0-9_-]*[0-9_][A-Za-z0-9_-]{20,}`, "‹id›"},
	{`localhost:\d+(?:/log/\d+#\d+)?`, "‹host›"},
	{`127\.0\.0\.1:\d+`, "‹host›"},
	{`#\d+`, "‹position›"},
	{`\d{1,2}[\s\x{a0}]h[\s\x{a0}]\d{2}`, "‹hour›"},
	{`\d{1,2}\.\d{2}[\s\x{a0}][ap]m`, "‹hour›"},
	{`(?:1er|\d{1,2}) \pL+ 20(?:2[5-9]|[3-9]\d)`, "‹day›"},
	{`\pL+ 20(?:2[5-9]|[3-9]\d)`, "‹month›"},
}

// keyID is a word in base64url; what the demonstration names is in lower case.
var keyID = regexp.MustCompile(`^[A-Za-z0-9_-]{16,}$`)

// lasting leaves out of a name what is another at each run.
func lasting(name string) string {
	if keyID.MatchString(name) && strings.ToLower(name) != name {
		return "‹id›"
	}
	for _, p := range passing {
		name = regexp.MustCompile(p.shape).ReplaceAllString(name, p.as)
	}
	return name
}
