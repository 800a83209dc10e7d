package consent

import (
	"encoding/json"
	"math/big"
	"strings"
	"time"
)

// A GridAnswer is one answer of a grid.
type GridAnswer struct {
	Code  string
	Label Text
}

// Answer gives what the grid says of a resource's document on a day, and false
// when it has no answer: a leaf is missing or of another kind, a divisor is not
// above zero, or what is unknown of a date of birth or an address would decide.
// It never guesses. The document is valid JSON.
func (g Grid) Answer(doc json.RawMessage, day time.Time) (GridAnswer, bool) {
	switch {
	case len(g.Bands) > 0:
		return g.band(doc)
	case g.Ages != nil:
		return g.yesNo(g.Ages.among(readLeaves(doc, g.Path), day))
	case len(g.AnyOf) > 0:
		return g.yesNo(g.isAnyOf(readLeaves(doc, g.Path)))
	}
	return GridAnswer{}, false
}

func (g Grid) yesNo(yes, known bool) (GridAnswer, bool) {
	switch {
	case !known:
		return GridAnswer{}, false
	case yes:
		return GridAnswer{CodeYes, g.IfYes}, true
	}
	return GridAnswer{CodeNo, g.IfNo}, true
}

// band finds the band of the value, or of its exact quotient.
func (g Grid) band(doc json.RawMessage) (GridAnswer, bool) {
	value, ok := number(readLeaves(doc, g.Path))
	if !ok {
		return GridAnswer{}, false
	}
	if g.Per != "" {
		by, ok := number(readLeaves(doc, g.Per))
		if !ok || by.Sign() <= 0 {
			return GridAnswer{}, false
		}
		value.Quo(value, by)
	}
	for i, b := range g.Bands {
		if b.Below == nil || value.Cmp(new(big.Rat).SetInt64(*b.Below)) < 0 {
			return g.Answers()[i], true
		}
	}
	return GridAnswer{}, false
}

// mostDigits bounds a number that is read exactly: amounts are far below, and
// an exponent could make a few characters fill the memory.
const mostDigits = 40

// number reads a single JSON number, exactly.
func number(l reading) (*big.Rat, bool) {
	if !l.whole || len(l.found) != 1 {
		return nil, false
	}
	written := string(l.found[0])
	if len(written) > mostDigits || strings.Trim(written, "-.0123456789") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(written)
}

// A reading is what a path leads to in a document.
type reading struct {
	found []json.RawMessage // scalars, in the document's order
	whole bool              // nothing on the way is missing, null or of another shape
}

// readLeaves follows a path as Mask does.
func readLeaves(doc json.RawMessage, path string) reading {
	l := reading{whole: true}
	l.member(doc, path)
	return l
}

func (l *reading) member(object json.RawMessage, path string) {
	name, rest, _ := strings.Cut(path, ".")
	plain := strings.TrimRight(name, "[]")
	members, err := readObject(object, plain)
	value, there := members[plain]
	if err != nil || !there {
		l.whole = false
		return
	}
	l.value(value, (len(name)-len(plain))/len("[]"), rest)
}

func (l *reading) value(value json.RawMessage, arrays int, rest string) {
	switch {
	case arrays > 0 && value[0] == '[':
		var elements []json.RawMessage
		l.whole = json.Unmarshal(value, &elements) == nil && l.whole
		for _, e := range elements {
			l.value(e, arrays-1, rest)
		}
	case arrays == 0 && rest != "" && value[0] == '{':
		l.member(value, rest)
	case arrays == 0 && rest == "" && value[0] != '{' && value[0] != '[' && value[0] != 'n':
		l.found = append(l.found, value)
	default:
		l.whole = false
	}
}
