package boltstore

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

// A head is the log's end: what the next batch goes on from.
type head struct {
	tree *ledger.Tree
	time time.Time // stamp of the last event
}

func (h head) marshal() ([]byte, error) {
	tree, err := h.tree.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("encoding the log's head: %w", err)
	}
	return append(binary.BigEndian.AppendUint64(nil, uint64(h.time.UnixMilli())), tree...), nil
}

func (h *head) unmarshal(b []byte) error {
	if len(b) < 8 {
		return fmt.Errorf("reading the log's head: %w", ErrDamaged)
	}
	h.tree = ledger.NewTree()
	h.time = time.UnixMilli(int64(binary.BigEndian.Uint64(b))).UTC()
	if err := h.tree.UnmarshalBinary(b[8:]); err != nil {
		return fmt.Errorf("reading the log's head: %w: %w", ErrDamaged, err)
	}
	return nil
}

// headKey and checkpointKey name the log they belong to: a new log in the same
// file starts from nothing.
func headKey(log uint32) []byte       { return binary.BigEndian.AppendUint32([]byte("head"), log) }
func checkpointKey(log uint32) []byte { return binary.BigEndian.AppendUint32([]byte("note"), log) }

// An appender collects the leaves of one batch; finish writes them.
type appender struct {
	origin string
	signer note.Signer
	number uint32
	head   head // of this batch: a clone, dropped when the batch fails
	first  int64
	leaves []ledger.Leaf
}

func (a *appender) next() int64 { return a.head.tree.Size() }

func (a *appender) add(l ledger.Leaf) {
	a.leaves = append(a.leaves, l)
	a.head.tree.Append(l.Hash())
}

// An entry is one event on its way into the log.
type entry struct {
	kind    audit.Kind
	event   audit.Event
	prev    *int64 // the event before it in the same grant or interaction
	receipt []byte // sealed at the same place; nil for events without one
}

// append stamps the event, seals it, and gives it the next place in the log.
// It writes nothing when the event cannot be encoded.
func (b *batch) append(e entry) (store.Logged, error) {
	ev := e.event
	ev.V, ev.Kind, ev.Time, ev.Prev = audit.Version, e.kind.String(), b.now.Format(audit.TimeLayout), e.prev
	bytes, err := audit.Encode(ev)
	if err != nil {
		return store.Logged{}, err
	}
	salt, err := newSalt(e.kind)
	if err != nil {
		return store.Logged{}, err
	}
	index := b.log.next()
	if err := b.sealEntry(b.place(index), e, bytes, salt); err != nil {
		return store.Logged{}, err
	}
	b.log.add(ledger.NewLeaf(byte(e.kind), salt, bytes))
	at := ledger.Position{Origin: b.log.origin, Index: index}
	return store.Logged{Position: at, Time: b.now, EventDigest: sha256.Sum256(bytes)}, nil
}

// newSalt is 32 random bytes, zeros for the kinds whose opening is public.
func newSalt(kind audit.Kind) (salt [32]byte, err error) {
	if kind.Public() {
		return salt, nil
	}
	if _, err := rand.Read(salt[:]); err != nil {
		return salt, fmt.Errorf("drawing a salt: %w", err)
	}
	return salt, nil
}

func (b *batch) sealEntry(at place, e entry, event []byte, salt [32]byte) error {
	epoch, err := b.sealer.current(b.now)
	if err != nil {
		return err
	}
	s := epoch.sealing(at)
	if err := b.putSealed(s, eventPart, event); err != nil {
		return err
	}
	if !e.kind.Public() {
		if err := b.putSealed(s, saltPart, salt[:]); err != nil {
			return err
		}
	}
	if e.receipt != nil {
		if err := b.putSealed(s, receiptPart, e.receipt); err != nil {
			return err
		}
	}
	return b.put(wrapBucket, at[:], s.wraps)
}

func (b *batch) putSealed(s *sealing, p part, plain []byte) error {
	row, err := s.seal(p, plain)
	if err != nil {
		return err
	}
	return b.put(sealedBucket, p.key(s.at), row)
}

// finish writes the batch's leaves into tiles and bundles, and the head with
// its signed checkpoint. It returns nil bytes when no event was appended.
func (b *batch) finish() (checkpoint []byte, err error) {
	if len(b.log.leaves) == 0 {
		return nil, nil
	}
	hashes := make([]tlog.Hash, len(b.log.leaves))
	for i, l := range b.log.leaves {
		hashes[i] = l.Hash()
	}
	if err := ledger.AppendTiles(batchTiles{b}, b.log.first, hashes); err != nil {
		return nil, err
	}
	if err := b.putEntries(); err != nil {
		return nil, err
	}
	b.log.head.time = b.now
	return b.putHead()
}

func (b *batch) putHead() ([]byte, error) {
	value, err := b.log.head.marshal()
	if err != nil {
		return nil, err
	}
	if err := b.put(metaBucket, headKey(b.number), value); err != nil {
		return nil, err
	}
	tree := b.log.head.tree
	c := ledger.Checkpoint{Origin: b.log.origin, Size: tree.Size(), Root: tree.Root()}
	signed, err := ledger.SignCheckpoint(c, b.log.signer)
	if err != nil {
		return nil, err
	}
	return signed, b.put(metaBucket, checkpointKey(b.number), signed)
}

// putEntries lengthens the edge bundle and starts new ones.
func (b *batch) putEntries() error {
	index, leaves := b.log.first, b.log.leaves
	for len(leaves) > 0 {
		n := min(int(256-index%256), len(leaves))
		key := b.place(index / 256)
		old, err := getRow(b.tx, entryBucket, key[:])
		if err != nil {
			return err
		}
		bundle := append([]byte(nil), old...)
		for _, l := range leaves[:n] {
			bundle = ledger.AppendEntry(bundle, l)
		}
		if err := b.put(entryBucket, key[:], bundle); err != nil {
			return err
		}
		index, leaves = index+int64(n), leaves[n:]
	}
	return nil
}

// batchTiles lets the ledger write tiles within the batch's transaction.
type batchTiles struct{ b *batch }

func (t batchTiles) Tile(level int, index int64) ([]byte, error) {
	return getRow(t.b.tx, tileBucket, tileKey(t.b.number, level, index))
}

func (t batchTiles) PutTile(level int, index int64, data []byte) error {
	return t.b.put(tileBucket, tileKey(t.b.number, level, index), data)
}

// storedTiles reads tiles within any transaction.
type storedTiles struct {
	tx  *bbolt.Tx
	log uint32
}

func (t storedTiles) Tile(level int, index int64) ([]byte, error) {
	return getRow(t.tx, tileBucket, tileKey(t.log, level, index))
}
