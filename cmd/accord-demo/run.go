package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"accord/cmd/accord-demo/country"
)

// options are the command's flags.
type options struct {
	check bool
	country.Options
}

// run is the command: exit 0 when all went well, 1 when not, 2 for a wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err != nil {
		return 2
	}
	if o.check {
		return runCheck(ctx, o, stdout, stderr)
	}
	if err := up(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "accord-demo:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	f := flag.NewFlagSet("accord-demo", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.IntVar(&o.BasePort, "base-port", 8080, "first of four ports in a row: Accord, FranceConnect's simulator, the town hall, the data sources")
	f.StringVar(&o.Data, "data", "", "`folder` that keeps keys, store and log between runs (default: a temporary one, removed at the end)")
	f.StringVar(&o.Clients, "clients", "", "`folder` of further clients, as accord serve reads them")
	f.StringVar(&o.Approvals, "approvals", "", "`folder` of further approvals; unsigned ones are signed by the demonstration's registrar")
	f.StringVar(&o.Conformance, "conformance", "", "`address` of a test of the OpenID Foundation's conformance suite, https://HOST/test/a/ALIAS: registers its clients, serves TLS, and writes the plans' configuration under the data folder")
	f.BoolVar(&o.check, "check", false, "play every journey headless against own processes, one line a step, and leave")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case f.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", f.Arg(0))
	case o.check && o.Conformance != "":
		err = errors.New("-check plays the demonstration's own clients: leave -conformance out")
	default:
		return o, o.absolute()
	}
	fmt.Fprintln(stderr, "accord-demo:", err)
	return o, err
}

// absolute fixes folders before anything changes the working directory.
func (o *options) absolute() (err error) {
	for _, dir := range []*string{&o.Data, &o.Clients, &o.Approvals} {
		if *dir == "" {
			continue
		}
		if *dir, err = filepath.Abs(*dir); err != nil {
			return err
		}
	}
	return nil
}

// up starts the country, says what to open and waits for Ctrl-C.
func up(ctx context.Context, o options, stdout, stderr io.Writer) error {
	o.Say = func(format string, args ...any) { fmt.Fprintf(stdout, format+"\n", args...) }
	o.Log = slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	o.Say("Starting the demonstration: a simulator, not FranceConnect. Every person and commune is invented.")
	c, err := country.Start(ctx, o.Options)
	if err != nil {
		return err
	}
	o.Say("  Accord           %s", c.Accord)
	o.Say("  FranceConnect    %s (simulator)", c.FranceConnectURL)
	o.Say("  Town hall        %s", c.TownHallURL)
	o.Say("  Data sources     %s (simulators)", c.SourcesURL)
	if o.Conformance == "" { // the sites trust no certificate of a start's own
		whereToBegin(o, c)
	}
	o.Say("Ctrl-C stops.")
	<-ctx.Done()
	o.Say("Stopping.")
	return c.Close()
}

func whereToBegin(o options, c *country.Country) {
	o.Say("Open %s/valbrume/cantine", c.TownHallURL)
	for _, slug := range c.Agencies.Slugs() {
		o.Say("  or %s/%s/demande", c.TownHallURL, slug)
	}
	o.Say("  or %s/guichet, as an agent at a desk", c.Accord)
}
