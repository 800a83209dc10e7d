package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"
)

// Exit statuses.
const (
	exitWell      = 0
	exitAlarm     = 1
	exitUndecided = 2
)

// slowest is the longest pause between two looks at a log that does not answer.
const slowest = 15 * time.Minute

// options are what the command line asks for.
type options struct {
	log, policy, state    string
	every, stale, timeout time.Duration
	tries                 int
	once, full            bool
	texts                 texts
}

// run is the command; its result is the exit status.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, getenv)
	if err != nil {
		fmt.Fprintf(stderr, "accord-witness: %v\n%s\n", err, o.texts.usage)
		return exitUndecided
	}
	m, err := o.monitor()
	if err != nil {
		fmt.Fprintf(stderr, "accord-witness: %v\n", err)
		return exitUndecided
	}
	return m.follow(ctx, o, lines{stdout, o.texts, m.trust.Origin, m.now})
}

func (o options) monitor() (*monitor, error) {
	trust, err := readPolicy(o.policy)
	if err != nil {
		return nil, err
	}
	log, err := newRemoteLog(o.log, o.timeout, o.tries)
	if err != nil {
		return nil, err
	}
	return &monitor{log: log, trust: trust, state: o.state, full: o.full, stale: o.stale, now: time.Now}, nil
}

// follow looks until the first alarm or the end of ctx, or once. A trouble
// that leaves the question open is told when it begins and when it changes,
// and slows the looks down.
func (m *monitor) follow(ctx context.Context, o options, out lines) int {
	var last *trouble
	for failed := 0; ; {
		seen, err := m.look(ctx)
		if ctx.Err() != nil && !o.once {
			return last.status()
		}
		now := (*trouble)(nil)
		if err != nil {
			now = troubleOf(err)
		}
		failed = out.tell(seen, now, last, o.once, failed)
		if last = now; o.once || last.status() == exitAlarm || !sleep(ctx, pause(o.every, failed)) {
			return last.status()
		}
	}
}

// pause doubles with each look that failed in a row.
func pause(every time.Duration, failed int) time.Duration {
	return max(every, min(every<<min(failed, 10), slowest))
}

func parseOptions(args []string, getenv func(string) string) (options, error) {
	o := options{texts: textsIn(language("", getenv))}
	if len(args) == 0 || args[0] != "monitor" {
		return o, errors.New(o.texts.missing)
	}
	flags := flag.NewFlagSet("monitor", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the usage in the user's language is printed instead
	flags.StringVar(&o.log, "log", "", "address of the log")
	flags.StringVar(&o.policy, "policy", "", "C2SP tlog-policy file")
	flags.StringVar(&o.state, "state", "", "file of the monitor's memory")
	flags.DurationVar(&o.every, "every", 30*time.Second, "between two looks")
	flags.DurationVar(&o.stale, "stale", 24*time.Hour, "how long the log may stay as it is; 0 for ever")
	flags.DurationVar(&o.timeout, "timeout", 30*time.Second, "for one answer")
	flags.IntVar(&o.tries, "tries", 3, "for one address within one look")
	flags.BoolVar(&o.once, "once", false, "look once, for cron")
	flags.BoolVar(&o.full, "full", false, "read all leaves again, not the new ones only")
	lang := flags.String("lang", "", "fr or en")
	if err := flags.Parse(args[1:]); err != nil {
		return o, err
	}
	o.texts = textsIn(language(*lang, getenv))
	return o, o.check(*lang, flags.NArg())
}

func (o options) check(lang string, more int) error {
	switch {
	case lang != "" && lang != french && lang != english:
		return fmt.Errorf("-lang %s: fr, en", lang)
	case o.log == "" || o.policy == "" || o.state == "" || more > 0:
		return errors.New(o.texts.missing)
	case o.every < time.Second || o.timeout <= 0 || o.stale < 0 || o.tries < 1:
		return errors.New(o.texts.bounds)
	}
	return nil
}
