package audit

import (
	"fmt"

	"accord/consent/receipt"
)

// What is known of a bundle or a delivery after all checks.
const (
	Genuine   = "genuine"
	False     = "false"
	Undecided = "undecided"
)

// How one check ended. NotMade: an earlier one stopped the examination, or
// nothing of the sort is there to be checked.
const (
	Passed  = "passed"
	Failed  = "failed"
	Open    = "undecided"
	NotMade = "not_made"
)

// A Check is one question and its answer.
type Check struct {
	Name   string `json:"check"`
	Result string `json:"result"`
	Reason string `json:"reason,omitempty"`
}

// A Verdict is all that is said of one bundle.
type Verdict struct {
	Outcome string  `json:"outcome"`
	Checks  []Check `json:"checks"` // all of BundleChecks, in their order

	// Of a genuine one only:
	Receipt *receipt.Receipt `json:"receipt,omitempty"`
	Index   int64            `json:"index"`            // leaf
	Origin  string           `json:"origin,omitempty"` // log
	Size    int64            `json:"size,omitempty"`   // leaves under the checkpoint
	Proves  []string         `json:"proves,omitempty"` // ProvesAct …, what the checks show
}

// What a genuine bundle proves. It never proves that the act still holds, that
// no key event was left out, that the keys the log names as FranceConnect's are
// FranceConnect's (compare them with those it publishes), nor that the person
// clicked: FranceConnect vouches for the login only.
const (
	ProvesAct    = "act"    // the act is written as the signer sealed it
	ProvesLogged = "logged" // it stands in the log, under a checkpoint of the policy's key
	ProvesKey    = "key"    // the signer's key was announced in that log, before
	ProvesLogin  = "login"  // FranceConnect vouched for a login for this very request
)

// An examination goes through named checks in order and stops at the first
// that does not pass.
type examination struct {
	checks  []Check
	outcome string
}

// check makes one check; an error is Failed, unless undecided says it is Open.
func (x *examination) check(name string, ask func() (undecided bool, err error)) {
	if x.outcome != Genuine {
		x.checks = append(x.checks, Check{Name: name, Result: NotMade})
		return
	}
	undecided, err := ask()
	switch {
	case err == nil:
		x.checks = append(x.checks, Check{Name: name, Result: Passed})
	case undecided:
		x.outcome = Undecided
		x.checks = append(x.checks, Check{name, Open, err.Error()})
	default:
		x.outcome = False
		x.checks = append(x.checks, Check{name, Failed, err.Error()})
	}
}

// absent notes that there is nothing of this sort to check.
func (x *examination) absent(name string, reason string, args ...any) {
	x.checks = append(x.checks, Check{name, NotMade, fmt.Sprintf(reason, args...)})
}
