package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"accord/consent/audit"
)

// runStats derives the public figures again from a whole exported log, which it
// judges first:
//
//	accord-verify stats -policy P [-until 2026-11-26T12:00:00.000Z] [-lang fr|en] [-json] export.ndjson
//
// Compare them with /stats.json of the same instant.
func runStats(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	o, until, err := parseStats(args, getenv)
	if err == nil {
		err = o.figures(ctx, until, stdout, stderr)
	}
	return o.end(err, stdout, stderr)
}

func parseStats(args []string, getenv func(string) string) (logOptions, time.Time, error) {
	o := logOptions{command: "stats", outcome: undecided, texts: logTextsIn(language("", getenv))}
	o.usage = o.texts.usageStats
	var lang, end string
	flags := o.flags(&lang)
	flags.StringVar(&end, "until", "", "end of the thirty days")
	if err := flags.Parse(args); err != nil {
		return o, time.Time{}, misuse{err}
	}
	if err := o.speak(lang, getenv); err != nil {
		return o, time.Time{}, err
	}
	o.usage = o.texts.usageStats
	if o.policy == "" || flags.NArg() != 1 {
		return o, time.Time{}, misuse{errors.New(o.texts.missingLog)}
	}
	o.export = flags.Arg(0)
	if end == "" {
		return o, time.Now(), nil
	}
	until, err := time.Parse(time.RFC3339, end)
	if err != nil {
		return o, until, misuse{fmt.Errorf("-until %s: %w", plain(end), err)}
	}
	return o, until, nil
}

// figures counts in the finest step there is, so that any end can be asked.
func (o *logOptions) figures(ctx context.Context, until time.Time, stdout, stderr io.Writer) error {
	policy, err := readPolicy(o.policy)
	if err != nil {
		return err
	}
	tally, index := audit.NewTally(policy.Origin, time.Millisecond), int64(0)
	report, err := replay(ctx, o.export, policy, audit.ReplayOptions{
		Progress: o.progress(stderr),
		Visit:    func(kind audit.Kind, e *audit.Event) { tally.Add(index, kind, e); index++ },
	})
	if err != nil {
		return err
	}
	o.outcome = outcome(report.Outcome)
	return o.writeFigures(stdout, report, tally.Figures(until))
}

func (o *logOptions) writeFigures(w io.Writer, r audit.Report, s audit.Statistics) error {
	if o.json {
		return o.encode(w, struct {
			File    string `json:"file"`
			Outcome string `json:"outcome"` // of the log
			audit.Statistics
		}{o.export, r.Outcome, s})
	}
	t := o.texts
	var out strings.Builder
	fmt.Fprintf(&out, "%s%s%s\n", plain(o.export), t.colon, t.verdicts[outcome(r.Outcome)])
	fmt.Fprintf(&out, t.window+"\n", s.From, s.Until)
	for _, f := range s.Papers {
		fmt.Fprintf(&out, "  %-40s %d\n", f.Kind, f.Count)
	}
	for _, d := range s.Days {
		if d.Papers.Told() {
			fmt.Fprintf(&out, "  "+t.day+"\n", d.Day, d.Papers, d.Papers+audit.FewestCounted-1)
		}
	}
	fmt.Fprintf(&out, t.acts+"\n", o.told(s.Needless), o.told(s.Agreements), o.told(s.Refusals), o.told(s.Withdrawals))
	for _, f := range s.Sources {
		fmt.Fprintf(&out, "  %-20s "+t.answered+"\n", f.Source, f.Attempts, f.Available/10, f.Available%10, f.P95)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// told writes a count, or that it is too small to be told.
func (o *logOptions) told(c audit.Count) string {
	if !c.Told() {
		return fmt.Sprintf(o.texts.fewer, audit.FewestCounted)
	}
	return fmt.Sprint(int64(c))
}
