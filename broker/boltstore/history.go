package boltstore

import (
	"context"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

// maxEntries bounds one answer of Entries.
const maxEntries = 1000

// Entries implements store.Store. What lies beyond the log's end is left out.
func (s *Store) Entries(ctx context.Context, from, to int64) (list []store.Entry, err error) {
	if from < 0 || to < from {
		return nil, fmt.Errorf("reading the log: from %d to %d: %w", from, to, store.ErrNotFound)
	}
	err = s.view(ctx, "reading the log", func(tx *bbolt.Tx) error {
		r := s.reader(tx)
		for index := from; index < min(to, from+maxEntries); index++ {
			e, found, err := r.entry(index)
			if err != nil || !found {
				return err
			}
			list = append(list, e)
		}
		return nil
	})
	return list, err
}

// An entryReader opens events within one transaction. It holds each against
// its leaf: what it returns is what the log commits to.
type entryReader struct {
	s      *Store
	tx     *bbolt.Tx
	log    uint32
	bundle int64 // of leaves
	leaves []ledger.Leaf
	named  map[place][]int64 // what an erasure.done names, by its place
}

func (s *Store) reader(tx *bbolt.Tx) *entryReader { return s.readerOf(tx, s.number) }

// readerOf reads a log that a restore ended, too.
func (s *Store) readerOf(tx *bbolt.Tx, log uint32) *entryReader {
	return &entryReader{s: s, tx: tx, log: log, bundle: -1, named: make(map[place][]int64)}
}

// leaf returns found = false beyond the log's end.
func (r *entryReader) leaf(index int64) (l ledger.Leaf, found bool, err error) {
	if index/256 != r.bundle {
		key := placeOf(r.log, index/256)
		bundle, err := getRow(r.tx, entryBucket, key[:])
		if err != nil || bundle == nil {
			return l, false, err
		}
		if r.leaves, err = ledger.ParseEntryBundle(bundle); err != nil {
			return l, false, fmt.Errorf("leaf %d: %w: %w", index, ErrDamaged, err)
		}
		r.bundle = index / 256
	}
	if int(index%256) >= len(r.leaves) {
		return l, false, nil
	}
	return r.leaves[index%256], true, nil
}

func (r *entryReader) entry(index int64) (e store.Entry, found bool, err error) {
	leaf, found, err := r.leaf(index)
	if err != nil || !found {
		return e, false, err
	}
	at := placeOf(r.log, index)
	e = store.Entry{Index: index, Kind: audit.Kind(leaf.Kind()), Leaf: leaf}
	if e.Event, err = r.s.sealer.open(r.tx, eventPart, at); err != nil {
		return e, false, fmt.Errorf("event %d: %w", index, err)
	}
	if e.Event == nil {
		e.Erased = true
		return e, true, r.checkErased(at)
	}
	if e.Salt, err = r.salt(e.Kind, at); err != nil {
		return e, false, fmt.Errorf("event %d: %w", index, err)
	}
	if ledger.NewLeaf(leaf.Kind(), e.Salt, e.Event) != leaf {
		return e, false, fmt.Errorf("event %d is not what its leaf commits to: %w", index, ErrDamaged)
	}
	e.Receipt, err = r.receiptID(at)
	return e, true, err
}

func (r *entryReader) salt(kind audit.Kind, at place) (salt [32]byte, err error) {
	if kind.Public() {
		return salt, nil
	}
	b, err := r.s.sealer.open(r.tx, saltPart, at)
	if err == nil && len(b) != len(salt) {
		err = ErrDamaged
	}
	copy(salt[:], b)
	return salt, err
}

// receiptID is empty for events without a receipt.
func (r *entryReader) receiptID(at place) (string, error) {
	body, err := r.s.sealer.open(r.tx, receiptPart, at)
	if err != nil || body == nil {
		return "", err
	}
	head, _, _, err := parseReceiptBody(body)
	return head.ID, err
}

// EventsOf implements store.Store: the grant's chain, from its interaction's
// first look-up to its latest event.
func (s *Store) EventsOf(ctx context.Context, grant string) (list []store.Entry, err error) {
	err = s.view(ctx, "reading a grant's events", func(tx *bbolt.Tx) error {
		at, g, err := (&batch{tx: tx}).grantByID(grant)
		if err != nil {
			return err
		}
		list, err = s.grantEvents(tx, at, g)
		return err
	})
	return list, err
}

func (s *Store) grantEvents(tx *bbolt.Tx, at place, g grantRow) ([]store.Entry, error) {
	list, err := s.readerOf(tx, at.log()).chain(g.lastInItsLog())
	if err != nil || g.Restore == nil {
		return list, err
	}
	end, err := s.restoreEnd(tx, *g.Restore)
	return append(list, end), err
}

// chain follows prev from the last event back, and returns it in log order.
func (r *entryReader) chain(last int64) (list []store.Entry, err error) {
	for index := &last; index != nil; {
		e, found, err := r.entry(*index)
		if err != nil {
			return nil, err
		}
		ev, _, err := audit.Decode(e.Event)
		if err != nil || !found || ev.Prev != nil && *ev.Prev >= *index {
			return nil, fmt.Errorf("event %d: %w", *index, ErrDamaged)
		}
		list, index = append(list, e), ev.Prev
	}
	slices.Reverse(list)
	return list, nil
}

// PublishedKeys implements store.Store.
func (s *Store) PublishedKeys(ctx context.Context) (list []store.Entry, err error) {
	err = s.view(ctx, "reading the key events", func(tx *bbolt.Tx) error {
		r := s.reader(tx)
		return tx.Bucket([]byte(keyEventBucket)).ForEach(func(k, _ []byte) error {
			at, ok := parsePlace(k)
			if !ok {
				return ErrDamaged
			}
			if at.log() != s.number { // each log says its keys itself
				return nil
			}
			e, found, err := r.entry(at.index())
			if found {
				list = append(list, e)
			}
			return err
		})
	})
	return list, err
}

// SourceQuery implements store.Store.
func (s *Store) SourceQuery(ctx context.Context, requestID string) (e store.Entry, err error) {
	err = s.view(ctx, "finding a source's query", func(tx *bbolt.Tx) error {
		at, found, err := getPlace(tx, requestBucket, []byte(requestID))
		if err != nil {
			return err
		}
		if found {
			e, found, err = s.readerOf(tx, at.log()).entry(at.index())
		}
		if err == nil && !found {
			return store.ErrNotFound
		}
		return err
	})
	return e, err
}
