package ui

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func codes() []string {
	var list []string
	for n := 1; n <= 22; n++ {
		list = append(list, fmt.Sprintf("A%02d", n))
	}
	return list
}

func newUI(t testing.TB, demo bool) *UI {
	t.Helper()
	u, err := New(Options{Demo: demo, Loopback: demo})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func render(t testing.TB, u *UI, lang string, p Page) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	u.Render(w, httptest.NewRequest(http.MethodGet, "/x?i=q7Zk2PfA&lang="+lang, nil), http.StatusOK, p)
	if w.Code != http.StatusOK {
		t.Fatalf("%T in %s: status %d: %s", p, lang, w.Code, w.Body)
	}
	return w
}

func parse(t testing.TB, source string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// everyPage runs check on every example in both languages.
func everyPage(t *testing.T, check func(t *testing.T, lang string, p Page, source string, root *html.Node)) {
	u := newUI(t, true)
	for _, e := range examples() {
		for _, lang := range languages() {
			t.Run(e.name+"/"+lang, func(t *testing.T) {
				source := render(t, u, lang, e.page).Body.String()
				check(t, lang, e.page, source, parse(t, source))
			})
		}
	}
}

func all(root *html.Node, match func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && match(n) {
			found = append(found, n)
		}
	}
	return found
}

func tags(root *html.Node, names ...string) []*html.Node {
	return all(root, func(n *html.Node) bool { return slices.Contains(names, n.Data) })
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func byID(root *html.Node, id string) *html.Node {
	if found := all(root, func(n *html.Node) bool { return attr(n, "id") == id }); len(found) == 1 {
		return found[0]
	}
	return nil
}

func TestEveryPageTypeHasItsTemplateAndAnExample(t *testing.T) {
	files, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"layout", "parts"}
	shown := map[reflect.Type]bool{}
	for _, e := range examples() {
		shown[reflect.TypeOf(e.page)] = true
	}
	for _, p := range samples() {
		want = append(want, p.template())
		if !shown[reflect.TypeOf(p)] {
			t.Errorf("%T has no example", p)
		}
	}
	var got []string
	for _, f := range files {
		got = append(got, strings.TrimSuffix(filepath.Base(f), ".html"))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("templates are %v, page types %v", got, want)
	}
	source, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	methods := 0
	for _, f := range source {
		text, _ := os.ReadFile(f.Name())
		methods += len(regexp.MustCompile(`(?m)^func \(\w+\) template\(\) string`).FindAll(text, -1))
	}
	if methods != len(samples()) {
		t.Errorf("%d page types, %d of them parsed by New", methods, len(samples()))
	}
}

func TestEveryEmptyPageRenders(t *testing.T) {
	u := newUI(t, false)
	for _, p := range samples() {
		switch p.(type) {
		case Receipt, ErrorPage: // nothing without an act or a code
			continue
		}
		for _, lang := range languages() {
			render(t, u, lang, p)
		}
	}
}

func TestEveryPageHasOneHeadingLanguageAndTitle(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, p Page, _ string, root *html.Node) {
		if h := tags(root, "h1"); len(h) != 1 || words(h[0]) == "" {
			t.Errorf("%d h1", len(h))
		}
		if got := attr(tags(root, "html")[0], "lang"); got != lang {
			t.Errorf("html lang %q, want %q", got, lang)
		}
		title := words(tags(root, "title")[0])
		suffix := map[string]string{"fr": " – Accord (démonstration)", "en": " – Accord (demonstration)"}[lang]
		if !strings.HasSuffix(title, suffix) || len(title) <= len(suffix) {
			t.Errorf("title %q", title)
		}
		prefix := map[string]string{"fr": "Erreur :", "en": "Error:"}[lang]
		_, failed := p.(ErrorPage)
		c, _ := p.(Consent)
		desk, _ := p.(DeskForm)
		confirm, _ := p.(Confirm)
		changed, _ := p.(Change)
		list, _ := p.(MyAccords)
		failed = failed || len(desk.Problems)+len(confirm.Problems)+len(changed.Problems)+len(list.Problems) > 0
		back, _ := p.(interface{ Failed() bool })
		if failed = failed || c.Again || len(c.Problems) > 0 || back != nil && back.Failed(); strings.HasPrefix(title, prefix) != failed {
			t.Errorf("title %q, error %v", title, failed)
		}
	})
}

