package audit

import (
	"fmt"
	"slices"
)

// maxInteger is the largest integer every JSON reader keeps exact. RFC 8785 §3.2.2.3.
const maxInteger = 1<<53 - 1

// checkTexts holds every text to printable ASCII: there the escaping of
// encoding/json and of RFC 8785 §3.2.2.2 are one. The message names no member
// content, which may be a pseudonym.
func checkTexts(e Event) error {
	texts := []string{
		e.Agent, e.Approval, e.ApprovalDigest, e.Basis, e.Checkpoint, e.Citizen, e.Client, e.Digest, e.Grant, e.ID,
		e.Interaction, e.Key, e.Mode, e.Outcome, e.Purpose, e.Reason, e.Receipt, e.Recipient,
		e.Release, e.Request, e.RequestID, e.ResponseDigest, e.Role, e.Snapshot, e.Source, e.Stage,
		e.Subject, e.ValidUntil,
	}
	for _, text := range slices.Concat(texts, e.Data, e.ErasedKinds, e.Fields) {
		if !printableASCII(text) {
			return fmt.Errorf("a member holds characters beyond printable ASCII: %w", ErrEvent)
		}
	}
	return nil
}

func printableASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

func checkNumbers(e Event) error {
	numbers := append([]int64{int64(e.HTTPClass), e.Millis}, e.Erased...)
	for _, index := range []*int64{e.Lookup, e.Prev, e.Queried, e.Restored} {
		if index != nil {
			numbers = append(numbers, *index)
		}
	}
	for _, n := range numbers {
		if n < 0 || n > maxInteger {
			return fmt.Errorf("a number is outside 0 … 2⁵³-1: %w", ErrEvent)
		}
	}
	return nil
}
