package auditor

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func TestAPathIsTheOneC2SPWrites(t *testing.T) {
	for path, want := range map[string]tilePath{
		"/0/000":                               {width: 256},
		"/1/x001/x234/067":                     {level: 1, index: 1234067, width: 256},
		"/entries/x001/x234/067":               {entries: true, index: 1234067, width: 256},
		"/0/x001/x234/067.p/8":                 {index: 1234067, width: 8},
		"/63/x999/x999/x999/999":               {level: 63, index: 999999999999, width: 256},
		"/entries/000.p/255":                   {entries: true, width: 255},
		"/0/x009/x223/x372/x036/x854/x775/807": {index: 9223372036854775807, width: 256},
	} {
		if got, ok := parseTile(path); !ok || got != want || want.String() != path {
			t.Errorf("%s reads as %+v, %t; written %s", path, got, ok, want)
		}
	}
}

// The paths are those of golang.org/x/mod, less its height.
func TestAPathIsTheOneOfAnotherReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := tilePath{level: rapid.IntRange(0, 63).Draw(t, "level"), index: rapid.Int64Min(0).Draw(t, "index"), width: rapid.IntRange(1, 256).Draw(t, "width")}
		theirs := tlog.Tile{H: 8, L: p.level, N: p.index, W: p.width}.Path()
		if "tile/8"+p.String() != theirs {
			t.Fatalf("%s is not %s", p, theirs)
		}
		if got, ok := parseTile(p.String()); !ok || got != p {
			t.Fatalf("%s reads back as %+v, %t", p, got, ok)
		}
	})
}

func FuzzTilePath(f *testing.F) {
	for _, s := range []string{"/0/000", "/entries/x001/000.p/3", "/0/x000/000", "/0/+00", "//", "/0/000.p/256"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := parseTile(s); ok && p.String() != s {
			t.Errorf("%q accepted, writes back %q", s, p)
		}
	})
}

func TestACellIsNeverAFormula(t *testing.T) {
	for _, cell := range []string{"=1+1", "+1", "-1", "@x", "\tx"} {
		if got := inert(cell); got != "'"+cell {
			t.Errorf("%q is written %q", cell, got)
		}
	}
	if inert("consent.granted") != "consent.granted" || inert("") != "" {
		t.Error("an ordinary cell is changed")
	}
}
