package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/broker/configuration"
	"accord/consent"
)

// A signing is what a registrar's key does to approval files.
type signing struct {
	key, config string
	amend       configuration.Amendment
}

func (s *signing) flags(f *flag.FlagSet) {
	f.StringVar(&s.key, "key", "", "")
	f.StringVar(&s.config, "config", "", "")
}

// registrar reads the key. With a configuration it must not be its operator's.
func (s signing) registrar() (note.Signer, error) {
	if s.key == "" {
		return nil, fmt.Errorf("%w: -key is needed", errUsage)
	}
	registrar, err := configuration.ReadRegistrar(s.key)
	if err != nil || s.config == "" {
		return registrar, err
	}
	return registrar, configuration.CheckRegistrar(s.config, s.key, registrar)
}

// sign signs all of the files, or none: each is judged, as amended, before the
// first is written.
func (s signing) sign(in invocation, files []string) error {
	registrar, err := s.registrar()
	if err != nil {
		return err
	}
	texts := map[string][]byte{}
	refused := false
	for _, file := range files {
		text, mistakes, err := configuration.Amended(file, s.amend, consent.DefaultCatalogue())
		if err != nil {
			return err
		}
		for _, m := range mistakes {
			fmt.Fprintln(in.stderr, m)
		}
		if d := configuration.Refusal(file); d != nil {
			fmt.Fprintf(in.stderr, "%s: was refused on %s: %s\n", file, d.Date, d.Reason)
			refused = true
		}
		refused = refused || configuration.Refused(mistakes)
		texts[file] = text
	}
	if refused {
		return fmt.Errorf("nothing was signed")
	}
	for _, file := range files {
		if err := configuration.WriteSigned(registrar, file, texts[file]); err != nil {
			return err
		}
		fmt.Fprintf(in.stdout, "signed %s as %s\n", file, registrar.Name())
	}
	return nil
}

// approvalsRenew moves the last day.
func approvalsRenew(_ context.Context, in invocation, args []string) error {
	f, s := flags("approvals renew"), signing{}
	s.flags(f)
	f.StringVar(&s.amend.Until, "until", "", "")
	if err := parse(f, args, 1, maxApprovals); err != nil {
		return err
	}
	until, err := time.Parse(time.DateOnly, s.amend.Until)
	if err != nil {
		return fmt.Errorf("%w: -until is the new last day, YYYY-MM-DD", errUsage)
	}
	if !until.AddDate(0, 0, 1).After(time.Now()) {
		return fmt.Errorf("%s has passed: an approval is renewed until a later day", s.amend.Until)
	}
	return s.sign(in, f.Args())
}

// approvalsResume signs that the registrar knows of one suspension and ends it.
func approvalsResume(_ context.Context, in invocation, args []string) error {
	f, s := flags("approvals resume"), signing{}
	s.flags(f)
	f.StringVar(&s.amend.Resumes, "suspension", "", "")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	if s.amend.Resumes == "" {
		return fmt.Errorf("%w: -suspension is the position that accord approvals suspend printed", errUsage)
	}
	return s.sign(in, f.Args())
}

// approvalsRefuse writes the decision for the applicant.
func approvalsRefuse(_ context.Context, in invocation, args []string) error {
	f, s := flags("approvals refuse"), signing{}
	s.flags(f)
	reason := f.String("reason", "", "")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	if *reason == "" {
		return fmt.Errorf("%w: -reason is needed: the applicant reads it", errUsage)
	}
	registrar, err := s.registrar()
	if err != nil {
		return err
	}
	d, err := configuration.Refuse(registrar, f.Arg(0), *reason, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "refused %s on %s as %s: %s\n", d.Approval, d.Date, d.Registrar, configuration.DecisionFile(f.Arg(0)))
	return nil
}
