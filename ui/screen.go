package ui

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"sync"
)

// ScreenModel gives the deterministic bytes that screen_digest is taken over:
// the page as the request made it, each value, name and token replaced by its
// catalogue id. It binds the exact words too, by the digests of the language's
// texts and of the page's templates. What a source answered is not in it, an
// absence included: a plain digest must not let anybody test a guess
// (broker/design/0000-overview.md §2, promise 6).
func (p Consent) ScreenModel() []byte { return p.screenModel(embeddedWords()[p.lang()]) }

func (p Consent) lang() string {
	if p.Lang == "" {
		return fallback
	}
	return p.Lang
}

// exactWords bind a screen to its exact words.
type exactWords struct{ texts, templates string } // digests

// embeddedWords are those of the files this program carries, by language.
var embeddedWords = sync.OnceValue(func() map[string]exactWords {
	all := map[string]exactWords{}
	for _, lang := range languages() {
		all[lang] = digestWords(localeFiles, templateFiles, lang)
	}
	return all
})

func digestWords(locales, templates fs.FS, lang string) exactWords {
	return exactWords{
		texts:     digestOf(locales, "locales/"+lang+".yaml"),
		templates: digestOf(templates, "templates/layout.html", "templates/parts.html", "templates/consent.html"),
	}
}

func (p Consent) screenModel(w exactWords) []byte {
	model := screen{
		Page: "consent", Version: 1, Lang: p.lang(), Texts: w.texts, Templates: w.templates,
		Requester: Requester{Name: p.Requester.Name, SIRET: p.Requester.SIRET, Service: p.Requester.Service, Editor: p.Requester.Editor, DPO: p.Requester.DPO},
		Operator:  p.Operator, Person: "identite_pivot", Purpose: p.Purpose, PurposeID: p.PurposeID, Basis: p.Basis,
		LegalTexts: p.LegalTexts, Approval: p.Approval, Sources: screenSources(p.Sources), Later: screenLater(p.Later),
		Retention: p.Retention, RetentionOf: p.RetentionOf, Proof: p.Proof, Recipients: p.Recipients, Transfers: p.Transfers,
		Automated: p.Automated, Consequence: p.Consequence, OtherPath: p.OtherPath, Rights: p.Rights, Contacts: p.Contacts,
	}
	out, err := json.Marshal(model)
	if err != nil {
		panic("ui: screen model: " + err.Error()) // strings and booleans only: cannot happen
	}
	return out
}

// A screen is the model's JSON, in this order.
type screen struct {
	Page, Lang, Texts, Templates string
	Version                      int
	Requester                    Requester
	Operator                     Operator
	Person                       string // catalogue id in the place of the name
	Purpose                      Text
	PurposeID                    string
	Basis                        Basis
	LegalTexts                   []string
	Approval                     Link
	Sources                      []screenSource
	Later                        *screenLaterBox
	Retention, Proof             string
	RetentionOf                  Text
	Recipients                   []Text
	Transfers                    Text
	Automated                    bool
	Consequence, OtherPath       Text
	Rights                       []string
	Contacts                     []Contact
}

type screenSource struct {
	ID    string
	Items []screenItem
}

// A screenItem shows its datum's id where the page shows the value.
type screenItem struct {
	Datum, Unit, Value string
	Required, Hidden   bool
	Why                Text
	Asked              string    `json:",omitempty"`
	Answered           *Answered `json:",omitempty"` // the grid, never its answer
	Tariffs            []string  `json:",omitempty"` // ids of the tables, never what they say
}

type screenLaterBox struct {
	Until      string // day
	Fetches    int
	NotCovered []string
}

func screenSources(sources []Source) []screenSource {
	out := make([]screenSource, 0, len(sources))
	for _, s := range sources {
		items := make([]screenItem, 0, len(s.Items))
		for _, i := range s.Items {
			items = append(items, screenItem{
				Datum: i.Datum, Unit: i.Unit, Value: i.Datum, Required: i.Required, Hidden: i.Hidden, Why: i.Why, Asked: i.Asked, Answered: i.Answered, Tariffs: tables(i.Tariffs),
			})
		}
		out = append(out, screenSource{ID: s.ID, Items: items})
	}
	return out
}

func tables(tariffs []Tariff) []string {
	var ids []string
	for _, t := range tariffs {
		ids = append(ids, t.Grid)
	}
	return ids
}

func screenLater(l *Later) *screenLaterBox {
	if l == nil {
		return nil
	}
	return &screenLaterBox{Until: l.Until.UTC().Format("2006-01-02"), Fetches: l.Fetches, NotCovered: l.NotCovered}
}

// digestOf is the SHA-256 over the named embedded files, each preceded by its
// name and a zero byte.
func digestOf(files fs.FS, names ...string) string {
	h := sha256.New()
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			panic("ui: screen model: " + err.Error()) // embedded: New has read them already
		}
		h.Write([]byte(name + "\x00"))
		h.Write(content)
	}
	return "sha-256:" + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
