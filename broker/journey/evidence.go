package journey

import (
	"context"
	"sync"

	"accord/broker/store"
	"accord/consent/audit"
)

// seenKeys are FranceConnect's keys this process has announced already.
type seenKeys struct {
	mu   sync.Mutex // guards kids
	kids map[string]bool
}

// announceKeys puts FranceConnect's public keys into the log when first used,
// so that an auditor can check the ID token kept as evidence years later. A
// login does not fail for it: the store's mirror asks again next time.
func (j *Journey) announceKeys(ctx context.Context) {
	keys, err := j.FranceConnect.Keys(ctx)
	if err != nil {
		return
	}
	j.seen.mu.Lock()
	defer j.seen.mu.Unlock()
	var things []store.Public
	for _, k := range keys {
		if j.seen.kids[k.KeyID] {
			continue
		}
		jwk, err := k.MarshalJSON()
		if err != nil {
			continue
		}
		things = append(things, store.Public{
			Kind: audit.KeyActivated, ID: k.KeyID, Digest: audit.Digest(jwk),
			Event: audit.Event{Key: string(jwk), Role: "franceconnect"},
		})
	}
	if len(things) == 0 {
		return
	}
	if err := j.Store.Announce(ctx, things); err != nil {
		j.Log.ErrorContext(ctx, "announcing FranceConnect's keys", "cause", err)
		return
	}
	for _, t := range things {
		j.seen.kids[t.ID] = true
	}
}
