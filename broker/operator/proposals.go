package operator

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"sync"
	"time"

	"accord/broker/store"
)

// ProposalLives is how long a proposal waits for its second operator.
const ProposalLives = 24 * time.Hour

const maxProposals = 100

// ErrSameOperator is answered to whoever confirms what they proposed.
var ErrSameOperator = errors.New("another operator must confirm: this uid proposed it")

// ErrNoProposal is answered for a proposal that is not there, or no more.
var ErrNoProposal = errors.New("no such proposal: it was carried out, is older than a day, or Accord was restarted since")

// A Proposal is an erasure that one operator wants and another must confirm.
type Proposal struct {
	ID      string           `json:"id"`
	By      int              `json:"by"` // uid
	Made    time.Time        `json:"made"`
	Until   time.Time        `json:"until"`
	Reason  string           `json:"reason"`            // request, retention
	Request string           `json:"request,omitempty"` // reference of the person's own request
	Targets []store.EraseCmd `json:"targets"`
}

// proposals are kept in memory only: a restart forgets them, and somebody
// proposes again.
type proposals struct {
	now func() time.Time

	mu   sync.Mutex
	list []Proposal
}

// add numbers a proposal and keeps it for a day.
func (p *proposals) add(n Proposal) (Proposal, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget()
	if len(p.list) >= maxProposals {
		return n, store.ErrOverloaded
	}
	var id [6]byte
	rand.Read(id[:])
	n.ID, n.Made = hex.EncodeToString(id[:]), p.now().UTC().Truncate(time.Second)
	n.Until = n.Made.Add(ProposalLives)
	p.list = append(p.list, n)
	return n, nil
}

// take gives a proposal to another operator, once.
func (p *proposals) take(id string, uid int) (Proposal, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget()
	at := slices.IndexFunc(p.list, func(n Proposal) bool { return n.ID == id })
	if at < 0 {
		return Proposal{}, ErrNoProposal
	}
	n := p.list[at]
	if n.By == uid {
		return Proposal{}, ErrSameOperator
	}
	p.list = slices.Delete(p.list, at, at+1)
	return n, nil
}

// back keeps a proposal that could not be carried out whole.
func (p *proposals) back(n Proposal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, n)
}

func (p *proposals) all() []Proposal {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget()
	return slices.Clone(p.list)
}

func (p *proposals) forget() {
	now := p.now()
	p.list = slices.DeleteFunc(p.list, func(n Proposal) bool { return !now.Before(n.Until) })
}
