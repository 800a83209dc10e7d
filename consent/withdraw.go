package consent

import (
	"time"

	"accord/consent/receipt"
)

// WithdrawReceipt writes the receipt of a withdrawal (under a public task: of
// an opposition), ready to be signed: the payload of the granted receipt
// again, with the new event and language and pointing back to it. previous is
// receipt.Digest of the JWS that is withdrawn, id the new receipt's UUIDv7.
//
// Subject, notice and request are those of the agreement: they say who ended
// what. What was delivered before stays delivered.
func WithdrawReceipt(granted receipt.Receipt, previous, id string, at time.Time, lang string) receipt.Receipt {
	r := granted
	r.ReceiptID, r.PreviousReceipt, r.Language = id, previous, lang
	r.Event.Type, r.Event.State, r.Event.Stage = Withdrawn, receipt.StateWithdrawn, ""
	r.Event.Time, r.Event.Method = receipt.NewTime(at), "two-step-button"
	return r
}
