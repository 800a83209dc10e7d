package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
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
