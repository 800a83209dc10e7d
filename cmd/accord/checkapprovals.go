package main

import (
	"context"
	"fmt"
	"time"

	"accord/broker/configuration"
	"accord/consent"
)

// approvalsCheck reads every approval of a folder as serve would, and says
// which end soon. Remarks refuse nothing.
func approvalsCheck(_ context.Context, in invocation, args []string) error {
	f := flags("approvals check")
	config, lang := f.String("config", defaultConfig, ""), f.String("lang", "fr", "")
	remarks := f.Bool("remarks", false, "")
	if err := parse(f, args, 0, 1); err != nil {
		return err
	}
	if err := known(*lang); err != nil {
		return err
	}
	s, err := configuration.ReadSettings(*config)
	if err != nil {
		return err
	}
	dir := s.ApprovalsDir
	if f.NArg() == 1 {
		dir = f.Arg(0)
	}
	approvals, mistakes := configuration.LoadApprovals(dir, consent.DefaultCatalogue(), s.Registrars)
	for _, m := range mistakes {
		fmt.Fprintln(in.stderr, in.say(*lang, m))
	}
	for _, a := range approvals.All() {
		in.tellEnd(*lang, a, time.Now())
		if *remarks {
			in.remark(*lang, a)
		}
	}
	if configuration.Refused(mistakes) {
		return errReported
	}
	fmt.Fprintf(in.stdout, "%s: %d habilitations / approvals\n", dir, len(approvals.IDs()))
	return nil
}

func known(lang string) error {
	if lang != "fr" && lang != "en" {
		return fmt.Errorf("%w: -lang is fr or en", errUsage)
	}
	return nil
}

// tellEnd writes a line for an approval that ends soon, has ended or has not
// begun.
func (in invocation) tellEnd(lang string, a *consent.Approval, now time.Time) {
	from, _ := a.Term()
	fr, en := "", ""
	switch left := a.DaysLeft(now); {
	case left <= 0:
		fr, en = fmt.Sprintf("terminée depuis le %s : plus rien ne passe", a.Dates.Until), fmt.Sprintf("ended after %s: nothing passes any more", a.Dates.Until)
	case now.Before(from):
		fr, en = fmt.Sprintf("ne commence que le %s", a.Dates.From), fmt.Sprintf("begins only on %s", a.Dates.From)
	case a.EndNotice(now) > 0:
		fr = fmt.Sprintf("se termine le %s, dans %d jours (préavis de %d jours) : la renouveler", a.Dates.Until, left, a.EndNotice(now))
		en = fmt.Sprintf("ends on %s, in %d days (notice of %d days): renew it", a.Dates.Until, left, a.EndNotice(now))
	default:
		return
	}
	fmt.Fprintf(in.stdout, "%s: %s\n", a.File, consent.Text{FR: fr, EN: en}.In(lang))
}

// remark writes what a registrar should ask about.
func (in invocation) remark(lang string, a *consent.Approval) {
	fmt.Fprint(in.stdout, remarkLines(lang, a))
}
