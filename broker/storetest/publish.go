package storetest

import (
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

func testPublish(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"TilesHoldTheHashesOfTheLeaves": func(w *world) {
			w.fill(600)
			w.tilesAgree()
			w.killAndReopen()
			w.tilesAgree()
		},
		"AnEntryBundleHoldsTheLeaves": func(w *world) {
			w.fill(300)
			entries := w.allEntries()
			for _, c := range []struct {
				index int64
				width int
			}{{0, 256}, {0, 1}, {1, len(entries) - 256}, {1, 7}} {
				bundle, err := w.store.EntryTile(w.ctx, c.index, c.width)
				w.ok(err)
				leaves, err := ledger.ParseEntryBundle(bundle)
				w.ok(err)
				for i, l := range leaves {
					if len(leaves) != c.width || l != entries[256*c.index+int64(i)].Leaf {
						w.t.Fatalf("bundle %d of %d: leaf %d is another", c.index, c.width, i)
					}
				}
			}
		},
		"NothingBeyondTheCheckpointIsPublished": func(w *world) {
			w.fill(300)
			edge := int(w.size() - 256)
			for _, c := range []struct {
				level int
				index int64
				width int
			}{
				{0, 1, edge + 1},
				{0, 1, 256},
				{0, 2, 1},
				{1, 0, 2},
				{1, 1, 1},
				{2, 0, 1},
				{0, 0, 0},
				{0, 0, 257},
				{0, -1, 1},
				{-1, 0, 1},
				{64, 0, 1},
				{0, 1 << 60, 1},
				{7, 1 << 62, 256},
			} {
				_, err := w.store.Tile(w.ctx, c.level, c.index, c.width)
				w.refused(err, store.ErrNotFound)
				if c.level == 0 {
					_, err = w.store.EntryTile(w.ctx, c.index, c.width)
					w.refused(err, store.ErrNotFound)
				}
			}
			for _, index := range []int64{-1, w.size(), 1 << 60} {
				_, _, err := w.store.Inclusion(w.ctx, index)
				w.refused(err, store.ErrNotFound)
			}
		},
		"EveryLeafIsProvenInTheCheckpoint": func(w *world) {
			w.fill(300)
			w.checkpoint()
			for _, e := range w.allEntries() {
				w.proven(e)
			}
		},
		"ALeafIsWhatItsOpeningCommitsTo": func(w *world) {
			w.journey().agree()
			for _, e := range w.allEntries() {
				if e.Erased || e.Leaf != ledger.NewLeaf(byte(e.Kind), e.Salt, e.Event) {
					w.t.Fatalf("entry %d gives another leaf", e.Index)
				}
			}
		},
		"AnInteractionIsFoundWhole": func(w *world) {
			j, refused, left := w.journey().agree().redeem(), w.journey().look().query(), w.journey().look()
			w.ok(j.deliver(j.deliverCmd()))
			refused.decide(refused.refuseCmd())
			for range 2 {
				w.acts(j, audit.LookupRequested, audit.SourceQueried, audit.SourceAnswered, audit.ConsentGranted, audit.ReleaseCompleted)
				w.acts(refused, audit.LookupRequested, audit.SourceQueried, audit.SourceAnswered, audit.ConsentRefused)
				w.acts(left, audit.LookupRequested)
				w.clock.move(25 * hour) // its row is forgotten, its events are not
				w.ok(w.store.Sweep(w.ctx))
			}
			_, err := w.store.EventsOfInteraction(w.ctx, "unknown")
			w.refused(err, store.ErrNotFound)
		},
	})
}

// fill logs some events quickly.
func (w *world) fill(n int) {
	w.t.Helper()
	things := make([]store.Public, n)
	for i := range things {
		things[i] = store.Public{Kind: audit.PolicyChanged, ID: w.id("policy"), Digest: "d"}
	}
	w.ok(w.store.Announce(w.ctx, things))
	w.checkpoint()
}

// tilesAgree holds every width of every tile against the leaves.
func (w *world) tilesAgree() {
	w.t.Helper()
	w.checkpoint()
	var hashes []tlog.Hash
	for _, e := range w.allEntries() {
		hashes = append(hashes, e.Leaf.Hash())
	}
	for level := 0; len(hashes) > 0; level++ {
		var parents []tlog.Hash
		for index := int64(0); 256*index < int64(len(hashes)); index++ {
			part := hashes[256*index : min(256*(index+1), int64(len(hashes)))]
			for width := 1; width <= len(part); width += 51 {
				w.tileIs(level, index, part[:width])
			}
			w.tileIs(level, index, part)
			if len(part) == 256 {
				parents = append(parents, rootOf(part))
			}
		}
		hashes = parents
	}
}

func (w *world) tileIs(level int, index int64, want []tlog.Hash) {
	w.t.Helper()
	tile, err := w.store.Tile(w.ctx, level, index, len(want))
	w.ok(err)
	var all []byte
	for _, h := range want {
		all = append(all, h[:]...)
	}
	if !slices.Equal(tile, all) {
		w.t.Fatalf("tile %d/%d of %d hashes is another", level, index, len(want))
	}
}

func rootOf(hashes []tlog.Hash) tlog.Hash {
	for len(hashes) > 1 {
		var up []tlog.Hash
		for i := 0; i < len(hashes); i += 2 {
			up = append(up, tlog.NodeHash(hashes[i], hashes[i+1]))
		}
		hashes = up
	}
	return hashes[0]
}

// proven holds the proof of an entry's leaf against its checkpoint.
func (w *world) proven(e store.Entry) {
	w.t.Helper()
	signed, proof, err := w.store.Inclusion(w.ctx, e.Index)
	w.ok(err)
	c, err := ledger.OpenCheckpoint(signed, w.place.Origin(), w.place.Verifier())
	w.ok(err)
	w.ok(ledger.VerifyInclusion(e.Leaf.Hash(), e.Index, c.Size, c.Root, proof))
}

// acts holds the events of a journey's interaction against their kinds.
func (w *world) acts(j *journey, want ...audit.Kind) {
	w.t.Helper()
	events, err := w.store.EventsOfInteraction(w.ctx, j.id)
	w.ok(err)
	var kinds []audit.Kind
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	if !slices.Equal(kinds, want) {
		w.t.Fatalf("events of the interaction are %v, want %v", kinds, want)
	}
}
