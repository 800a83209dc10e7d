package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"accord/consent/receipt"
)

// Exit statuses. One false file among several makes the whole run false; else
// one undecided makes it undecided.
const (
	exitGenuine   = 0
	exitFalse     = 1
	exitUndecided = 2
)

// A command is one word of the command line; its result is the exit status.
type command func(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int

func commands() map[string]command {
	return map[string]command{
		"receipt":   runReceipt,
		"bundle":    runBundle,
		"delivery":  runDelivery,
		"log":       runLog,
		"reconcile": runReconcile,
		"stats":     runStats,
	}
}

// run is the whole program; its result is the exit status.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		if c, known := commands()[args[0]]; known {
			return c(ctx, args[1:], getenv, stdout, stderr)
		}
	}
	return misused(stderr, textsIn(language("", getenv)).usage)
}

func runReceipt(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, getenv)
	if err != nil {
		fmt.Fprintf(stderr, "accord-verify: %v\n", err)
		return misused(stderr, o.texts.receiptUsage)
	}
	keys, err := readKeys(o.jwks)
	if err != nil {
		fmt.Fprintf(stderr, "accord-verify: %v\n", err)
		return exitUndecided
	}
	result := examineAll(ctx, o.files, keys)
	if err := o.write(stdout, result); err != nil {
		fmt.Fprintf(stderr, "accord-verify: writing the result: %v\n", err)
		return exitUndecided
	}
	return result.Outcome.status()
}

func misused(stderr io.Writer, usage string) int {
	fmt.Fprintln(stderr, usage)
	return exitUndecided
}

// options are what the command line asks of `receipt`.
type options struct {
	jwks  string
	json  bool
	files []string
	texts texts
}

func parseOptions(args []string, getenv func(string) string) (options, error) {
	o := options{texts: textsIn(language("", getenv))}
	flags := flag.NewFlagSet("receipt", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the usage in the user's language is printed instead
	flags.StringVar(&o.jwks, "jwks", "", "key history")
	flags.BoolVar(&o.json, "json", false, "JSON output")
	lang := flags.String("lang", "", "fr or en")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if *lang != "" && *lang != french && *lang != english {
		return o, fmt.Errorf("-lang %s: fr or en", *lang)
	}
	o.texts, o.files = textsIn(language(*lang, getenv)), flags.Args()
	if o.jwks == "" || len(o.files) == 0 {
		return o, errors.New(o.texts.missing)
	}
	return o, nil
}

func (o options) write(w io.Writer, r result) error {
	if o.json {
		return writeJSON(w, r, o.texts)
	}
	return writeText(w, r, o.texts)
}

func readKeys(path string) (receipt.KeySet, error) {
	data, err := readFile(path, receipt.MaxKeySet)
	if err != nil {
		return nil, err
	}
	keys, err := receipt.ParseKeySet(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return keys, nil
}

// readFile reads at most one byte beyond limit, so that what is too long is
// seen as such and never fills the memory.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return data, nil
}
