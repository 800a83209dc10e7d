package boltstore

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
)

// maxBatch is how many jobs share one commit. No awaited job waits for a timer: a batch is
// what waits when the last commit ends, so it grows with the load by itself.
const maxBatch = 256

// A job is one command. run checks everything, then writes; when it returns an
// error it has written nothing. It may be run again in a fresh transaction.
type job struct {
	ctx  context.Context
	run  func(*batch) error
	err  error
	done chan struct{} // closed once err is final
	// patient jobs are awaited by nobody: alone, they ride on the next commit.
	patient bool
}

// patience is how long patient jobs wait for company before they pay a commit
// of their own. It delays nobody: any other job ends the wait.
const patience = 100 * time.Millisecond

// do runs a command through the sequencer and waits until it is durable. Once
// queued, a job whose context ends before its turn writes nothing; after that
// the caller waits for the commit, so that no outcome is ever undecided.
func (s *Store) do(ctx context.Context, what string, run func(*batch) error) error {
	j := &job{ctx: ctx, run: run, done: make(chan struct{})}
	if err := s.enqueue(j); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	<-j.done
	if j.err != nil {
		return fmt.Errorf("%s: %w", what, j.err)
	}
	return nil
}

func (s *Store) enqueue(j *job) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	s.intake.RLock()
	defer s.intake.RUnlock()
	if s.closed || s.failed.Load() != nil {
		return store.ErrUnavailable
	}
	select {
	case s.queue <- j:
		return nil
	default:
		return store.ErrOverloaded
	}
}

// sequence is the one goroutine that writes. It ends when the queue is closed
// and empty.
func (s *Store) sequence() {
	defer close(s.sequenced)
	debug.SetPanicOnFault(true) // see read
	for first := range s.queue {
		jobs := s.drain([]*job{first})
		if !slices.ContainsFunc(jobs, func(j *job) bool { return !j.patient }) {
			jobs = s.ride(jobs)
		}
		s.commitAll(jobs)
		for _, j := range jobs {
			close(j.done)
		}
	}
}

// ride waits for a job that somebody awaits, further patient ones joining.
func (s *Store) ride(jobs []*job) []*job {
	wait := time.NewTimer(patience)
	defer wait.Stop()
	for len(jobs) < maxBatch {
		select {
		case j, ok := <-s.queue:
			if !ok {
				return jobs
			}
			if jobs = append(jobs, j); !j.patient {
				return s.drain(jobs)
			}
		case <-wait.C:
			return jobs
		}
	}
	return jobs
}

// drain adds what already waits.
func (s *Store) drain(jobs []*job) []*job {
	for len(jobs) < maxBatch {
		select {
		case j, ok := <-s.queue:
			if !ok {
				return jobs
			}
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}

// errWrote says that a job failed after it wrote: the transaction is worthless.
var errWrote = errors.New("job failed half-way")

// commitAll makes the jobs durable in one transaction, and gives each its own
// error. A job that fails half-way is taken out and the others run again.
func (s *Store) commitAll(jobs []*job) {
	for left := slices.Clone(jobs); len(left) > 0; {
		if s.failed.Load() != nil {
			refuseAll(left)
			return
		}
		bad, err := s.commit(left)
		switch {
		case errors.Is(err, errWrote):
			left = slices.Delete(left, bad, bad+1)
		case err != nil:
			s.fail(err)
			refuseAll(left)
			return
		default:
			return
		}
	}
}

func refuseAll(jobs []*job) {
	for _, j := range jobs {
		j.err = store.ErrUnavailable
	}
}

// commit runs the jobs in one transaction. With errWrote, bad is the job that
// spoilt it; any other error means that the store must stop.
func (s *Store) commit(jobs []*job) (bad int, err error) {
	began := time.Now()
	tx, err := s.db.Begin(true)
	if err != nil {
		return 0, fmt.Errorf("beginning a transaction: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("committing: panic: %v: %w", p, ErrDamaged)
			abandon(tx)
		}
	}()
	b := s.newBatch(tx)
	if bad, err = b.runAll(jobs); err != nil {
		return bad, errors.Join(err, tx.Rollback())
	}
	if !b.dirty {
		return 0, tx.Rollback()
	}
	checkpoint, err := b.finish()
	if err != nil {
		return 0, errors.Join(err, tx.Rollback())
	}
	if err := s.makeDurable(tx, b, checkpoint); err != nil {
		return 0, err
	}
	s.observed(len(jobs), len(b.log.leaves), began)
	return 0, nil
}

// abandon lets go of a transaction that panicked, else Close would wait for it.
func abandon(tx *bbolt.Tx) {
	defer func() { _ = recover() }() // the cause is already told
	_ = tx.Rollback()
}

func (b *batch) runAll(jobs []*job) (bad int, err error) {
	for i, j := range jobs {
		b.wrote = false
		if j.err = j.ctx.Err(); j.err == nil {
			j.err = j.run(b)
		}
		if j.err != nil && b.wrote {
			return i, errWrote
		}
	}
	return 0, nil
}

// makeDurable commits. Nobody begins to read meanwhile but with what stands by.
func (s *Store) makeDurable(tx *bbolt.Tx, b *batch, checkpoint []byte) error {
	s.durable.Lock()
	defer s.durable.Unlock()
	s.standby.fill(s.db)
	defer s.standby.empty()
	if err := tx.Commit(); err != nil {
		err = fmt.Errorf("committing: %w", err)
		s.fail(err) // before those who wait begin to read what may not last
		return err
	}
	s.standby.empty() // before the new size is told
	if checkpoint == nil {
		return nil
	}
	s.head = b.log.head
	s.size.Store(s.head.tree.Size())
	s.lastTime.Store(s.head.time.UnixMilli())
	s.guard.offer(guarded{size: s.head.tree.Size(), note: checkpoint})
	return nil
}

func (s *Store) newBatch(tx *bbolt.Tx) *batch {
	h := head{tree: s.head.tree.Clone(), time: s.head.time}
	log := &appender{origin: s.cfg.Origin, signer: s.cfg.Signer, number: s.number, head: h, first: h.tree.Size()}
	return &batch{tx: tx, log: log, sealer: s.sealer, memos: &s.memos, number: s.number, now: s.now()}
}

// now is the clock, never before the last event's stamp: a clock set back does
// not bring back to life what has expired.
func (s *Store) now() time.Time {
	clock := s.cfg.Now().UTC().Truncate(time.Millisecond)
	if last := time.UnixMilli(s.lastTime.Load()).UTC(); clock.Before(last) {
		return last
	}
	return clock
}

// fail stops the store for good.
func (s *Store) fail(err error) {
	if s.failed.CompareAndSwap(nil, &err) {
		s.cfg.Log.Error("store stopped: nothing more is written", "cause", err.Error())
	}
}
