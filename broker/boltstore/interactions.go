package boltstore

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"accord/broker/store"
)

// EventsOfInteraction implements store.Store. An interaction that led to a
// grant gives the grant's whole chain.
func (s *Store) EventsOfInteraction(ctx context.Context, interaction string) (list []store.Entry, err error) {
	err = s.view(ctx, "reading an interaction's events", func(tx *bbolt.Tx) error {
		b := &batch{tx: tx, number: s.number}
		at, err := b.actsOf(interaction)
		if err != nil {
			return err
		}
		g, granted, err := getJSON[grantRow](tx, grantBucket, at[:])
		switch {
		case err != nil:
			return err
		case granted:
			list, err = s.grantEvents(tx, at, g)
		default:
			list, err = s.readerOf(tx, at.log()).chain(at.index())
		}
		return err
	})
	return list, err
}

// actsOf is the place of an interaction's consent.granted, or of its last
// event when it led to no grant. ErrNotFound when nothing of it was logged.
func (b *batch) actsOf(interaction string) (place, error) {
	at, found, err := getPlace(b.tx, actsBucket, []byte(interaction))
	if err != nil || found {
		return at, err
	}
	row, _, err := b.interaction(interaction)
	if err != nil {
		return place{}, err
	}
	at, found = row.acts(b.number)
	if !found {
		return place{}, store.ErrNotFound
	}
	return at, nil
}

func (r interactionRow) acts(log uint32) (place, bool) {
	if at, ok := parsePlace(r.Grant); ok {
		return at, true
	}
	if r.Last == nil {
		return place{}, false
	}
	return placeOf(log, *r.Last), true
}

// indexInteraction keeps an interaction findable once its row is forgotten:
// it costs the journey itself nothing. What is indexed already stays.
func (b *batch) indexInteraction(log uint32, id []byte) error {
	row, found, err := b.interaction(string(id))
	if err != nil || !found || b.exists(actsBucket, id) {
		return err
	}
	at, ok := row.acts(log)
	if !ok {
		return nil
	}
	return b.put(actsBucket, id, at[:])
}

// indexInteractions does so for all of them when the log they are in ends.
func (b *batch) indexInteractions(origin string) error {
	log, err := logNumber(origin)
	if err != nil {
		return err
	}
	rows, prefix := interactBucket.rows(b.tx, nil)
	for _, key := range keysUnder(rows, prefix) {
		if err := b.indexInteraction(log, key[len(prefix):]); err != nil {
			return fmt.Errorf("indexing an interaction: %w", err)
		}
	}
	return nil
}
