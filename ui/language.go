package ui

import (
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// languageCookie holds the reader's own choice, set only after ?lang.
const languageCookie = "lang"

const fallback = "fr"

// Languages are those with a locale file in this program, French first: it is
// the fallback.
func Languages() []string { return slices.Clone(languages()) }

var languages = sync.OnceValue(func() []string { return languagesIn(localeFiles) })

// languagesIn are the names of the files of locales, without .yaml.
func languagesIn(locales fs.FS) []string {
	files, _ := fs.Glob(locales, "locales/*.yaml") // fails for a wrong pattern only
	all := []string{fallback}
	for _, f := range files {
		if lang := strings.TrimSuffix(path.Base(f), ".yaml"); lang != fallback {
			all = append(all, lang)
		}
	}
	return all
}

// Lang chooses the language of r: ?lang=, then the cookie lang, then
// Accept-Language, then French.
func (u *UI) Lang(r *http.Request) string {
	if asked := u.askedLanguage(r); asked != "" {
		return asked
	}
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(u.languages, c.Value) {
		return c.Value
	}
	accepted := r.Header.Get("Accept-Language")
	if accepted == "" {
		return fallback
	}
	_, index := language.MatchStrings(u.matcher, accepted)
	return u.languages[index]
}

func (u *UI) askedLanguage(r *http.Request) string {
	if asked := r.URL.Query().Get("lang"); slices.Contains(u.languages, asked) {
		return asked
	}
	return ""
}

// keepLanguage remembers a choice made by ?lang for a year.
func (u *UI) keepLanguage(w http.ResponseWriter, r *http.Request) {
	asked := u.askedLanguage(r)
	if asked == "" {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: asked, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: !u.options.Loopback, SameSite: http.SameSiteLaxMode,
	})
}

// InEveryLanguage is a text for an answer that is no page: a line a language.
func (u *UI) InEveryLanguage(key string) string {
	var all strings.Builder
	for _, lang := range u.languages {
		all.WriteString(u.speech[lang].text(key) + "\n")
	}
	return all.String()
}

// A languageLink leads to the same page in another language.
type languageLink struct {
	Lang, Name, URL string
	Current         bool
}

// handleShape is that of an interaction's handle; anything else in i is not
// ours to repeat.
var handleShape = regexp.MustCompile(`^[A-Za-z0-9_-]{8}$`)

// languageLinks keep the parameter i, so that the page stays the same page,
// and nothing else: a callback's query holds a code and a state.
func (u *UI) languageLinks(asked url.Values, current string) []languageLink {
	query := url.Values{}
	if i := asked.Get("i"); handleShape.MatchString(i) {
		query.Set("i", i)
	}
	var links []languageLink
	for _, lang := range u.languages {
		query.Set("lang", lang)
		links = append(links, languageLink{Lang: lang, Name: u.speech[lang].text("rule.name"), URL: "?" + query.Encode(), Current: lang == current})
	}
	return links
}
