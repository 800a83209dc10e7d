package boltstore

import (
	"context"
	"errors"
	"fmt"

	"accord/broker/store"
	"accord/consent/audit"
)

// maxErased is how many events one erasure.done names, within audit.MaxEvent.
const maxErased = 2000

// Erase implements store.Store. An interaction that led to a grant is erased
// with it and answers ErrConflict alone, as does one that is still open. Its
// bytes are really gone once every epoch of the answer was emptied by
// MoveWraps and its key destroyed: until then an old copy of a page opens.
func (s *Store) Erase(ctx context.Context, cmd store.EraseCmd) (done store.Erasure, err error) {
	for {
		err = s.do(ctx, "erasing", func(b *batch) error {
			e, err := b.erasable(s, cmd)
			if err != nil {
				return err
			}
			done, err = b.erase(e, cmd)
			return err
		})
		if !errors.Is(err, errYoung) {
			return done, err
		}
	}
}

// errYoung says that an event is of this very batch: its leaf is not written
// yet. The next batch reads it.
var errYoung = errors.New("event is not durable yet")

// An erasing is what one erasure takes: all of it, or nothing.
type erasing struct {
	events      []erasedEvent // in log order
	interaction string
	at          place     // of the grant's row
	grant       *grantRow // nil without a grant
}

type erasedEvent struct {
	at    place
	entry store.Entry
	event audit.Event
}

// erasable reads everything and writes nothing.
func (b *batch) erasable(s *Store, cmd store.EraseCmd) (e erasing, err error) {
	if (cmd.Grant == "") == (cmd.Interaction == "") || cmd.Reason == "" {
		return e, errIncomplete
	}
	if cmd.Grant != "" {
		return b.erasableGrant(s, cmd.Grant)
	}
	return b.erasableInteraction(s, cmd.Interaction)
}

func (b *batch) erasableGrant(s *Store, id string) (e erasing, err error) {
	at, g, err := b.grantByID(id)
	if err != nil {
		return e, err
	}
	if g.live(b.now) == nil {
		return e, fmt.Errorf("grant is live: %w", store.ErrConflict)
	}
	if (at.log() == b.number || g.Restore != nil) && b.young(g.Grant.LastIndex) {
		return e, errYoung
	}
	list, err := s.grantEvents(b.tx, at, g)
	if err != nil {
		return e, err
	}
	e = erasing{interaction: g.Interaction, at: at, grant: &g}
	return e, e.take(at.log(), list, g.Restore)
}

func (b *batch) erasableInteraction(s *Store, id string) (e erasing, err error) {
	at, err := b.actsOf(id)
	if err != nil {
		return e, err
	}
	if b.exists(grantBucket, at[:]) {
		return e, fmt.Errorf("interaction led to a grant: %w", store.ErrConflict)
	}
	row, open, err := b.interaction(id)
	if err != nil {
		return e, err
	}
	if open && !row.Decided {
		return e, fmt.Errorf("interaction is open: %w", store.ErrConflict)
	}
	if at.log() == b.number && b.young(at.index()) {
		return e, errYoung
	}
	list, err := s.readerOf(b.tx, at.log()).chain(at.index())
	if err != nil {
		return e, err
	}
	e.interaction = id
	return e, e.take(at.log(), list, nil)
}

// young takes the index of an event of the log that goes on.
func (b *batch) young(index int64) bool { return index >= b.log.first }

// take gives each event its place; a grant that a restore ended has its last
// one in a later log.
func (e *erasing) take(log uint32, list []store.Entry, end *ended) error {
	for i, entry := range list {
		ev, _, err := audit.Decode(entry.Event)
		if err != nil {
			return fmt.Errorf("event %d: %w: %w", entry.Index, ErrDamaged, err)
		}
		at := placeOf(log, entry.Index)
		if end != nil && i == len(list)-1 {
			at = placeOf(end.Log, entry.Index)
		}
		e.events = append(e.events, erasedEvent{at: at, entry: entry, event: ev})
	}
	return nil
}
