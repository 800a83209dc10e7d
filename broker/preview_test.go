package broker_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"accord/broker/journey"
	"accord/cmd/accord-demo/country"
	"accord/consent"
	"accord/ui"
)

// skeleton is what a page asks and answers, without its values: headings, terms,
// labels and buttons, in order.
func skeleton(t *testing.T, page string) (all []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || !slices.Contains([]string{"h1", "h2", "h3", "dt", "legend", "button"}, n.Data) {
			continue
		}
		var text strings.Builder
		for d := range n.Descendants() {
			if d.Type == html.TextNode {
				text.WriteString(d.Data)
			}
		}
		all = append(all, n.Data+" "+strings.Join(strings.Fields(text.String()), " "))
	}
	return all
}

// What a registrar previews is what citizens see: the same page, part for part.
func TestThePreviewIsThePageTheCitizenSees(t *testing.T) {
	c := theCountry(t)
	const id = "saint-aubin-cantine"
	at := slices.IndexFunc(c.Approvals, func(a *consent.Approval) bool { return a.ID == id })
	client, err := c.Client(country.Editor, id, consent.IDs(c.Approvals[at].Approved(consent.DefaultCatalogue()))...)
	if err != nil {
		t.Fatal(err)
	}
	before, decision, err := journey.Preview{Approval: c.Approvals[at], Catalogue: consent.DefaultCatalogue(), Now: time.Now(), Operator: consent.Operator{Name: "Un syndicat", DPO: "dpo@accord.example"}}.Pages("fr")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := ui.New(ui.Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	drawn := func(p ui.Page) []string {
		var body bytes.Buffer
		if err := pages.Write(&body, "fr", p, "accord.css", func(l string) string { return l }); err != nil {
			t.Fatal(err)
		}
		return skeleton(t, body.String())
	}
	w := walk(t, c, client)
	if want, got := skeleton(t, w.Page.Body), drawn(before); !slices.Equal(want, got) {
		t.Errorf("/connexion\nis      %q\npreview %q", want, got)
	}
	see(t, w, "camille")
	if want, got := skeleton(t, w.Page.Body), drawn(decision); !slices.Equal(want, got) || len(want) < 10 {
		t.Errorf("/accord\nis      %q\npreview %q", want, got)
	}
}
