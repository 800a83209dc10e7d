package broker_test

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"accord/cmd/accord-demo/headless"
)

// said are the sentences on a delivery, by language.
func saidOfSending() map[string]map[string]string {
	return map[string]map[string]string{
		"fr": {nothing: "Rien n’a été transmis.", thisPage: "Cette page n’a rien transmis.", checking: "Nous vérifions si quelque chose a été transmis.", answered: "première réponse", none: ""},
		"en": {nothing: "Nothing was sent.", thisPage: "This page sent nothing.", checking: "We are checking whether anything was sent.", answered: "first answer", none: ""},
	}
}

// Every row of the error table, provoked over HTTP in both languages: status,
// words, whether anything was sent, what to do, reference, way back, and
// nothing of what is inside.
func TestEveryErrorComesAboutAndSaysWhatItsRowSays(t *testing.T) {
	covered := map[string]bool{}
	for _, lang := range []string{"fr", "en"} {
		w := newErrorWorld(t, lang)
		golden := errorGolden(t, lang)
		for n, row := range errorCases() {
			t.Run(fmt.Sprintf("%s/%s-%d", lang, row.id, n), func(t *testing.T) {
				checkErrorRow(t, row, lang, golden[row.id], row.provoke(t, w))
				covered[row.id+lang] = true
			})
		}
	}
	var missing []string
	for n := 1; n <= 22; n++ {
		if id := fmt.Sprintf("A%02d", n); !covered[id+"fr"] || !covered[id+"en"] {
			missing = append(missing, id)
		}
	}
	t.Logf("not covered: %v", missing)
	if len(missing) > 0 {
		t.Errorf("not covered: %v", missing)
	}
}

var interactionOrRequest = regexp.MustCompile(`<code>[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f-]{21}</code>|<code>[\w-]{20,}</code>`)

func checkErrorRow(t *testing.T, row errorCase, lang string, want []string, p *headless.Page) {
	t.Helper()
	said := p.Words()
	if p.Status != row.status || !strings.Contains(p.Body, `<html lang="`+lang+`"`) || !strings.Contains(said, row.id) {
		t.Fatalf("status %d, want %d; code %s; %.500s", p.Status, row.status, row.id, said)
	}
	for _, sentence := range append(want, saidOfSending()[lang][row.sent]) {
		if !strings.Contains(said, sentence) {
			t.Errorf("%q is not in %.900q", sentence, said)
		}
	}
	if row.sent == thisPage || row.sent == checking || row.sent == answered {
		if strings.Contains(said, saidOfSending()[lang][nothing]) {
			t.Errorf("claims that nothing was sent: %.900q", said)
		}
	}
	if !interactionOrRequest.MatchString(p.Body) {
		t.Errorf("no reference: %.900q", said)
	}
	checkWayBack(t, row, p)
	if (row.id == "A06" || row.id == "A21") && !strings.Contains(said, "dpo") {
		t.Errorf("%s names nobody to tell: %.900q", row.id, said)
	}
	if again := p.Header.Get("Retry-After"); (row.status == 429 || row.status == 503) != (again != "") {
		t.Errorf("Retry-After %q", again)
	}
	for _, inside := range []string{"bbolt", "goroutine", "panic", "store unavailable", "sql", "invalid_request", "insufficient", "⟦", "%!", "0x", ".go:"} {
		if strings.Contains(said, inside) {
			t.Errorf("tells %q of what is inside", inside)
		}
	}
}

func checkWayBack(t *testing.T, row errorCase, p *headless.Page) {
	t.Helper()
	address, err := p.Link("return")
	if err != nil {
		address, err = p.LinkTo("http://127.0.0.1")
	}
	if (err == nil) != (row.back != "") {
		t.Errorf("way back %q, want %q", address, row.back)
	}
	u, _ := url.Parse(address)
	if row.back != "" && row.back != "/" && (u == nil || u.Query().Get("error") != row.back || u.Query().Get("state") == "") {
		t.Errorf("the way back carries %q, want %q", address, row.back)
	}
}

// errorGolden reads the pages' sentences that ui holds under golden: title,
// what happened and what to do. What a source answered is told on the page of
// the decision, in words of its own.
func errorGolden(t *testing.T, lang string) map[string][]string {
	t.Helper()
	file, err := os.ReadFile("../ui/testdata/errors." + lang + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(string(file)) // as Words joins them
	rows := map[string][]string{}
	lines := strings.Split(text, "\n")
	for n := 0; n+3 < len(lines); n += 4 {
		id, title, _ := strings.Cut(lines[n], "\t")
		rows[id] = []string{title, strings.TrimSpace(lines[n+1]), strings.TrimSpace(lines[n+3])}
	}
	short := map[string]map[string]string{
		"fr": {"A11": "ne vous trouve pas.", "A12": "plusieurs dossiers qui ressemblent au vôtre.", "A13": "ne répond pas pour le moment.", "A14": "n’a rien pour cette période."},
		"en": {"A11": "cannot find you.", "A12": "several files that look like yours.", "A13": "is not answering at the moment.", "A14": "has nothing for this period."},
	}
	for id, sentence := range short[lang] {
		rows[id] = []string{sentence}
	}
	rows["A03"], rows["A19"], rows["A20"] = rows["A03"][:1], []string{rows["A19"][0], rows["A19"][2]}, []string{rows["A20"][0], rows["A20"][2]}
	return rows
}
