package keyring

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// ErrNoSuchKey is answered for a key id that is no receipt or ID token key of
// the history.
var ErrNoSuchKey = errors.New("no such receipt or ID token key")

// Compromise logs that a key is known to another: key.compromised (11), with
// the last leaf whose signatures by it still count. A key that signs is
// replaced first. It leaves /jwks at once.
func (r *Ring) Compromise(ctx context.Context, kid string, lastGood int64, now func() time.Time, announce Announce) error {
	rec, ok := r.signers.Load().history.find(kid)
	if !ok || rec.Role != roleReceipt && rec.Role != roleIDToken {
		return fmt.Errorf("key %s: %w", kid, ErrNoSuchKey)
	}
	if lastGood < -1 {
		return fmt.Errorf("key %s: last good index %d: a leaf index, or -1 for none", kid, lastGood)
	}
	if rec.Compromised != nil {
		return fmt.Errorf("key %s: logged as compromised on %s already: the log does not take it back", kid, rec.Compromised.At.Format(time.DateOnly))
	}
	if rec.RetiredAt == nil {
		if _, err := r.Rotate(ctx, rec.Role, now, announce); err != nil {
			return err
		}
	}
	r.rotating.Lock()
	defer r.rotating.Unlock()
	return r.compromise(ctx, rec, Compromise{LastGood: lastGood}, now, announce)
}

func (r *Ring) compromise(ctx context.Context, rec record, c Compromise, now func() time.Time, announce Announce) error {
	event := rec.ended(audit.KeyCompromised, audit.LastGood+strconv.FormatInt(c.LastGood, 10))
	if err := announce(ctx, []store.Public{event}); err != nil {
		return fmt.Errorf("announcing a compromised key: %w", err)
	}
	c.At = now().UTC().Truncate(time.Second)
	s := *r.signers.Load()
	s.history = s.history.changed(rec.KeyID, func(k *record) { k.Compromised = &c })
	if err := r.writeHistory(s.history); err != nil {
		return err
	}
	r.signers.Store(&s)
	return nil
}
