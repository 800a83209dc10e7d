package ui

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // hours are Paris hours on machines without a zone database too

	"golang.org/x/text/language"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed locales/*.yaml
var localeFiles embed.FS

//go:embed static/accord.css static/favicon.ico
var staticFiles embed.FS

// Options are what an installation decides about its pages.
type Options struct {
	// Demo marks every page "Démonstration – données fictives" and names the
	// simulator instead of FranceConnect.
	Demo bool
	// Loopback tells that the issuer is an http loopback address: forms may
	// then lead to http addresses, and the language cookie is not Secure.
	Loopback bool
	// Standing names the standing pages that are mounted, by path
	// ("/accessibilite", "/verifier" …): pages link to no other. Stand adds more.
	Standing []string
}

// A Page is one of this package's page structs.
type Page interface{ template() string }

// A UI renders pages. It is safe for concurrent use.
type UI struct {
	options   Options
	languages []string                                 // with a locale file, the fallback first
	pages     map[string]map[string]*template.Template // language → template name
	speech    map[string]*speech
	terms     *terms
	standing  map[string]bool // Options.Standing
	assets    *assets
	matcher   language.Matcher // of Accept-Language
}

// New parses every template in every language. It fails when a template, a
// text or the zone database is missing, so that nothing is found out while a
// citizen waits.
func New(o Options) (*UI, error) {
	texts, err := embeddedTexts()
	if err != nil {
		return nil, err
	}
	return newSpeaking(o, languages(), texts)
}

// newSpeaking makes the pages in these languages, from their texts.
func newSpeaking(o Options, languages []string, texts map[string]map[string]string) (*UI, error) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, fmt.Errorf("ui: zone database: %w", err)
	}
	assets, err := newAssets()
	if err != nil {
		return nil, err
	}
	u := &UI{
		options: o, languages: languages, assets: assets, pages: map[string]map[string]*template.Template{}, speech: map[string]*speech{},
		terms: &terms{kept: map[string]keptTerms{}}, standing: map[string]bool{},
		matcher: language.NewMatcher(tagsOf(languages)),
	}
	u.Stand(o.Standing)
	for _, lang := range languages {
		s := &speech{lang: lang, paris: paris, texts: texts[lang]}
		u.speech[lang] = s
		if u.pages[lang], err = parsePages(s); err != nil {
			return nil, err
		}
	}
	return u, nil
}

func tagsOf(languages []string) []language.Tag {
	all := make([]language.Tag, len(languages))
	for n, lang := range languages {
		all[n] = language.Make(lang)
	}
	return all
}

// Stand tells which standing pages are mounted, where that is known only after
// New. It is called before the first page is rendered.
func (u *UI) Stand(paths []string) {
	for _, path := range paths {
		u.standing[path] = true
	}
}

// parsePages parses layout and parts once, then each page over a copy.
func parsePages(s *speech) (map[string]*template.Template, error) {
	base := template.New("layout.html").Funcs(s.funcs()).Option("missingkey=error")
	for _, name := range []string{"layout.html", "parts.html"} {
		if err := s.parse(base, name); err != nil {
			return nil, err
		}
	}
	pages := map[string]*template.Template{}
	for _, p := range samples() {
		name := p.template()
		copied, err := base.Clone()
		if err != nil {
			return nil, fmt.Errorf("ui: %s: %w", name, err)
		}
		pages[name] = copied
		if err := s.parse(copied, name+".html"); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// parse adds a template file, its fixed texts written in.
func (s *speech) parse(to *template.Template, name string) error {
	source, err := templateFiles.ReadFile("templates/" + name)
	if err != nil {
		return fmt.Errorf("ui: %s: %w", name, err)
	}
	if name != to.Name() {
		to = to.New(name)
	}
	if _, err := to.Parse(s.written(string(source))); err != nil {
		return fmt.Errorf("ui: %s: %w", name, err)
	}
	return nil
}

// samples names every page type once: what is not here is not parsed, and a
// test compares it with the templates folder.
func samples() []Page {
	return []Page{
		Landing{},
		Stats{},
		Catalogue{},
		Connexion{},
		Inputs{},
		Child{},
		Waiting{},
		Consent{},
		WrongData{},
		Reload{},
		ErrorPage{},
		Receipt{},
		MyAccords{},
		AccordDetail{},
		RequestForm{},
		RequestPage{},
		Change{},
		Changed{},
		Withdraw{},
		Withdrawn{},
		SignIn{},
		SignedOut{},
		LogoutConfirm{},
		Notice{},
		Habilitations{},
		HabilitationPage{},
		DeskSignIn{},
		DeskHome{},
		DeskForm{},
		DeskWait{},
		DeskResult{},
		DeskReceipt{},
		DeskStop{},
		Invitation{},
		Confirm{},
		Finished{},
		Verifier{},
		Attestation{},
		Journal{},
		JournalEntry{},
		Display{},
		Accessibility{},
		Privacy{},
		LegalNotice{},
		Security{},
		SiteMap{},
		Health{},
		Developers{},
		APIIndex{},
		APIGroup{},
		APIErrors{},
		OAuthErrors{},
	}
}

// A view is what the layout sees: the page and what surrounds it.
type view struct {
	Lang       string
	Theme      string // clair or sombre; empty: as the device prefers
	Demo       bool
	Stylesheet string
	Languages  []languageLink
	Standing   map[string]bool
	Page       Page
	Terms      template.HTML // of a termed page
}

// usualPage is the room of a page in bytes: most need no more.
const usualPage = 12 << 10

// Render answers with page p in the language of r, status and all security
// headers set. A page that cannot be rendered is answered 500 in plain text.
func (u *UI) Render(w http.ResponseWriter, r *http.Request, status int, p Page) {
	lang := u.Lang(r)
	body := bytes.NewBuffer(make([]byte, 0, usualPage))
	if err := u.render(body, r, lang, p); err != nil {
		http.Error(w, u.speech[lang].text("fault.plain"), http.StatusInternalServerError)
		return
	}
	u.setHeaders(w.Header(), p)
	w.Header().Set("Content-Language", lang)
	u.keepLanguage(w, r)
	if _, heavy := p.(weighty); heavy {
		body = squeezed(w, r, body)
	}
	w.Header().Set("Content-Length", strconv.Itoa(body.Len())) // else net/http sends a page of this size in chunks
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a reader that has gone is no error of ours
}

func (u *UI) render(to io.Writer, r *http.Request, lang string, p Page) error {
	v := u.view(r, lang, p)
	var err error
	if v.Terms, err = u.termsOf(lang, p); err != nil {
		return err
	}
	return u.pages[lang][p.template()].ExecuteTemplate(to, "layout.html", v)
}

func (u *UI) view(r *http.Request, lang string, p Page) view {
	return view{
		Lang: lang, Theme: forced(r), Demo: u.options.Demo, Stylesheet: u.assets.stylesheet,
		Languages: u.languageLinks(r.URL.Query(), lang), Standing: u.standing, Page: p,
	}
}

// DatumLabel names a datum in a language's words, for files rather than pages.
func (u *UI) DatumLabel(lang, id string) string { return u.speech[lang].datum(id) }

// EventLabel says in a language's words what happened, for files rather than
// pages.
func (u *UI) EventLabel(lang string, e Event) string { return u.speech[lang].event(e) }

// ExportNote is the text file beside an export: what is in it and how to check
// it. leftOut counts the receipts beyond its bound.
func (u *UI) ExportNote(lang, name string, leftOut int) string {
	s := u.speech[lang]
	lines := []string{s.text("export.what"), s.text("export.files"), s.text("export.proof"), "  accord-verify bundle -policy policy " + name, s.text("export.values")}
	if leftOut > 0 {
		lines = append(lines, s.text("export.left_out", "n", strconv.Itoa(leftOut)))
	}
	return strings.Join(lines, "\r\n\r\n") + "\r\n"
}
