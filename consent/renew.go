package consent

import (
	"slices"
	"time"

	"accord/consent/receipt"
)

// A Renewal is a change of choice by the person who agreed.
type Renewal struct {
	ReceiptID    string    // UUIDv7
	Previous     string    // receipt.Digest of the JWS that is followed
	At           time.Time // of the act
	Language     string    // of the page: fr or en
	ScreenDigest string    // of the page, without values
	Auth         receipt.Auth
	Kept         []string // catalogue ids of the data still agreed to
}

// RenewReceipt writes the receipt of a change of choice, ready to be signed:
// the agreement again until the same end, with fewer of its data and pointing
// back to its receipt. Nothing is ever added here: what is sent is what the
// person saw, and they saw nothing new. The look-up, the notice and the
// approval stay those under which the values were seen; the login is that of
// whoever changed the choice.
//
// The error is a *Refusal where the kept data are no change a person can make:
// beyond what was agreed, without what the purpose requires, the same, or none.
func RenewReceipt(given receipt.Receipt, how Renewal) (receipt.Receipt, error) {
	if refusal := narrows(given, how.Kept); refusal != nil {
		return receipt.Receipt{}, refusal
	}
	r := given
	r.ReceiptID, r.PreviousReceipt, r.Language = how.ReceiptID, how.Previous, how.Language
	r.Event.Type, r.Event.State, r.Event.Method = receipt.Renewed, receipt.StateGiven, "checkbox+button"
	r.Event.Time = receipt.NewTime(how.At)
	r.Event.ValidFrom = r.Event.Time
	r.Notice.ScreenDigest = how.ScreenDigest
	if given.Subject != nil {
		r.Subject = &receipt.Subject{ID: given.Subject.ID, IDType: given.Subject.IDType, Auth: how.Auth}
	}
	r.Purposes = slices.Clone(given.Purposes)
	for i, p := range r.Purposes {
		r.Purposes[i].Data = slices.Clone(p.Data)
		for n, d := range p.Data {
			r.Purposes[i].Data[n].Granted = d.Granted && slices.Contains(how.Kept, d.ID)
		}
	}
	return r, nil
}

// narrows: kept is fewer of the agreed data, and still all the purpose requires.
func narrows(given receipt.Receipt, kept []string) *Refusal {
	agreed, required := agreedIn(given)
	switch {
	case len(kept) == 0:
		return refuseRequest(ReasonNothingAgreed, "no datum is kept: that is a withdrawal")
	case slices.ContainsFunc(kept, func(id string) bool { return !slices.Contains(agreed, id) }):
		return refuseRequest(ReasonNotRequested, "a datum is kept that was not agreed to")
	case slices.ContainsFunc(required, func(id string) bool { return !slices.Contains(kept, id) }):
		return refuseRequest(ReasonRequiredMissing, "a required datum is left out: that is a withdrawal")
	case !slices.ContainsFunc(agreed, func(id string) bool { return !slices.Contains(kept, id) }):
		return refuseRequest(ReasonNotRequested, "every datum is kept: that is no change")
	}
	return nil
}

func agreedIn(given receipt.Receipt) (agreed, required []string) {
	for _, p := range given.Purposes {
		for _, d := range p.Data {
			if d.Granted {
				agreed = append(agreed, d.ID)
			}
			if d.Granted && !d.Optional {
				required = append(required, d.ID)
			}
		}
	}
	return agreed, required
}

// Changeable gives the optional data that a person agreed to and may leave out
// from now on, and the optional ones they did not agree to. Both are empty
// where there is nothing to choose: for the identifier alone, and where the
// law asks for no more than information.
func Changeable(given receipt.Receipt) (agreed, declined []string) {
	if given.IdentityOnly() || given.Event.BasisAct == receipt.InformationL1148 {
		return nil, nil
	}
	for _, p := range given.Purposes {
		for _, d := range p.Data {
			switch {
			case !d.Optional:
			case d.Granted:
				agreed = append(agreed, d.ID)
			default:
				declined = append(declined, d.ID)
			}
		}
	}
	return agreed, declined
}

// AgreedFields gives the fields of the data granted in a receipt, as Fields
// does: what may leave under it.
func AgreedFields(given receipt.Receipt, c *Catalogue) []string {
	var data []Datum
	for _, p := range given.Purposes {
		for _, d := range p.Data {
			if known, ok := c.Datum(d.ID); ok && d.Granted {
				known.Paths = d.Attributes
				data = append(data, known)
			}
		}
	}
	return Fields(data)
}
