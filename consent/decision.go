package consent

import (
	"slices"
	"time"
)

// onceValidity is how long a one-off grant lives after the decision: the
// code's 60 s and the access token's 10 min fit into it (design §4, clocks).
const onceValidity = 11 * time.Minute

// Agreed is what a citizen said yes to: all that was required, and the
// optional data ticked.
type Agreed struct {
	Data  []Datum // in the request's order
	Later bool    // also to the access after today, where the request asks it
}

// Decide checks a yes against the request: required ⊆ agreed ⊆ required ∪
// optional, agreed being the catalogue ids of the answer. An id named twice
// counts once, and agreeing to nothing is no agreement. The error is a *Refusal: such an answer comes from no page of
// ours, or from a stale one.
func Decide(r Request, agreed []string) (Agreed, error) {
	asked := IDs(r.Data())
	for _, id := range agreed {
		if !slices.Contains(asked, id) {
			return Agreed{}, refuseRequest(ReasonNotRequested, "the decision names a datum outside the request: %s", quoted([]string{id}))
		}
	}
	for _, d := range r.Required {
		if !slices.Contains(agreed, d.ID) {
			return Agreed{}, refuseRequest(ReasonRequiredMissing, "the decision leaves out a required datum: %s", quoted([]string{d.ID}))
		}
	}
	if len(agreed) == 0 && !r.IdentityOnly {
		return Agreed{}, refuseRequest(ReasonNothingAgreed, "the decision names no datum: nothing to agree to is a refusal")
	}
	chosen := slices.DeleteFunc(r.Data(), func(d Datum) bool { return !slices.Contains(agreed, d.ID) })
	return Agreed{Data: chosen}, nil
}

// Has tells whether the citizen agreed to the datum.
func (a Agreed) Has(id string) bool { return slices.Contains(IDs(a.Data), id) }

// ValidUntil gives the end of the one-off grant that a decision opens.
func (r Request) ValidUntil(decision time.Time) time.Time { return decision.Add(onceValidity) }
