package ui

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io/fs"
)

// ScreenModel gives the deterministic bytes that screen_digest is taken over:
// the page as the request made it, each value, name and token replaced by its
// catalogue id. It binds the exact words too, by the digests of the language's
// texts and of the page's templates. What a source answered is not in it, an
// absence included: a plain digest must not let anybody test a guess
// (broker/design/0000-overview.md §2, promise 6).
func (c Consent) ScreenModel() []byte {
	return c.screenModel(localeFiles, templateFiles)
}

func (c Consent) screenModel(locales, templates fs.FS) []byte {
	lang := c.Lang
	if lang == "" {
		lang = languages()[0]
	}
	model := screen{
		Page: "consent", Version: 1, Lang: lang,
		Texts:     digestOf(locales, "locales/"+lang+".yaml"),
		Templates: digestOf(templates, "templates/layout.html", "templates/parts.html", "templates/consent.html"),
		Requester: Requester{Name: c.Requester.Name, SIRET: c.Requester.SIRET, Service: c.Requester.Service, Editor: c.Requester.Editor, DPO: c.Requester.DPO},
		Operator:  c.Operator, Person: "identite_pivot", Purpose: c.Purpose, PurposeID: c.PurposeID, Basis: c.Basis,
		LegalTexts: c.LegalTexts, Approval: c.Approval, Sources: screenSources(c.Sources), Later: screenLater(c.Later),
		Retention: c.Retention, RetentionOf: c.RetentionOf, Proof: c.Proof, Recipients: c.Recipients, Transfers: c.Transfers,
		Automated: c.Automated, Consequence: c.Consequence, OtherPath: c.OtherPath, Rights: c.Rights, Contacts: c.Contacts,
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
}

type screenLaterBox struct {
	Until     string // day
	Frequency Text
}

func screenSources(sources []Source) []screenSource {
	out := make([]screenSource, 0, len(sources))
	for _, s := range sources {
		items := make([]screenItem, 0, len(s.Items))
		for _, i := range s.Items {
			items = append(items, screenItem{Datum: i.Datum, Unit: i.Unit, Value: i.Datum, Required: i.Required, Hidden: i.Hidden, Why: i.Why})
		}
		out = append(out, screenSource{ID: s.ID, Items: items})
	}
	return out
}

func screenLater(l *Later) *screenLaterBox {
	if l == nil {
		return nil
	}
	return &screenLaterBox{Until: l.Until.UTC().Format("2006-01-02"), Frequency: l.Frequency}
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
