package boltstore

import (
	"bytes"
	"context"
	"fmt"
	"runtime/debug"
	"slices"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
)

// view reads what is durable (see standby).
func (s *Store) view(ctx context.Context, what string, read func(*bbolt.Tx) error) error {
	err := ctx.Err()
	if err == nil {
		err = s.read(read)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// read turns what damaged pages do to bbolt, panics and faults, into ErrDamaged.
func (s *Store) read(read func(*bbolt.Tx) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v: %w", p, ErrDamaged)
		}
	}()
	tx, err := s.beginRead()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // a read has nothing to roll back
	return read(tx)
}

// beginRead refuses after a failed commit too: what it wrote may still be seen.
func (s *Store) beginRead() (*bbolt.Tx, error) {
	if !s.durable.TryRLock() {
		if tx := s.standby.take(); tx != nil {
			return s.unlessFailed(tx)
		}
		s.durable.RLock()
	}
	defer s.durable.RUnlock()
	tx, err := s.db.Begin(false)
	if err != nil {
		return nil, store.ErrUnavailable
	}
	return s.unlessFailed(tx)
}

// unlessFailed ends a read of a store that stopped, whenever it was begun: who
// was told so must not be answered afterwards.
func (s *Store) unlessFailed(tx *bbolt.Tx) (*bbolt.Tx, error) {
	if s.failed.Load() == nil {
		return tx, nil
	}
	_ = tx.Rollback() // it read nothing
	return nil, store.ErrUnavailable
}

// Answer implements store.Store. It is ErrNotFound while nothing was decided,
// ErrExpired once the answer is no longer kept.
func (s *Store) Answer(ctx context.Context, interaction string) (answered store.Answered, err error) {
	err = s.view(ctx, "reading an answer", func(tx *bbolt.Tx) error {
		answered, err = (&batch{tx: tx, now: s.now()}).answered(interaction)
		return err
	})
	return answered, err
}

func (b *batch) answered(interaction string) (store.Answered, error) {
	row, found, err := b.interaction(interaction)
	if err == nil && !(found && row.Decided) {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Answered{}, err
	}
	sealed, err := b.answer(interaction)
	if err == nil && sealed == nil {
		err = store.ErrExpired
	}
	if err != nil {
		return store.Answered{}, err
	}
	redeemed, err := b.redeemed(row)
	return store.Answered{Sealed: sealed, Time: row.Time, Redeemed: redeemed}, err
}

// redeemed tells whether the code of a decided interaction was used.
func (b *batch) redeemed(row interactionRow) (bool, error) {
	if row.Grant == nil {
		return false, nil
	}
	g, err := b.grantAt(row.Grant)
	if err != nil {
		return false, err
	}
	code, _, err := getJSON[codeRow](b.tx, codeBucket, g.Code)
	return code.Used, err
}

// answer returns nil when it is kept no longer.
func (b *batch) answer(interaction string) ([]byte, error) {
	row, err := getRow(b.tx, answerBucket, []byte(interaction))
	if err != nil || row == nil {
		return nil, err
	}
	until, answer, err := splitTimed(row)
	if err != nil || !b.now.Before(until) {
		return nil, err
	}
	return bytes.Clone(answer), nil
}

// Token implements store.Store.
func (s *Store) Token(ctx context.Context, token store.Hash) (state store.TokenState, err error) {
	err = s.view(ctx, "reading a token", func(tx *bbolt.Tx) error {
		state, err = s.readToken(tx, token)
		return err
	})
	if err != nil {
		return store.TokenState{}, err
	}
	return state, nil
}

func (s *Store) readToken(tx *bbolt.Tx, h store.Hash) (store.TokenState, error) {
	b := &batch{tx: tx, memos: &s.memos, now: s.now()}
	token, g, err := b.liveToken(h)
	if err != nil {
		return store.TokenState{}, err
	}
	state := store.TokenState{
		Client: token.Client, ExpiresAt: token.Expires, Bound: bytes.Clone(token.Bound), Wrapped: bytes.Clone(token.Wrapped),
		Grant: cloned(g.Grant), Renewed: token.Renewed,
	}
	if state.InForce, err = b.inForce(g.Grant); err == nil && !token.Renewed {
		state.Snapshot, err = b.snapshot(g.Snapshot)
	}
	return state, err
}

// cloned shares nothing with the grant's remembered row.
func cloned(g store.Grant) store.Grant {
	g.Data, g.Fields, g.Snapshots = slices.Clone(g.Data), slices.Clone(g.Fields), slices.Clone(g.Snapshots)
	g.Scopes, g.Details = slices.Clone(g.Scopes), slices.Clone(g.Details)
	return g
}

