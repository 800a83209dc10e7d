package auditor

import (
	"fmt"
	"strconv"
	"strings"

	"accord/consent/ledger"
)

// A tilePath is what follows /log/{n}/tile: C2SP tlog-tiles,
//
//	/<level>/<N>[.p/<W>]  or  /entries/<N>[.p/<W>],  N as x001/x234/067
type tilePath struct {
	entries bool
	level   int   // 0 to 63, 0 of entries
	index   int64 // N
	width   int   // W; 256 when the tile is full
}

const fullWidth = 1 << ledger.TileHeight

// parseTile reads a path in its one spelling: it reads loosely, and compares
// with what it would have written.
func parseTile(path string) (tilePath, bool) {
	kind, rest, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !ok || len(path) > 64 {
		return tilePath{}, false
	}
	number, width, partial := strings.Cut(rest, ".p/")
	t := tilePath{entries: kind == "entries", width: fullWidth}
	var err error
	if !t.entries {
		if t.level, err = strconv.Atoi(kind); err != nil || t.level > 63 {
			return t, false
		}
	}
	if partial {
		if t.width, err = strconv.Atoi(width); err != nil || t.width < 1 || t.width >= fullWidth {
			return t, false
		}
	}
	if t.index, err = strconv.ParseInt(strings.NewReplacer("x", "", "/", "").Replace(number), 10, 64); err != nil {
		return t, false
	}
	return t, t.index >= 0 && t.String() == path
}

// String writes the path.
func (t tilePath) String() string {
	kind := "entries"
	if !t.entries {
		kind = strconv.Itoa(t.level)
	}
	number := fmt.Sprintf("%03d", t.index%1000)
	for n := t.index / 1000; n > 0; n /= 1000 {
		number = fmt.Sprintf("x%03d/%s", n%1000, number)
	}
	if t.width < fullWidth {
		number += ".p/" + strconv.Itoa(t.width)
	}
	return "/" + kind + "/" + number
}
