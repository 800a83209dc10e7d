package configuration

import (
	"cmp"
	"fmt"
	"slices"
)

// A Mistake is one thing to change in one file.
type Mistake struct {
	File    string // path as given or found
	Line    int    // from 1; 0 when the file as a whole is meant
	Message string // what is wrong and what to write
	Warning bool   // lawful but worth a second look: nothing is refused for it
}

// String is the form editors jump to: "clients/town.yaml:7: redirect_uris: …".
func (m Mistake) String() string {
	kind := ""
	if m.Warning {
		kind = "warning: "
	}
	if m.Line == 0 {
		return fmt.Sprintf("%s: %s%s", m.File, kind, m.Message)
	}
	return fmt.Sprintf("%s:%d: %s%s", m.File, m.Line, kind, m.Message)
}

// Refused tells whether any of the mistakes is more than a warning.
func Refused(mistakes []Mistake) bool {
	return slices.ContainsFunc(mistakes, func(m Mistake) bool { return !m.Warning })
}

// sorted orders mistakes by file and line, so that two runs print the same.
func sorted(mistakes []Mistake) []Mistake {
	slices.SortStableFunc(mistakes, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return mistakes
}