// snapshot is nil when there is none, or none any more.
func (b *batch) snapshot(id string) (*store.StoredSnapshot, error) {
	if id == "" {
		return nil, nil
	}
	row, err := getRow(b.tx, snapshotBucket, []byte(id))
	if err != nil || row == nil {
		return nil, err
	}
	until, sealed, err := splitTimed(row)
	if err != nil || !b.now.Before(until) {
		return nil, err
	}
	return &store.StoredSnapshot{ID: id, Sealed: bytes.Clone(sealed)}, nil
}

// Grant implements store.Store.
func (s *Store) Grant(ctx context.Context, id string) (grant store.Grant, err error) {
	err = s.view(ctx, "reading a grant", func(tx *bbolt.Tx) error {
		_, g, err := (&batch{tx: tx}).grantByID(id)
		grant = g.Grant
		return err
	})
	return grant, err
}

// Receipt implements store.Store.
func (s *Store) Receipt(ctx context.Context, id string) (r store.StoredReceipt, err error) {
	err = s.view(ctx, "reading a receipt", func(tx *bbolt.Tx) error {
		at, found, err := getPlace(tx, ridBucket, []byte(id))
		if err == nil && !found {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		r, err = s.readReceipt(tx, at)
		return err
	})
	return r, err
}

func (s *Store) readReceipt(tx *bbolt.Tx, at place) (store.StoredReceipt, error) {
	body, err := s.sealer.open(tx, receiptPart, at)
	if err == nil && body == nil {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.StoredReceipt{}, err
	}
	head, jws, evidence, err := parseReceiptBody(body)
	return store.StoredReceipt{
		ID: head.ID, Index: at.index(), Citizen: head.Citizen, Client: head.Client,
		Interaction: head.Interaction, Grant: head.Grant, JWS: jws, Sealed: evidence,
	}, err
}

// ReceiptsOf implements store.Store.
func (s *Store) ReceiptsOf(ctx context.Context, citizen string) (list []store.StoredReceipt, err error) {
	err = s.view(ctx, "reading a citizen's receipts", func(tx *bbolt.Tx) error {
		return newestFirst(tx, citizen, func(at place) error {
			r, err := s.readReceipt(tx, at)
			list = append(list, r)
			return err
		})
	})
	return list, err
}

// RefusalsOf implements store.Store. The leaf tells the kind: what is no refusal
// is not opened.
func (s *Store) RefusalsOf(ctx context.Context, citizen string) (list []store.StoredReceipt, err error) {
	err = s.view(ctx, "reading a citizen's refusals", func(tx *bbolt.Tx) error {
		leaves := map[uint32]*entryReader{}
		return newestFirst(tx, citizen, func(at place) error {
			if leaves[at.log()] == nil {
				leaves[at.log()] = s.readerOf(tx, at.log())
			}
			leaf, found, err := leaves[at.log()].leaf(at.index())
			if err == nil && !found {
				err = ErrDamaged
			}
			if err != nil || audit.Kind(leaf.Kind()) != audit.ConsentRefused {
				return err
			}
			r, err := s.readReceipt(tx, at)
			list = append(list, r)
			return err
		})
	})
	return list, err
}

// GrantsOf implements store.Store.
func (s *Store) GrantsOf(ctx context.Context, citizen string) (list []store.Grant, err error) {
	err = s.view(ctx, "reading a citizen's grants", func(tx *bbolt.Tx) error {
		return newestFirst(tx, citizen, func(at place) error {
			g, found, err := getJSON[grantRow](tx, grantBucket, at[:])
			if found && err == nil {
				list = append(list, g.Grant)
			}
			return err
		})
	})
	return list, err
}

// newestFirst calls visit with the place of each receipt of a citizen.
func newestFirst(tx *bbolt.Tx, citizen string, visit func(place) error) error {
	rows, prefix := citizenBucket.rows(tx, []byte(citizen+"\x00"))
	c := rows.Cursor()
	k, _ := c.Seek(append(bytes.Clone(prefix), bytes.Repeat([]byte{0xff}, len(place{})+1)...))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	for ; bytes.HasPrefix(k, prefix); k, _ = c.Prev() {
		at, ok := parsePlace(k[len(prefix):])
		if !ok {
			return fmt.Errorf("row of %s: %w", citizenBucket, ErrDamaged)
		}
		if err := visit(at); err != nil {
			return err
		}
	}
	return nil
}
