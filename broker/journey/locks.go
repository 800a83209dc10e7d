package journey

import (
	"hash/maphash"
	"sync"
)

// locks serialise the steps of one interaction inside this process: two clicks
// on one page are answered one after the other. Correctness over processes is
// the store's (Decide is idempotent, states are accepted once).
type locks struct {
	seed    maphash.Seed
	stripes [256]sync.Mutex
}

func newLocks() *locks { return &locks{seed: maphash.MakeSeed()} }

func (l *locks) lock(id string) (unlock func()) {
	m := &l.stripes[maphash.String(l.seed, id)%uint64(len(l.stripes))]
	m.Lock()
	return m.Unlock
}
