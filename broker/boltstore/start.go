package boltstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

// A Store is the embedded store.Store. All its methods are safe for concurrent use.
type Store struct {
	cfg    Config
	number uint32
	db     *bbolt.DB
	sealer *sealer
	guard  *guard
	temps  *temporaries
	moves  moves

	queue     chan *job
	sequenced chan struct{} // closed when the sequencer has ended
	head      head          // the sequencer's alone after Open
	memos     memos

	intake sync.RWMutex // guards closed and the closing of queue
	closed bool

	durable sync.RWMutex // held by the sequencer while it commits
	standby *standby     // to read with meanwhile

	size     atomic.Int64
	lastTime atomic.Int64          // stamp of the last event, Unix ms
	failed   atomic.Pointer[error] // the first error of a commit or of the guard

	startedUnclean time.Time
}

var _ store.Store = (*Store)(nil)

// Open opens the store at c.Path, made when missing, after it has checked the
// whole log against its signed checkpoint and the guard. It holds the file
// alone: a second Open, also of another process, gets ErrLocked within about a
// second. Other errors: ErrGuard, ErrDamaged.
func Open(c Config) (*Store, error) {
	c, err := c.complete()
	if err != nil {
		return nil, fmt.Errorf("opening store: %w", err)
	}
	number, err := logNumber(c.Origin)
	if err != nil {
		return nil, fmt.Errorf("opening store: %w", err)
	}
	db, err := openFile(c)
	if err != nil {
		return nil, fmt.Errorf("opening store %s: %w", c.Path, err)
	}
	s := &Store{
		cfg: c, number: number, db: db, sealer: newSealer(c.Epochs), temps: newTemporaries(c.Now),
		queue: make(chan *job, c.Queue), sequenced: make(chan struct{}), head: head{tree: ledger.NewTree()},
		standby: newStandby(),
	}
	if err := s.start(); err != nil {
		return nil, fmt.Errorf("opening store %s: %w", c.Path, errors.Join(err, db.Close()))
	}
	return s, nil
}

// start checks what is there, then begins to write.
func (s *Store) start() error {
	last, err := s.verify()
	if err != nil {
		return err
	}
	if err := errors.Join(s.upgrade(), s.takeOver()); err != nil {
		return err
	}
	s.guard = newGuard(s.cfg, last, s.fail)
	go s.sequence()
	if s.size.Load() > 0 {
		return nil
	}
	if err := s.openLog(); err != nil {
		s.stop()
		return err
	}
	return nil
}

// takeOver reads what the last clean Close handed over. Its absence beside a
// log that exists tells of an unclean end.
func (s *Store) takeOver() error {
	clean, err := s.temps.takeOver(temporaryPath(s.cfg.Path), s.handoverTag())
	if err != nil {
		return err
	}
	if !clean && s.size.Load() > 0 {
		s.startedUnclean = s.cfg.Now().UTC()
	}
	return nil
}

// StartedUnclean is the time of this start when the run before did not close
// cleanly: the first-use sets are then empty, and assertions that may have been
// used before must be refused (design §7). It is zero after a clean Close and
// for a new store.
func (s *Store) StartedUnclean() time.Time { return s.startedUnclean }

// openLog writes log.opened, and has the guard know of it before anyone can.
func (s *Store) openLog() error {
	err := s.do(context.Background(), "opening the log", func(b *batch) error {
		_, err := b.append(entry{kind: audit.LogOpened, event: audit.Event{ID: s.cfg.Origin}})
		return err
	})
	if err != nil {
		return err
	}
	return s.guard.reach(context.Background(), s.size.Load())
}

// stop ends both goroutines; what is queued is still done.
func (s *Store) stop() {
	s.intake.Lock()
	already := s.closed
	s.closed = true
	s.intake.Unlock()
	if already {
		return
	}
	close(s.queue)
	<-s.sequenced
	s.guard.stop()
}

// Close does what is queued, writes the guard and the temporary values, and
// releases the file. After a failed commit it only releases the file.
func (s *Store) Close() error {
	s.intake.RLock()
	closed := s.closed
	s.intake.RUnlock()
	if closed {
		return nil
	}
	s.stop()
	var err error
	if s.failed.Load() == nil {
		err = s.temps.handOver(temporaryPath(s.cfg.Path), s.handoverTag())
	}
	s.temps.close()
	if err := errors.Join(err, s.db.Close()); err != nil {
		return fmt.Errorf("closing store: %w", err)
	}
	return nil
}
