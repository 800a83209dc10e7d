package consent

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Problem is one mistake in an approval.
type Problem struct {
	Path    string // YAML path, as "$.data.required[1].id"; of the missing key where one is missing
	Message string // what is wrong and what to write
}

// problems collects what the checks of Validate find.
type problems struct{ found []Problem }

func (p *problems) add(path, format string, args ...any) {
	p.found = append(p.found, Problem{Path: path, Message: fmt.Sprintf(format, args...)})
}

// line demands one line of at most limit characters. Control and invisible
// characters are refused: a right-to-left mark can make a page read otherwise
// than the file that was signed.
func (p *problems) line(path, s string, limit int) {
	switch {
	case strings.TrimSpace(s) == "":
		p.add(path, "is missing: write it, on one line of at most %d characters", limit)
	case s != strings.TrimSpace(s):
		p.add(path, "begins or ends with a space: remove it")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, invisible):
		p.add(path, "holds a line break or an invisible character: write it on one line (after >- it may be broken in the file)")
	case utf8.RuneCountInString(s) > limit:
		p.add(path, "has %d characters: write at most %d", utf8.RuneCountInString(s), limit)
	}
}

// text demands both languages.
func (p *problems) text(path string, t Text, limit int) {
	p.line(path+".fr", t.FR, limit)
	p.line(path+".en", t.EN, limit)
}

// match demands a shape.
func (p *problems) match(path, s string, shape *regexp.Regexp, want string) {
	switch {
	case s == "":
		p.add(path, "is missing: write %s", want)
	case !shape.MatchString(s):
		p.add(path, "%s is not accepted: write %s", quoted([]string{s}), want)
	}
}

// count demands a list of a size within bounds.
func (p *problems) count(path string, n, least, most int) {
	if n < least || n > most {
		p.add(path, "has %d entries: write %d to %d", n, least, most)
	}
}

// invisible tells characters that show as nothing or change how others show.
// The no-break spaces of French typography stay allowed.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
}
