package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"accord/consent/audit"
	"accord/consent/ledger"
)

// runLog judges a whole exported log:
//
//	accord-verify log -policy P [-checkpoint OLD]… [-lang fr|en] [-json] export.ndjson
func runLog(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	o, err := parseLogOptions(args, getenv)
	if err == nil {
		err = o.judge(ctx, stdout, stderr)
	}
	return o.end(err, stdout, stderr)
}

// logOptions are what the command line asks of log and reconcile.
type logOptions struct {
	command     string
	policy      string
	checkpoints []string
	export      string
	source      string // reconcile: a source's id and its list of request ids
	requests    string
	recipient   string // reconcile: a SIRET and its list of release ids
	releases    string
	json        bool
	texts       logTexts
	outcome     outcome
	usage       string
}

func (o *logOptions) flags(lang *string) *flag.FlagSet {
	flags := flag.NewFlagSet(o.command, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the usage in the user's language is printed instead
	flags.StringVar(&o.policy, "policy", "", "the log's policy")
	flags.BoolVar(&o.json, "json", false, "JSON output")
	flags.StringVar(lang, "lang", "", "fr or en")
	return flags
}

func parseLogOptions(args []string, getenv func(string) string) (logOptions, error) {
	o := logOptions{command: "log", outcome: undecided, texts: logTextsIn(language("", getenv))}
	o.usage = o.texts.usageLog
	var lang string
	flags := o.flags(&lang)
	flags.Func("checkpoint", "an older checkpoint", func(path string) error {
		o.checkpoints = append(o.checkpoints, path)
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return o, misuse{err}
	}
	if err := o.speak(lang, getenv); err != nil {
		return o, err
	}
	o.usage = o.texts.usageLog
	if o.policy == "" || flags.NArg() != 1 {
		return o, misuse{errors.New(o.texts.missingLog)}
	}
	o.export = flags.Arg(0)
	return o, nil
}

func (o *logOptions) speak(lang string, getenv func(string) string) error {
	if lang != "" && lang != french && lang != english {
		return misuse{fmt.Errorf("-lang %s: fr or en", lang)}
	}
	o.texts = logTextsIn(language(lang, getenv))
	return nil
}

// misuse is an error of the command line, answered with the usage.
type misuse struct{ error }

// end tells what went wrong, and gives the exit status.
func (o *logOptions) end(err error, stdout, stderr io.Writer) int {
	if err == nil {
		return o.outcome.status()
	}
	fmt.Fprintf(stderr, "accord-verify %s: %s\n", o.command, plain(err.Error()))
	var misused misuse
	if errors.As(err, &misused) {
		fmt.Fprintln(stderr, o.usage)
		return exitUndecided
	}
	if errors.Is(err, errForged) {
		fmt.Fprintln(stdout, plain(o.export)+o.texts.colon+o.texts.verdicts[notTrue])
		return exitFalse
	}
	fmt.Fprintln(stdout, plain(o.export)+o.texts.colon+o.texts.verdicts[undecided])
	return exitUndecided
}

func (o *logOptions) judge(ctx context.Context, stdout, stderr io.Writer) error {
	policy, err := readPolicy(o.policy)
	if err != nil {
		return err
	}
	var older []ledger.Checkpoint
	for _, path := range o.checkpoints {
		c, err := readCheckpoint(path, policy)
		if err != nil {
			return err
		}
		older = append(older, c)
	}
	report, err := replay(ctx, o.export, policy, audit.ReplayOptions{Older: older, Progress: o.progress(stderr)})
	if err != nil {
		return err
	}
	o.outcome = outcome(report.Outcome)
	return o.writeReport(stdout, report)
}

// progress says every few seconds how far a long replay is.
func (o *logOptions) progress(stderr io.Writer) func(int64) {
	said := time.Now()
	return func(lines int64) {
		if time.Since(said) > 3*time.Second {
			said = time.Now()
			fmt.Fprintf(stderr, o.texts.progress+"\n", lines)
		}
	}
}