func TestEveryPageIsWholeAndLight(t *testing.T) {
	everyPage(t, func(t *testing.T, _ string, _ Page, source string, root *html.Node) {
		for _, bad := range []string{"⟦", "ZgotmplZ", "<no value>", "%!", "{name}", "{when}", "{source}", "{period}", "{span}", "{n}"} {
			if strings.Contains(source, bad) {
				t.Errorf("page holds %q", bad)
			}
		}
		if len(source) > 30<<10 {
			t.Errorf("%d bytes of HTML", len(source))
		}
		last := 1
		for _, h := range tags(root, "h2", "h3", "h4") {
			level := int(h.Data[1] - '0')
			if level > last+1 {
				t.Errorf("%s %q follows a level %d", h.Data, words(h), last)
			}
			last = level
		}
	})
}

func TestPagesHaveNoScriptNoInlineStyleAndNoThirdParty(t *testing.T) {
	everyPage(t, func(t *testing.T, _ string, p Page, _ string, root *html.Node) {
		if wait, ok := p.(DeskWait); ok { // the one image: a QR code of our own
			for _, n := range tags(root, "img") {
				if attr(n, "src") != wait.Code || !strings.HasPrefix(wait.Code, "/") {
					t.Errorf("image %s", attr(n, "src"))
				}
				n.Data, n.Attr = "span", nil
			}
		}
		_, figures := p.(Stats)
		_, sheet := p.(Attestation)
		if figures || sheet { // the two drawings, without style or script of their own: a chart, a code
			for _, n := range tags(root, "svg") {
				if len(tags(n, "style", "script", "a", "use", "image", "foreignobject")) > 0 {
					t.Error("the drawing holds more than shapes and words")
				}
				n.Data = "span"
			}
		}
		if found := tags(root, "script", "style", "iframe", "object", "embed", "base", "img", "svg", "audio", "video"); len(found) > 0 {
			t.Errorf("%s element", found[0].Data)
		}
		for _, n := range all(root, func(*html.Node) bool { return true }) {
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "http-equiv" {
					t.Errorf("<%s %s>", n.Data, a.Key)
				}
				if n.Data == "link" && a.Key == "href" && !strings.HasPrefix(a.Val, "/s/accord.") && a.Val != "/favicon.ico" {
					t.Errorf("link to %s", a.Val)
				}
			}
		}
	})
}

func TestEveryFieldHasALabelAndEveryIDIsUnique(t *testing.T) {
	everyPage(t, func(t *testing.T, _ string, _ Page, _ string, root *html.Node) {
		ids := map[string]bool{}
		for _, n := range all(root, func(n *html.Node) bool { return has(n, "id") }) {
			if ids[attr(n, "id")] {
				t.Errorf("id %q twice", attr(n, "id"))
			}
			ids[attr(n, "id")] = true
		}
		labelled := map[string]bool{}
		for _, l := range tags(root, "label") {
			labelled[attr(l, "for")] = words(l) != ""
		}
		for _, input := range tags(root, "input", "select", "textarea") {
			if attr(input, "type") != "hidden" && !labelled[attr(input, "id")] {
				t.Errorf("field %q has no label", attr(input, "name"))
			}
		}
		for _, n := range all(root, func(n *html.Node) bool { return has(n, "aria-labelledby") || has(n, "aria-describedby") }) {
			for _, name := range []string{"aria-labelledby", "aria-describedby"} {
				for _, target := range strings.Fields(attr(n, name)) {
					if !ids[target] {
						t.Errorf("%s names the missing id %q", name, target)
					}
				}
			}
		}
		for _, a := range tags(root, "a") {
			if target, local := strings.CutPrefix(attr(a, "href"), "#"); local && !ids[target] {
				t.Errorf("link to the missing id %q", target)
			}
			if words(a) == "" || attr(a, "href") == "" {
				t.Errorf("empty link %q to %q", words(a), attr(a, "href"))
			}
		}
		for _, f := range tags(root, "fieldset") {
			if first := tags(f, "legend"); len(first) != 1 {
				t.Errorf("fieldset with %d legends", len(first))
			}
		}
	})
}

