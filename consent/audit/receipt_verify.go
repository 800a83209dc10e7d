package audit

import (
	"errors"

	"accord/consent/receipt"
)

// ReceiptChecks are the checks of a receipt alone, in the order they are made.
func ReceiptChecks() []string { return []string{"form", "key", "signature", "key_time", "content"} }

// A ReceiptVerdict is all that is said of one receipt by keys alone.
type ReceiptVerdict struct {
	Outcome string           `json:"outcome"`
	Checks  []Check          `json:"checks"`            // all of ReceiptChecks, in their order
	Receipt *receipt.Receipt `json:"receipt,omitempty"` // of a genuine one only
}

// JudgeReceipt judges a receipt by keys the caller trusts. That it stands in
// the log, only its bundle shows: VerifyBundle.
func JudgeReceipt(jws []byte, keys receipt.KeySet) ReceiptVerdict {
	x := &examination{outcome: Genuine}
	r, err := receipt.Verify(jws, keys)
	at, undecided := stoppedAt(err)
	for _, name := range ReceiptChecks() {
		x.check(name, func() (bool, error) {
			if name == at {
				return undecided, err
			}
			return false, nil
		})
	}
	v := ReceiptVerdict{Outcome: x.outcome, Checks: x.checks}
	if x.outcome == Genuine {
		v.Receipt = &r
	}
	return v
}

// stoppedAt tells at which check receipt.Verify stopped, and whether that makes
// the receipt false or only leaves it open. The content is judged after the
// signature, so its errors, which may be of form too, come first.
func stoppedAt(err error) (check string, undecided bool) {
	switch {
	case err == nil:
		return "", false
	case errors.Is(err, receipt.ErrContent):
		return "content", errors.Is(err, receipt.ErrUnknownSchema)
	case errors.Is(err, receipt.ErrUnknownKey):
		return "key", true
	case errors.Is(err, receipt.ErrSignature):
		return "signature", false
	case errors.Is(err, receipt.ErrKeyNotValid):
		return "key_time", false
	}
	return "form", false
}
