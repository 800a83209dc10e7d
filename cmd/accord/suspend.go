package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"accord/broker/operator"
	"accord/consent/audit"
)

// approvalsSuspend needs no registrar: stopping is any operator's, going on is
// not.
func approvalsSuspend(ctx context.Context, in invocation, args []string) error {
	f, s := flags("approvals suspend"), socket{}
	s.flags(f)
	reason := f.String("reason", "", "")
	if err := parse(f, identifierLast(f, args), 1, 1); err != nil {
		return err
	}
	if !slices.Contains(audit.SuspensionReasons(), *reason) {
		return fmt.Errorf("%w: -reason is one of %s: the log is public, so it takes no sentence", errUsage, strings.Join(audit.SuspensionReasons(), ", "))
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	var made operator.Suspended
	if err := call(ctx, path, "/approvals/suspend", operator.Suspend{ID: f.Arg(0), Reason: *reason}, &made); err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%s: suspendue / suspended: %s\n", f.Arg(0), made.Position)
	fmt.Fprintf(in.stderr, "pour reprendre, le registraire / to go on, the registrar: accord approvals resume -key KEY -suspension '%s' FILE\n", made.Position)
	return nil
}

// approvalsReload tells each change; when a file is wrong there is none.
func approvalsReload(ctx context.Context, in invocation, args []string) error {
	f, s := flags("approvals reload"), socket{}
	s.flags(f)
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	var done operator.Reloaded
	if err := call(ctx, path, "/approvals/reload", struct{}{}, &done); err != nil {
		return err
	}
	for _, c := range done.Changes {
		what := c.Reason
		if what == "" {
			what = "nouvelle ou modifiée / new or changed"
		}
		fmt.Fprintf(in.stdout, "%s: %s: %s\n", c.ID, what, c.Position)
	}
	if len(done.Changes) == 0 {
		fmt.Fprintln(in.stdout, "rien n'a changé / nothing has changed")
	}
	return nil
}
