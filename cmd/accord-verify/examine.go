package main

import (
	"bytes"
	"context"
	"errors"

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
		return stopped(finding{File: file}, stepFile, undecided, err)
	}
	// The line end an editor or a download adds is not the receipt's.
	jws = bytes.TrimRight(jws, "\r\n")
	f := finding{File: file, Digest: receipt.Digest(jws)}
	r, err := receipt.Verify(jws, keys)
	if err != nil {
		at, out := judge(err)
		return stopped(f, at, out, err)
	}
	f.Outcome, f.Receipt = genuine, &r
	for _, s := range steps() {
		f.Checks = append(f.Checks, check{Step: s, Result: "passed"})
	}
	return f
}

// judge tells at which step Verify stopped, and whether that makes the receipt
// false or only leaves it open. The content is judged after the signature, so
// its errors, which may be of form too, come first.
func judge(err error) (step, outcome) {
	switch {
	case errors.Is(err, receipt.ErrUnknownSchema) && errors.Is(err, receipt.ErrContent):
		return stepContent, undecided
	case errors.Is(err, receipt.ErrContent):
		return stepContent, notTrue
	case errors.Is(err, receipt.ErrUnknownKey):
		return stepKey, undecided
	case errors.Is(err, receipt.ErrSignature):
		return stepSignature, notTrue
	case errors.Is(err, receipt.ErrKeyNotValid):
		return stepKeyTime, notTrue
	case errors.Is(err, receipt.ErrMalformed):
		return stepForm, notTrue
	}
	return stepFile, undecided
}

// stopped marks the steps before at as passed and those after it as not made.
func stopped(f finding, at step, out outcome, cause error) finding {
	f.Outcome = out
	word := "passed"
	for _, s := range steps() {
		c := check{Step: s, Result: word}
		if s == at {
			c.Result, c.Reason, word = "undecided", cause.Error(), "not_made"
			if out == notTrue {
				c.Result = "failed"
			}
		}
		f.Checks = append(f.Checks, c)
	}
	return f
}
