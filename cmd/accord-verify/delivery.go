package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"accord/consent/audit"
	"accord/consent/ledger"
	"accord/consent/receipt"
)

// deliveryOptions are what the command line asks of `delivery`.
type deliveryOptions struct {
	jwks    string
	policy  string
	opening string
	json    bool
	files   []string
	texts   judgedTexts
}

// runDelivery judges signed deliveries, with an opening also their digest in
// the log:
//
//	accord-verify delivery -jwks K [-policy P -opening proof] [-lang fr|en] [-json] file.jwt [more.jwt …]
func runDelivery(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	o, err := parseDeliveryOptions(args, getenv)
	if err != nil {
		fmt.Fprintf(stderr, "accord-verify: %v\n", err)
		return misused(stderr, o.texts.deliveryUsage)
	}
	against, err := o.read()
	if err != nil {
		fmt.Fprintf(stderr, "accord-verify: %v\n", err)
		return exitUndecided
	}
	all := judgeAll(ctx, o.files, stderr, o.texts, func(file string) judged { return against.judge(ctx, file) })
	return all.report(stdout, stderr, o.json, o.texts)
}

func parseDeliveryOptions(args []string, getenv func(string) string) (deliveryOptions, error) {
	o := deliveryOptions{texts: judgedTextsIn(language("", getenv))}
	flags := flag.NewFlagSet("delivery", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.jwks, "jwks", "", "key history")
	flags.StringVar(&o.policy, "policy", "", "policy of the log")
	flags.StringVar(&o.opening, "opening", "", "tlog-proof of the delivery's event")
	flags.BoolVar(&o.json, "json", false, "JSON output")
	lang := flags.String("lang", "", "fr or en")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if *lang != "" && *lang != french && *lang != english {
		return o, fmt.Errorf("-lang %s: fr or en", *lang)
	}
	o.texts, o.files = judgedTextsIn(language(*lang, getenv)), flags.Args()
	if o.jwks == "" || len(o.files) == 0 || (o.opening != "") != (o.policy != "") || (o.opening != "" && len(o.files) != 1) {
		return o, errors.New(o.texts.deliveryMissing)
	}
	return o, nil
}

// grounds are what deliveries are judged by.
type grounds struct {
	keys   receipt.KeySet
	policy audit.Policy
	proof  []byte
}

func (o deliveryOptions) read() (grounds, error) {
	keys, err := readKeys(o.jwks)
	if err != nil || o.opening == "" {
		return grounds{keys: keys}, err
	}
	policy, err := readPolicy(o.policy)
	if err != nil {
		return grounds{}, err
	}
	proof, err := readProof(o.opening)
	return grounds{keys, policy, proof}, err
}

// readProof takes a tlog-proof, or the one within a bundle.
func readProof(path string) ([]byte, error) {
	data, err := readFile(path, max(ledger.MaxProof, audit.MaxBundle))
	if err != nil || bytes.HasPrefix(data, []byte("c2sp.org/")) {
		return data, err
	}
	b, err := audit.OpenBundle(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return []byte(b.TlogProof), nil
}

func (g grounds) judge(ctx context.Context, file string) judged {
	j := judged{File: file, names: audit.DeliveryChecks()}
	jws, err := readFile(file, audit.MaxDelivery)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return j.stopped(audit.Open, undecided, err)
	}
	v := audit.JudgeDelivery(bytes.TrimRight(jws, "\r\n"), g.keys, g.proof, g.policy)
	j.Outcome, j.Checks, j.Proves = outcome(v.Outcome), v.Checks, v.Proves
	if v.Delivery != nil {
		d := *v.Delivery // a report is kept and sent on: the values stay in the file
		d.Data, d.Errors, d.ReleaseKey = nil, nil, ""
		j.Delivery = &d
	}
	return j
}
