package configuration

import (
	"net/mail"
	"net/url"
	"strings"
	"unicode/utf8"
)

// The longest texts an operator may write for the standing pages, characters.
const (
	mostSite   = 300
	mostNotice = 500
)

func (d *document) checkSite(s *Settings) {
	for _, text := range []struct{ path, value string }{{"$.site.director", s.Site.Director}, {"$.site.host", s.Site.Host}} {
		d.checkLine(text.path, text.value, mostSite)
	}
	for _, address := range []struct{ path, value string }{{"$.site.contact", s.Site.Contact}, {"$.site.security", s.Site.Security}} {
		if address.value != "" && !contactable(address.value) {
			d.problem(address.path, "write an e-mail address or an https address")
		}
	}
	if (s.Notice.FR == "") != (s.Notice.EN == "") {
		d.problem("$.notice", "write fr and en both, or leave the key out")
	}
	d.checkLine("$.notice.fr", s.Notice.FR, mostNotice)
	d.checkLine("$.notice.en", s.Notice.EN, mostNotice)
}

func (d *document) checkLine(path, value string, most int) {
	if utf8.RuneCountInString(value) > most || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' }) {
		d.problem(path, "write one line of at most %d characters", most)
	}
}

// contactable tells an address that a page can link to and that security.txt
// (RFC 9116 §2.5.3) can name.
func contactable(address string) bool {
	if u, err := url.Parse(address); err == nil && u.Scheme == "https" && u.Host != "" {
		return !strings.ContainsAny(address, " \n")
	}
	a, err := mail.ParseAddress(address)
	return err == nil && a.Address == address && len(address) <= mostSite
}
