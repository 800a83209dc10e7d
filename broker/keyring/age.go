package keyring

import "time"

// ActiveSince is, for each role (receipt, id_token, log), when the oldest key
// that still signs was made.
func (r *Ring) ActiveSince() map[string]time.Time {
	oldest := map[string]time.Time{}
	for _, k := range r.signers.Load().history.Keys {
		if at, known := oldest[k.Role]; k.RetiredAt == nil && (!known || k.NotBefore.Before(at)) {
			oldest[k.Role] = k.NotBefore
		}
	}
	return oldest
}
