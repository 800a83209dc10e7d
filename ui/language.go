package ui

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"golang.org/x/text/language"
)

// languageCookie holds the reader's own choice, set only after ?lang.
const languageCookie = "lang"

// languages are those with a locale file; the first is the fallback.
func languages() []string { return []string{"fr", "en"} }

// Lang chooses the language of r: ?lang=fr|en, then the cookie lang, then
// Accept-Language, then French.
func (u *UI) Lang(r *http.Request) string {
	if asked := askedLanguage(r); asked != "" {
		return asked
	}
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(languages(), c.Value) {
		return c.Value
	}
	accepted := r.Header.Get("Accept-Language")
	if accepted == "" {
		return languages()[0]
	}
	_, index := language.MatchStrings(u.matcher, accepted)
	return languages()[index]
}

func askedLanguage(r *http.Request) string {
	if asked := r.URL.Query().Get("lang"); slices.Contains(languages(), asked) {
		return asked
	}
	return ""
}

// keepLanguage remembers a choice made by ?lang for a year.
func (u *UI) keepLanguage(w http.ResponseWriter, r *http.Request) {
	asked := askedLanguage(r)
	if asked == "" {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: asked, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: !u.options.Loopback, SameSite: http.SameSiteLaxMode,
	})
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
func languageLinks(asked url.Values, current string) []languageLink {
	query := url.Values{}
	if i := asked.Get("i"); handleShape.MatchString(i) {
		query.Set("i", i)
	}
	names := map[string]string{"fr": "Français", "en": "English"}
	var links []languageLink
	for _, lang := range languages() {
		query.Set("lang", lang)
		links = append(links, languageLink{Lang: lang, Name: names[lang], URL: "?" + query.Encode(), Current: lang == current})
	}
	return links
}
