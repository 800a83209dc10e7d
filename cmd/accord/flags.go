package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

func splitWords(s string) []string { return strings.Fields(s) }

// flags makes a flag set that prints nothing by itself.
func flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// parse reads flags and the arguments after them, least to most many.
func parse(f *flag.FlagSet, args []string, least, most int) error {
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if f.NArg() < least || f.NArg() > most {
		return fmt.Errorf("%w: %d arguments", errUsage, f.NArg())
	}
	return nil
}

// identifierLast puts a command's one identifier, before or after its flags,
// where f reads it. One key id in 64 begins with a hyphen: what is no flag of f
// is the identifier.
func identifierLast(f *flag.FlagSet, args []string) []string {
	for n := 0; n < len(args); n++ {
		name, _, whole := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(args[n], "-"), "-"), "=")
		known := f.Lookup(name)
		switch {
		case name == args[n] || known == nil && !slices.Contains([]string{"", "h", "help"}, name):
			return slices.Concat(args[:n], args[n+1:], []string{"--", args[n]})
		case known == nil:
			return args
		case !whole && !isSwitch(known):
			n++ // its value
		}
	}
	return args
}

// isSwitch tells flags without a value of their own.
func isSwitch(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}
