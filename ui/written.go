package ui

import (
	"html/template"
	"regexp"
	"strings"
)

// fixedText is a text without placeholders, asked for by its key alone.
var fixedText = regexp.MustCompile(`\{\{t "([a-z0-9_.]+)"\}\}`)

// written puts the fixed texts of a template source in their places, once at
// the start: a page has some forty, and each would be a call by reflection and
// an escaping every time it is shown. They stand in text and in quoted
// attributes only, where HTML escaping is what html/template would do.
func (s *speech) written(source string) string {
	return fixedText.ReplaceAllStringFunc(source, func(action string) string {
		text := s.text(fixedText.FindStringSubmatch(action)[1])
		if strings.Contains(text, "{{") { // would be read as an action
			return action
		}
		return template.HTMLEscapeString(text)
	})
}
