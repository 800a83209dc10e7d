package audit

import (
	"crypto/sha256"
	"time"
)

// state follows interactions and grants through the log.
type state struct {
	interactions map[tag]*chain
	grants       map[tag]*chain // live, or ended not long ago: the chain of their interaction
	closed       map[tag]closed
	swept        time.Time
}

// A tag is a short digest of an interaction's or grant's id.
type tag [16]byte

func tagOf(id string) tag {
	sum := sha256.Sum256([]byte(id))
	return tag(sum[:16])
}

// A chain is one interaction and the grant it led to.
type chain struct {
	last    int64  // index of its latest event
	at      string // time of that
	lookups []lookedUp
	queries []int64
	citizen string // of the last query since the last look-up
	decided bool
	grant   *agreed
}

type lookedUp struct {
	index  int64
	event  Event
	digest string
}

// agreed is what deliveries are held to.
type agreed struct {
	event     Event
	receipt   string              // digest of the JWS
	fields    map[string][]string // agreed paths by datum
	max       int                 // fetches
	repeated  bool                // data may be fetched again under it
	snapshots []string            // fetched, but what failed
	fetches   []fetch             // begun under it, but what failed
	ended     Kind                // 6 or 7; 0 while given
}

// closed is what is kept of a grant that can do nothing more.
type closed struct {
	last  int64
	ended Kind
}

func newState() state {
	return state{interactions: map[tag]*chain{}, grants: map[tag]*chain{}, closed: map[tag]closed{}}
}

// keepChain is how long after its last event, or its grant's end, a chain is
// kept whole: the store forgets an interaction after a day too.
const keepChain = 25 * time.Hour

// forget drops, every few hours of the log's own time, what no true line can
// name any more.
func (s *state) forget(now string) {
	t, err := time.Parse(TimeLayout, now)
	if err != nil || t.Sub(s.swept) < keepChain/4 {
		return
	}
	s.swept = t
	before := t.Add(-keepChain).Format(TimeLayout)
	for id, c := range s.interactions {
		if c.at < before {
			delete(s.interactions, id)
		}
	}
	for id, c := range s.grants {
		if c.at < before && (c.grant.ended != 0 || c.grant.event.ValidUntil < before) {
			s.closed[id] = closed{last: c.last, ended: c.grant.ended}
			delete(s.grants, id)
		}
	}
}

// chainOf finds where an event goes on: its grant's chain, else that of its
// interaction.
func (s *state) chainOf(e Event) *chain {
	if e.Grant != "" {
		if c := s.grants[tagOf(e.Grant)]; c != nil {
			return c
		}
	}
	if e.Interaction != "" {
		return s.interactions[tagOf(e.Interaction)]
	}
	return nil
}

// agreedOf takes what was agreed from the receipt the citizen was given.
func agreedOf(p *prepared) *agreed {
	a := &agreed{event: p.event, receipt: p.digest, fields: map[string][]string{}}
	for _, purpose := range p.receipt.Purposes {
		a.max += purpose.Fetch.Max
		a.repeated = a.repeated || purpose.Fetch.Mode == "repeated"
		for _, d := range purpose.Data {
			if d.Granted {
				a.fields[d.ID] = d.Attributes
			}
		}
	}
	if a.repeated {
		a.snapshots = []string{firstFetch}
	}
	return a
}

// firstFetch stands for the fetch the citizen saw, which counts whether or not
// it is delivered: until it is, the log does not name it.
const firstFetch = ""
