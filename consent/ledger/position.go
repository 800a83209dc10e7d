package ledger

import (
	"fmt"
	"strconv"
	"strings"
)

// A Position is the place of a leaf: a log and the index in it. Indexes alone
// mean nothing, as a restored store goes on in a new log.
type Position struct {
	Origin string // "<host>/log/<n>"
	Index  int64  // from 0
}

// String gives "<origin>#<index>", as in the header Accord-Log.
func (p Position) String() string {
	return p.Origin + "#" + strconv.FormatInt(p.Index, 10)
}

// ParsePosition reads what String wrote, and nothing else.
func ParsePosition(s string) (Position, error) {
	origin, number, found := strings.Cut(s, "#")
	if !found {
		return Position{}, fmt.Errorf("parsing log position: no '#'")
	}
	if err := checkOrigin(origin); err != nil {
		return Position{}, fmt.Errorf("parsing log position: %w", err)
	}
	index, err := parseSize(number)
	if err != nil {
		return Position{}, fmt.Errorf("parsing log position: %w", err)
	}
	return Position{Origin: origin, Index: index}, nil
}

// parseSize reads a decimal of int64 without sign or leading zeros, so that
// one number has one spelling.
func parseSize(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("%q is no size or index", s)
	}
	return n, nil
}
