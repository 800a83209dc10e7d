package main

import (
	"slices"
	"testing"
)

// An identifier is read as it stands, hyphen or not, and flags stay flags.
func TestAnIdentifierMayBeginWithAHyphen(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		id   string // "" = not understood
	}{
		"before the flags":         {[]string{"-Kd9", "-last-good", "7"}, "-Kd9"},
		"after them":               {[]string{"-last-good", "7", "-Kd9"}, "-Kd9"},
		"between":                  {[]string{"-sure", "-Kd9", "-last-good", "7"}, "-Kd9"},
		"two hyphens":              {[]string{"--Kd9", "-last-good=7"}, "--Kd9"},
		"no hyphen":                {[]string{"Kd9", "--last-good", "7"}, "Kd9"},
		"a negative value":         {[]string{"-last-good", "-1", "-Kd9"}, "-Kd9"},
		"like a flag, marked":      {[]string{"-last-good", "7", "--", "-last-good"}, "-last-good"},
		"two":                      {[]string{"-Kd9", "-last-good", "7", "-Le8"}, ""},
		"a flag nobody knows, too": {[]string{"-lastgood=7", "Kd9"}, ""},
		"none":                     {[]string{"-last-good", "7"}, ""},
		"help":                     {[]string{"-help"}, ""},
		"half a flag":              {[]string{"Kd9", "-last-good"}, ""},
	} {
		f := flags("keys compromise")
		f.Int64("last-good", 0, "")
		f.Bool("sure", false, "")
		before := slices.Clone(c.args)
		err := parse(f, identifierLast(f, c.args), 1, 1)
		if (err == nil) != (c.id != "") || err == nil && f.Arg(0) != c.id {
			t.Errorf("%s: %q read as %q (%v)", name, c.args, f.Args(), err)
		}
		if !slices.Equal(before, c.args) {
			t.Errorf("%s: the command line was changed", name)
		}
	}
}
