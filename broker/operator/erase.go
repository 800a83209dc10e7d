package operator

import (
	"errors"
	"fmt"
	"slices"

	"accord/broker/store"
)

// Propose is POST /erase/propose.
type Propose struct {
	Whom
	Reason  string `json:"reason"`  // request, retention
	Request string `json:"request"` // reference of the person's request; with request only
}

func (o *Operators) propose(a act) (any, error) {
	var p Propose
	if err := a.read(&p); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	f, err := o.find(a.Context(), p.Whom)
	if err != nil {
		return nil, err
	}
	targets, err := o.targets(f, p)
	if err != nil {
		return nil, err
	}
	if err := a.log(fmt.Sprintf("%d sets", len(targets))); err != nil {
		return nil, err
	}
	return o.proposals.add(Proposal{By: a.uid, Reason: p.Reason, Request: p.Request, Targets: targets})
}

func (p Propose) check() error {
	switch {
	case p.Reason != "request" && p.Reason != "retention":
		return fmt.Errorf("reason: request or retention: %w", errRequest)
	case (p.Reason == "request") != (p.Request != ""):
		return fmt.Errorf("request: the reference of the person's request, with reason request only: %w", errRequest)
	case len(p.Request) > 100 || slices.ContainsFunc([]byte(p.Request), func(b byte) bool { return b < ' ' || b > '~' }):
		return fmt.Errorf("request: a reference of at most 100 printable ASCII characters, no name: %w", errRequest)
	}
	return nil
}

// targets are the sets to erase, whole. A live grant is not erased: it ends
// first, by its citizen or its term.
func (o *Operators) targets(f file, p Propose) (targets []store.EraseCmd, err error) {
	for _, g := range f.grants {
		if g.State == store.Given && o.Now().Before(g.ValidUntil) {
			return nil, fmt.Errorf("grant %s is live until %s: %w", g.ID, g.ValidUntil.UTC().Format("15:04:05Z"), store.ErrConflict)
		}
		targets = append(targets, store.EraseCmd{Grant: g.ID, Reason: p.Reason, Request: p.Request})
	}
	for _, i := range f.interactions {
		targets = append(targets, store.EraseCmd{Interaction: i, Reason: p.Reason, Request: p.Request})
	}
	return targets, nil
}

// Confirm is POST /erase/confirm.
type Confirm struct {
	ID string `json:"id"`
}

// confirm erases the sets one by one; what was erased before an error stays
// so, and the rest of the proposal waits.
func (o *Operators) confirm(a act) (any, error) {
	var c Confirm
	if err := a.read(&c); err != nil {
		return nil, err
	}
	p, err := o.proposals.take(c.ID, a.uid)
	if err != nil {
		return nil, err
	}
	if err := a.log(fmt.Sprintf("proposed by uid %d", p.By)); err != nil {
		o.proposals.back(p)
		return nil, err
	}
	done := Erased{}
	for len(p.Targets) > 0 {
		e, err := o.Store.Erase(a.Context(), p.Targets[0])
		if err != nil && !errors.Is(err, store.ErrNotFound) { // not found: erased by an earlier confirmation
			o.proposals.back(p)
			return nil, fmt.Errorf("erasing: %w", err)
		}
		done.Indices = append(done.Indices, e.Indices...)
		p.Targets = p.Targets[1:]
	}
	if done.NotYet, err = o.moveAll(a.Context()); err != nil {
		return nil, fmt.Errorf("the rows' keys are destroyed; moving the others, which /erase/finish takes up again: %w", err)
	}
	done.Current, err = o.current()
	return done, err
}

// Listed answers GET /erase.
type Listed struct {
	Proposals []Proposal `json:"proposals"`
	NotYet    []string   `json:"not_yet_erased"` // epochs whose key must still be destroyed
	Current   string     `json:"current_epoch"`
}
