package boltstore

import (
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
)

// A standby holds transactions to read with while a commit is under way. bbolt
// shows what is committed as soon as its meta page is written, before the fsync
// that makes it durable: who began to read then could tell of an act that a
// power cut takes back. So what reads meanwhile was begun before the commit, and
// sees the store as it is until the commit is acknowledged
// (broker/design/0012-reading-during-a-commit.md).
type standby struct {
	ready chan *bbolt.Tx
	taken atomic.Int64 // since the commit before
	life  *time.Timer  // the sequencer's: ends what stands by
}

const (
	leastStandby = 4
	mostStandby  = 64 // beyond it readers wait for the commit
	// standbyLife bounds how long a commit waits for what stands by: one that
	// makes the map grow waits until nobody reads.
	standbyLife = 50 * time.Millisecond
)

func newStandby() *standby {
	s := &standby{ready: make(chan *bbolt.Tx, mostStandby)}
	s.life = time.AfterFunc(standbyLife, s.empty)
	return s
}

// fill begins transactions for about as many readers as came during the last
// commit. With fewer than it wants, readers wait.
func (s *standby) fill(db *bbolt.DB) {
	s.life.Reset(standbyLife)
	for range min(leastStandby+2*s.taken.Swap(0), mostStandby) {
		tx, err := db.Begin(false)
		if err != nil {
			return
		}
		s.ready <- tx
	}
}

// take gives a transaction begun before the commit that is under way, nil when
// there is none left or no such commit.
func (s *standby) take() *bbolt.Tx {
	s.taken.Add(1)
	select {
	case tx := <-s.ready:
		return tx
	default:
		return nil
	}
}

// empty ends what nobody took. It comes before anything the commit holds is
// acknowledged: from then on nobody begins to read what was before it.
func (s *standby) empty() {
	for {
		select {
		case tx := <-s.ready:
			_ = tx.Rollback() // it read nothing
		default:
			return
		}
	}
}
