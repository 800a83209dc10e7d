package boltstore

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

// ErrCurrent is returned by RestoreAsNewLog for a copy that continues the
// guarded log: there is no reason to end that log.
var ErrCurrent = errors.New("copy is current: restore it without a new log")

// reasonRestore is why a grant of the backup ends: nobody knows whether it was
// withdrawn after it.
const reasonRestore = "restore"

// A NextLog names and signs the log that goes on.
type NextLog struct {
	Origin   string // "<host>/log/<n+1>"
	Signer   note.Signer
	Verifier note.Verifier
}

// RestoreAsNewLog puts a backup that is older than the guard, or whose guard
// is lost, at c.Path, and opens next in it, in one transaction: log.opened
// carries the guard's last checkpoint and the size restored; grants live in the
// backup end by consent.revoked; codes, tokens, snapshots and the mirror of
// what was announced are dropped. The guard then holds the new log, its last
// state is kept beside it. It may be run again after it was cut short.
func RestoreAsNewLog(ctx context.Context, c Config, next NextLog, backup string) (Report, error) {
	old, last, err := c.lastKnown(next)
	if err != nil {
		return Report{}, fmt.Errorf("restoring %s as a new log: %w", backup, err)
	}
	c.Guard = old // where the old log's guard now lies
	r, err := c.restore(ctx, backup, func(copied Config) (Report, error) {
		if _, err := Compare(copied); err == nil && last != nil {
			return Report{}, ErrCurrent
		}
		before, err := Inspect(copied)
		if err != nil {
			return Report{}, err
		}
		return copied.begin(next, before, last)
	})
	if err != nil {
		return Report{}, fmt.Errorf("restoring %s as a new log: %w", backup, err)
	}
	return r, nil
}

// guardOf is where the guard of a log that ended is kept.
func (c Config) guardOf(number uint32) string { return fmt.Sprintf("%s.log%d", c.Guard, number) }

// lastKnown keeps the old log's guard beside its place, unless an earlier run
// did, and reads it: nil when there is none.
func (c Config) lastKnown(next NextLog) (kept string, last []byte, err error) {
	number, err := logNumber(c.Origin)
	if err != nil {
		return "", nil, err
	}
	kept = c.guardOf(number)
	data, err := os.ReadFile(c.Guard)
	if errors.Is(err, os.ErrNotExist) {
		return kept, nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("reading guard: %w", err)
	}
	if _, err := ledger.OpenCheckpoint(data, next.Origin, next.Verifier); err == nil {
		last, err = os.ReadFile(kept)
		return kept, last, err
	}
	if _, err := ledger.OpenCheckpoint(data, c.Origin, c.Verifier); err != nil {
		return "", nil, fmt.Errorf("reading guard %s: %w: %w", c.Guard, ErrGuard, err)
	}
	return kept, data, replaceFile(kept, data)
}

// begin opens the next log in the copy and gives it its own guard.
func (c Config) begin(next NextLog, before Report, last []byte) (r Report, err error) {
	if last == nil {
		last = before.Checkpoint // all that is known of the old log
	}
	number, err := logNumber(c.Origin)
	if err != nil {
		return Report{}, err
	}
	guard := c.Guard[:len(c.Guard)-len(fmt.Sprintf(".log%d", number))]
	c.Origin, c.Signer, c.Verifier, c.Guard = next.Origin, next.Signer, next.Verifier, guard
	signed, err := c.writeBegin(before, last)
	if err != nil {
		return Report{}, err
	}
	if err := replaceFile(c.Guard, signed); err != nil {
		return Report{}, fmt.Errorf("writing guard %s: %w", c.Guard, err)
	}
	return Compare(c)
}

// writeBegin is the one transaction.
func (c Config) writeBegin(before Report, last []byte) (signed []byte, err error) {
	number, err := logNumber(c.Origin)
	if err != nil {
		return nil, err
	}
	db, err := openExisting(c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	s := &Store{cfg: c, number: number, db: db, sealer: newSealer(c.Epochs), head: head{tree: ledger.NewTree(), time: before.Time}}
	s.lastTime.Store(before.Time.UnixMilli())
	err = db.Update(func(tx *bbolt.Tx) (err error) {
		b := s.newBatch(tx)
		if err := b.beginAfter(before, last); err != nil {
			return err
		}
		signed, err = b.finish()
		return err
	})
	return signed, err
}

func (b *batch) beginAfter(before Report, last []byte) error {
	_, err := b.append(entry{kind: audit.LogOpened, event: audit.Event{
		ID: b.log.origin, Checkpoint: base64.RawURLEncoding.EncodeToString(last), Restored: &before.Size,
	}})
	if err != nil {
		return err
	}
	if err := b.indexInteractions(before.Origin); err != nil {
		return err
	}
	for _, at := range keysUnder(b.tx.Bucket([]byte(grantBucket)), nil) {
		if err := b.endRestored(at); err != nil {
			return err
		}
	}
	if err := b.forgetPublished(); err != nil {
		return err
	}
	return dropRows(b.tx, codeBucket, tokenBucket, refreshBucket, handedBucket, snapshotBucket)
}

// An ended tells where a grant of an earlier log ended: an index of that log
// means nothing in a newer one.
type ended struct {
	Log    uint32 // number of the log of the grant's consent.revoked
	Last   int64  // index of its latest event in its own log
	Number int64  // index of its consent.revoked in Log
}

func (b *batch) endRestored(at []byte) error {
	g, err := b.grantAt(at)
	if err != nil || g.live(b.now) != nil {
		return err
	}
	_, err = b.end(at, g, ending{state: store.Revoked, kind: audit.ConsentRevoked, reason: reasonRestore})
	return err
}

// lastInItsLog is the index of the latest event in the log the grant began in.
func (g grantRow) lastInItsLog() int64 {
	if g.Restore != nil {
		return g.Restore.Last
	}
	return g.Grant.LastIndex
}

func (s *Store) restoreEnd(tx *bbolt.Tx, e ended) (store.Entry, error) {
	entry, found, err := s.readerOf(tx, e.Log).entry(e.Number)
	if err == nil && !found {
		err = fmt.Errorf("event %d: %w", e.Number, ErrDamaged)
	}
	return entry, err
}
