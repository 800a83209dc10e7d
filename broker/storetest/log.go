package storetest

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

func testLog(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"TheLogBeginsWithItsOpening": func(w *world) {
			entries, err := w.store.Entries(w.ctx, 0, 1)
			w.ok(err)
			if len(entries) != 1 || entries[0].Kind != audit.LogOpened {
				w.t.Fatalf("log begins with %+v", entries)
			}
		},
		"EveryCheckpointIsAPrefixOfTheLog": func(w *world) {
			var seen []ledger.Checkpoint
			for round := range 4 {
				for range 20 << round {
					w.journey().look()
				}
				seen = append(seen, w.checkpoint())
				if round == 1 {
					w.reopen()
				}
				if round == 2 {
					w.killAndReopen()
				}
				seen = append(seen, w.checkpoint())
			}
			w.auditLog(seen)
		},
		"TheLogOfACrowdIsWhole": func(w *world) {
			w.crowd("a")
			w.auditLog([]ledger.Checkpoint{w.checkpoint()})
		},
	})
}

func (w *world) checkpoint() ledger.Checkpoint {
	w.t.Helper()
	signed, err := w.store.Checkpoint(w.ctx)
	w.ok(err)
	c, err := ledger.OpenCheckpoint(signed, w.place.Origin(), w.place.Verifier())
	w.ok(err)
	if c.Size != w.size() {
		w.t.Fatalf("checkpoint of %d leaves, store of %d", c.Size, w.size())
	}
	return c
}

// auditLog rebuilds the tree from the openings and holds every checkpoint
// against the root its first leaves have. Times never run back, prev always
// points back. Of what was erased the leaf counts.
func (w *world) auditLog(seen []ledger.Checkpoint) {
	w.t.Helper()
	roots := map[int64]tlog.Hash{}
	tree, last := ledger.NewTree(), ""
	for _, e := range w.allEntries() {
		if e.Erased {
			tree.Append(e.Leaf.Hash())
			roots[tree.Size()] = tree.Root()
			continue
		}
		ev, kind, err := audit.Decode(e.Event)
		w.ok(err)
		if e.Index != tree.Size() || kind != e.Kind || ev.Time < last || ev.Prev != nil && *ev.Prev >= e.Index {
			w.t.Fatalf("entry %d of kind %s, time %s after %s", e.Index, kind, ev.Time, last)
		}
		if kind.Public() != (e.Salt == [32]byte{}) {
			w.t.Fatalf("entry %d of kind %s has salt %x", e.Index, kind, e.Salt)
		}
		last = ev.Time
		tree.Append(ledger.NewLeaf(byte(e.Kind), e.Salt, e.Event).Hash())
		roots[tree.Size()] = tree.Root()
	}
	for _, c := range seen {
		if roots[c.Size] != c.Root {
			w.t.Fatalf("checkpoint of %d leaves is no prefix of the log of %d", c.Size, tree.Size())
		}
	}
}

func (w *world) allEntries() []store.Entry {
	w.t.Helper()
	var all []store.Entry
	for {
		some, err := w.store.Entries(w.ctx, int64(len(all)), int64(len(all)+1000))
		w.ok(err)
		if len(some) == 0 {
			return all
		}
		all = append(all, some...)
	}
}