// changesNothing tells the forms that ask and alter nothing: anybody may send
// them, from anywhere.
func changesNothing(action string) bool {
	return action == "/journal" || action == "/verifier" || action == "/verifier/attestation"
}

func TestFormsCarryTheirHiddenFields(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, p Page, _ string, root *html.Node) {
		if _, waiting := p.(Waiting); waiting && len(tags(root, "form")) > 0 {
			t.Error("the waiting page has a form")
		}
		for _, f := range tags(root, "form") {
			if changesNothing(attr(f, "action")) {
				continue
			}
			hidden := map[string]string{}
			for _, i := range tags(f, "input") {
				if attr(i, "type") == "hidden" {
					hidden[attr(i, "name")] = attr(i, "value")
				}
			}
			if attr(f, "role") == "search" && attr(f, "method") == "get" && len(hidden) == 0 { // asks, changes nothing: no token in an address
				continue
			}
			_, display := p.(Display) // changes a cookie of the reader's own browser: CrossOriginProtection is enough
			if attr(f, "method") != "post" || hidden["csrf"] == "" && !display || hidden["lang"] != lang {
				t.Errorf("form %q: method %q, hidden fields %v", attr(f, "action"), attr(f, "method"), hidden)
			}
		}
	})
}

func TestTheTwoButtonsOfAChoiceAreEqualAndRefusalComesFirst(t *testing.T) {
	pairs := 0
	everyPage(t, func(t *testing.T, _ string, _ Page, _ string, root *html.Node) {
		for _, box := range all(root, func(n *html.Node) bool { return attr(n, "class") == "ac-deux" }) {
			pairs++
			buttons := tags(box, "button")
			if len(buttons) != 2 || len(tags(box, "a")) != 0 {
				t.Fatalf("%d buttons", len(buttons))
			}
			for _, b := range buttons {
				if attr(b, "type") != "submit" || attr(b, "name") != "choix" || has(b, "class") || has(b, "disabled") || has(b, "autofocus") || words(b) == "" {
					t.Errorf("button %v", b.Attr)
				}
			}
			if first := attr(buttons[0], "id"); first != "refuse" && first != "keep" {
				t.Errorf("the first button is %q", first)
			}
		}
	})
	if pairs < 20 {
		t.Errorf("only %d pairs of buttons seen", pairs)
	}
}

func TestTheDemoSaysSoOnEveryPageAndNamesNoFranceConnectButton(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, _ Page, _ string, root *html.Node) {
		badge := map[string]string{"fr": "Démonstration – données fictives", "en": "Demonstration – fictitious data"}[lang]
		if !strings.Contains(words(tags(root, "header")[0]), badge) {
			t.Error("no badge")
		}
		for _, b := range tags(root, "button") {
			if text := words(b); strings.Contains(text, "FranceConnect") && !strings.Contains(text, "simul") {
				t.Errorf("button %q in front of a simulator", text)
			}
		}
	})
	if page := render(t, newUI(t, false), "fr", connexion()).Body.String(); strings.Contains(page, "imulat") || strings.Contains(page, "fictives") || !strings.Contains(page, "Voir mes données avec FranceConnect") {
		t.Error("outside the demonstration the page speaks of a simulator, or lacks its button")
	}
}

func TestAPageTextWithoutEnglishIsMarkedAsFrench(t *testing.T) {
	source := render(t, newUI(t, true), "en", connexion()).Body.String()
	if !strings.Contains(source, `<span lang="fr">le tarif maximal`) {
		t.Error("French text in the English page is not marked")
	}
}
