package consent

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// isAnyOf tells whether a text is one of the grid's. Where these are communes
// the line need only end with one, as a whole address on one line does; a line
// without a postal code then says nothing either way.
func (g Grid) isAnyOf(l reading) (yes, known bool) {
	var written string
	if !l.whole || len(l.found) != 1 || json.Unmarshal(l.found[0], &written) != nil {
		return false, false
	}
	line := plainWords(written)
	postal := slices.ContainsFunc(g.AnyOf, func(s string) bool { return beginsPostal(plainWords(s)) })
	if line == "" || postal && !slices.ContainsFunc(strings.Fields(line), beginsPostal) {
		return false, false
	}
	return slices.ContainsFunc(g.AnyOf, func(s string) bool {
		one := plainWords(s)
		return line == one || beginsPostal(one) && strings.HasSuffix(line, " "+one)
	}), true
}

// beginsPostal tells a line that begins with a French postal code.
func beginsPostal(line string) bool {
	first, _, _ := strings.Cut(line, " ")
	return len(first) == 5 && strings.Trim(first, "0123456789") == ""
}

// plainWords writes a line as the post does: capitals without accents, words
// parted by one space, SAINT in full.
func plainWords(line string) string {
	line = strings.NewReplacer("Œ", "OE", "Æ", "AE").Replace(strings.ToUpper(line))
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		}
		return ' '
	}, norm.NFD.String(line))
	words := strings.Fields(plain)
	for i, w := range words {
		switch w {
		case "ST":
			words[i] = "SAINT"
		case "STE":
			words[i] = "SAINTE"
		}
	}
	return strings.Join(words, " ")
}
