package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
)

// run is the command; it returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("promises", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("run", "", "only the controls whose name, test or sentence matches this `regexp`")
	verbose := flags.Bool("v", false, "print how each test failed under its control")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	matches, err := regexp.Compile(*only)
	if err != nil || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "promises: usage: promises [-run regexp] [-v]")
		return 2
	}
	defects, err := runAll(ctx, stdout, matches, *verbose)
	if err != nil {
		fmt.Fprintln(stderr, "promises:", err)
		return 1
	}
	if defects > 0 {
		fmt.Fprintf(stderr, "promises: %d defects\n", defects)
		return 1
	}
	return 0
}

func runAll(ctx context.Context, stdout io.Writer, only *regexp.Regexp, verbose bool) (defects int, err error) {
	root, err := moduleRoot(ctx)
	if err != nil {
		return 0, err
	}
	all, err := load(root)
	if err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "accord-promises-")
	if err != nil {
		return 0, fmt.Errorf("making a folder for the patched files: %w", err)
	}
	defer os.RemoveAll(dir)
	jobs, trials := trialsOf(choose(all, only))
	start(ctx, root, dir, jobs)
	return report{out: stdout, verbose: verbose}.print(trials), nil
}

func choose(all []control, only *regexp.Regexp) (some []control) {
	for _, c := range all {
		if only.MatchString(c.name) || only.MatchString(c.test) || only.MatchString(c.says) {
			some = append(some, c)
		}
	}
	return some
}
