package boltstore

import (
	"context"

	"accord/broker/store"
	"accord/consent/audit"
)

// LogAdmin implements store.Store: what an operator did, by the name of the act.
func (s *Store) LogAdmin(ctx context.Context, act audit.Event) (logged store.Logged, err error) {
	err = s.do(ctx, "recording an operator's act", func(b *batch) error {
		if act.ID == "" {
			return errIncomplete
		}
		logged, err = b.append(entry{kind: audit.AdminAct, event: act})
		return err
	})
	return logged, err
}
