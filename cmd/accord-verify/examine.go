package main

import (
	"bytes"
	"context"

	"accord/consent/audit"
	"accord/consent/receipt"
)

// An outcome is what is known of a receipt after all checks.
type outcome string

const (
	genuine   outcome = "genuine"
	notTrue   outcome = "false"
	undecided outcome = "undecided"
)

func (o outcome) status() int {
	switch o {
	case genuine:
		return exitGenuine
	case notTrue:
		return exitFalse
	default:
		return exitUndecided
	}
}

// A step is one check, in the order they are made.
type step string

const (
	stepFile      step = "file"
	stepForm      step = "form"
	stepKey       step = "key"
	stepSignature step = "signature"
	stepKeyTime   step = "key_time"
	stepContent   step = "content"
)

func steps() []step {
	return []step{stepFile, stepForm, stepKey, stepSignature, stepKeyTime, stepContent}
}

// A check says how one step ended: passed, failed, undecided, or not_made
// because an earlier one stopped the examination.
type check struct {
	Step   step   `json:"check"`
	Result string `json:"result"`
	Reason string `json:"reason,omitempty"`
}

// A finding is all that is said of one file.
type finding struct {
	File    string           `json:"file"`
	Outcome outcome          `json:"outcome"`
	Digest  string           `json:"digest,omitempty"`
	Checks  []check          `json:"checks"`
	Receipt *receipt.Receipt `json:"receipt,omitempty"` // only of a genuine one
}

// A result is a whole run.
type result struct {
	Outcome  outcome   `json:"outcome"`
	Receipts []finding `json:"receipts"`
}

func examineAll(ctx context.Context, files []string, keys receipt.KeySet) result {
	all := result{Outcome: genuine}
	for _, file := range files {
		f := examine(ctx, file, keys)
		all.Receipts = append(all.Receipts, f)
		if f.Outcome == notTrue || all.Outcome == genuine {
			all.Outcome = f.Outcome
		}
	}
	return all
}

func examine(ctx context.Context, file string, keys receipt.KeySet) finding {
	jws, err := readFile(file, receipt.MaxSize)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return unread(finding{File: file}, err)
	}
	// The line end an editor or a download adds is not the receipt's.
	jws = bytes.TrimRight(jws, "\r\n")
	f := finding{File: file, Digest: receipt.Digest(jws)}
	v := audit.JudgeReceipt(jws, keys)
	f.Outcome, f.Receipt = outcome(v.Outcome), v.Receipt
	f.Checks = append(f.Checks, check{Step: stepFile, Result: audit.Passed})
	for _, c := range v.Checks {
		f.Checks = append(f.Checks, check{Step: step(c.Name), Result: c.Result, Reason: c.Reason})
	}
	return f
}

// unread says that the file could not be read: nothing further was checked.
func unread(f finding, cause error) finding {
	f.Outcome = undecided
	f.Checks = append(f.Checks, check{stepFile, audit.Open, cause.Error()})
	for _, s := range steps()[1:] {
		f.Checks = append(f.Checks, check{Step: s, Result: audit.NotMade})
	}
	return f
}
