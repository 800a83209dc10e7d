package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"accord/broker/operator"
)

// erasePropose is the first operator's act.
func erasePropose(ctx context.Context, in invocation, args []string) error {
	f, s, w := flags("erase propose"), socket{}, whom{}
	s.flags(f)
	w.flags(f)
	reference, retention := f.String("request", "", ""), f.Bool("retention", false, "")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	if (*reference != "") == *retention {
		return fmt.Errorf("%w: -request REFERENCE of the person's request, or -retention", errUsage)
	}
	if err := w.read(); err != nil {
		return err
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	ask := operator.Propose{Whom: w.Whom, Reason: "request", Request: *reference}
	if *retention {
		ask.Reason = "retention"
	}
	var p operator.Proposal
	if err := call(ctx, path, "/erase/propose", ask, &p); err != nil {
		return err
	}
	describeProposal(in, p)
	fmt.Fprintf(in.stdout, "un autre opérateur / another operator: accord erase confirm %s\n", p.ID)
	return nil
}

func describeProposal(in invocation, p operator.Proposal) {
	fmt.Fprintf(in.stdout, "%s: uid %d, %s, %d ensemble(s) / sets, jusqu'au / until %s\n", p.ID, p.By, p.Reason, len(p.Targets), p.Until.UTC().Format(time.RFC3339))
	for _, t := range p.Targets {
		fmt.Fprintf(in.stdout, "  %s%s\n", t.Grant, t.Interaction)
	}
}

// eraseConfirm is the second operator's.
func eraseConfirm(ctx context.Context, in invocation, args []string) error {
	f, s := flags("erase confirm"), socket{}
	s.flags(f)
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	var done operator.Erased
	if err := call(ctx, path, "/erase/confirm", operator.Confirm{ID: f.Arg(0)}, &done); err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%d événements / events: leurs clés sont détruites / their keys are destroyed\n", len(done.Indices))
	notYet(in, done.NotYet, done.Current)
	return nil
}

// notYet says what is left before anything is really gone.
func notYet(in invocation, epochs []string, current string) {
	if len(epochs) == 0 {
		fmt.Fprintln(in.stdout, "rien n'attend d'être effacé / nothing waits to be erased")
		return
	}
	fmt.Fprintf(in.stdout, `PAS ENCORE EFFACÉ / NOT YET ERASED: les clés d'époque / epoch keys %s existent encore / still exist
  1. sauvegarder keys/, avec la clé d'époque / back keys/ up, with the epoch key %s
  2. accord erase finish -keys-backed-up %s -backup NOUVELLE-COPIE
`, strings.Join(epochs, " "), current, current)
}

// eraseList tells what is proposed and what is not yet erased.
func eraseList(ctx context.Context, in invocation, args []string) error {
	f, s := flags("erase list"), socket{}
	s.flags(f)
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	var l operator.Listed
	if err := call(ctx, path, "/erase", nil, &l); err != nil {
		return err
	}
	for _, p := range l.Proposals {
		describeProposal(in, p)
	}
	notYet(in, l.NotYet, l.Current)
	return nil
}
