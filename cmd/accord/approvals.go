package main

import (
	"context"
	"fmt"
	"os"

	"accord/broker/configuration"
)

// approvalsKeygen makes a registrar's key: the private half goes to a file of
// mode 0400 that must not exist, the public line is printed.
func approvalsKeygen(_ context.Context, in invocation, args []string) error {
	f := flags("approvals keygen")
	name, out := f.String("name", "", ""), f.String("out", "", "")
	if err := parse(f, args, 0, 0); err != nil {
		return err
	}
	if *name == "" || *out == "" {
		return fmt.Errorf("%w: -name and -out are both needed", errUsage)
	}
	private, public, err := configuration.GenerateRegistrar(*name)
	if err != nil {
		return err
	}
	if err := writeSecret(*out, private+"\n"); err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%s\n", public)
	fmt.Fprintf(in.stderr, "the private key is in %s; write the line above under registrars in accord.yaml\n", *out)
	return nil
}

func writeSecret(file, text string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if err != nil {
		return fmt.Errorf("writing the key: %w", err)
	}
	if _, err := f.WriteString(text); err != nil {
		_ = f.Close() // the write's error counts
		return fmt.Errorf("writing the key: %w", err)
	}
	if err := f.Sync(); err != nil {
		_ = f.Close() // the sync's error counts
		return fmt.Errorf("writing the key: %w", err)
	}
	return f.Close()
}

const maxApprovals = 1000 // of one command line

// approvalsSign signs approvals that serve would accept; it signs nothing when
// any of them has a mistake, or was refused as it stands.
func approvalsSign(_ context.Context, in invocation, args []string) error {
	f, s := flags("approvals sign"), signing{}
	s.flags(f)
	f.StringVar(&s.amend.From, "from", "", "")
	f.StringVar(&s.amend.Until, "until", "", "")
	if err := parse(f, args, 1, maxApprovals); err != nil {
		return err
	}
	return s.sign(in, f.Args())
}
