package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"

	"accord/consent/audit"
)

// runReconcile compares a log with the list of one who took part:
//
//	accord-verify reconcile -policy P -export E -source ID -requests list.txt
//	accord-verify reconcile -policy P -export E -recipient SIRET -releases list.txt
//
// An id of the list without an event was hidden: exit 1.
func runReconcile(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	o, err := parseReconcileOptions(args, getenv)
	if err == nil {
		err = o.reconcile(ctx, stdout, stderr)
	}
	return o.end(err, stdout, stderr)
}

func parseReconcileOptions(args []string, getenv func(string) string) (logOptions, error) {
	o := logOptions{command: "reconcile", outcome: undecided, texts: logTextsIn(language("", getenv))}
	o.usage = o.texts.usageReconcile
	var lang string
	flags := o.flags(&lang)
	flags.StringVar(&o.export, "export", "", "export of the log")
	flags.StringVar(&o.source, "source", "", "id of a source")
	flags.StringVar(&o.requests, "requests", "", "its request ids, one a line")
	flags.StringVar(&o.recipient, "recipient", "", "SIRET of a service provider")
	flags.StringVar(&o.releases, "releases", "", "its release ids, one a line")
	if err := flags.Parse(args); err != nil {
		return o, misuse{err}
	}
	if err := o.speak(lang, getenv); err != nil {
		return o, err
	}
	o.usage = o.texts.usageReconcile
	source, recipient := o.source != "" && o.requests != "", o.recipient != "" && o.releases != ""
	either := o.source+o.requests != "" && o.recipient+o.releases != ""
	if o.policy == "" || o.export == "" || flags.NArg() > 0 || source == recipient || either {
		return o, misuse{errors.New(o.texts.missingReconcile)}
	}
	return o, nil
}

func (o *logOptions) reconcile(ctx context.Context, stdout, stderr io.Writer) error {
	policy, err := readPolicy(o.policy)
	if err != nil {
		return err
	}
	var logged []string
	var erased int64
	report, err := replay(ctx, o.export, policy, audit.ReplayOptions{
		LeavesOnly: true, Progress: o.progress(stderr),
		Visit: func(k audit.Kind, e *audit.Event) { o.collect(k, e, &logged, &erased) },
	})
	if err != nil {
		return err
	}
	if report.Outcome != audit.Genuine {
		o.outcome = outcome(report.Outcome)
		return o.writeReport(stdout, report)
	}
	return o.compare(stdout, logged, erased)
}

// collect takes the id of an event of the source or recipient in question.
func (o *logOptions) collect(k audit.Kind, e *audit.Event, logged *[]string, erased *int64) {
	wanted := audit.SourceQueried
	if o.recipient != "" {
		wanted = audit.ReleaseCompleted
	}
	switch {
	case k != wanted:
	case e == nil:
		*erased++
	case o.recipient != "" && e.Recipient == o.recipient:
		*logged = append(*logged, e.Release)
	case o.source != "" && e.Source == o.source:
		*logged = append(*logged, e.RequestID)
	}
}

func (o *logOptions) compare(stdout io.Writer, logged []string, erased int64) error {
	path := o.requests + o.releases
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	r := audit.Reconcile(slices.Values(logged), listed(lines))
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	r.Erased = erased
	o.outcome = outcome(r.Outcome())
	return o.writeReconciliation(stdout, path, r)
}

// listed are the ids of a list: one a line, empty lines passed over.
func listed(lines *bufio.Scanner) iter.Seq[string] {
	return func(yield func(string) bool) {
		for lines.Scan() {
			if id := strings.TrimSpace(lines.Text()); id != "" && !yield(id) {
				return
			}
		}
	}
}
