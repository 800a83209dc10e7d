package ui

import (
	"bytes"
	"io"
)

// Write writes a page as a file to be opened without a server: stylesheet is
// its address beside the file, and other gives that of the same page in another
// language. Its forms and links lead nowhere.
func (u *UI) Write(to io.Writer, lang string, p Page, stylesheet string, other func(lang string) string) error {
	v := view{Lang: lang, Demo: u.options.Demo, Stylesheet: stylesheet, Standing: u.standing, Page: p}
	for _, l := range u.languageLinks(nil, lang) {
		l.URL = other(l.Lang)
		v.Languages = append(v.Languages, l)
	}
	var err error
	if v.Terms, err = u.termsOf(lang, p); err != nil {
		return err
	}
	var body bytes.Buffer
	if err := u.pages[lang][p.template()].ExecuteTemplate(&body, "layout.html", v); err != nil {
		return err
	}
	_, err = to.Write(body.Bytes())
	return err
}

// Stylesheet is the bytes of the pages' stylesheet.
func (u *UI) Stylesheet() []byte { return u.assets.files[u.assets.stylesheet].plain }
