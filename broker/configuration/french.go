package configuration

import (
	"fmt"
	"regexp"
	"strings"
)

// French is the form of String for whoever reads French: applicants and
// registrars. What the table does not know stays in English, rather than be
// left out.
func (m Mistake) French() string {
	kind := ""
	if m.Warning {
		kind = "avertissement : "
	}
	where := m.File
	if m.Line > 0 {
		where = fmt.Sprintf("%s:%d", m.File, m.Line)
	}
	return where + ": " + kind + french(m.Message)
}

// located splits "data.required[1].id: what is wrong".
var located = regexp.MustCompile(`\A([A-Za-z_$][\w.\[\]-]*): (.*)\z`)

func french(message string) string {
	if parts := located.FindStringSubmatch(message); parts != nil {
		if said, ok := translated(parts[2]); ok {
			return parts[1] + " : " + said
		}
	}
	if said, ok := translated(message); ok {
		return said
	}
	return message
}

// translated finds the first sentence of the table that fits.
func translated(message string) (string, bool) {
	for _, s := range sentences() {
		held, ok := s.match(message)
		if !ok {
			continue
		}
		args := make([]any, len(held))
		for i, part := range held {
			if said, ok := translated(part); ok {
				part = said
			}
			args[i] = part
		}
		return fmt.Sprintf(s.fr, args...), true
	}
	return "", false
}

// A sentence is a message's format in English, as the rules write it, and in
// French, with the same verbs as %s.
type sentence struct{ en, fr string }

// match gives what stands for the verbs.
func (s sentence) match(message string) ([]string, bool) {
	pattern := strings.NewReplacer("%s", "(.*)", "%d", `(\d+)`, "%q", `("?.*"?)`).Replace(regexp.QuoteMeta(s.en))
	held := regexp.MustCompile(`\A` + pattern + `\z`).FindStringSubmatch(message)
	if held == nil {
		return nil, false
	}
	return held[1:], true
}
