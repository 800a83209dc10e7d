package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/merkle/testonly"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// memoryTiles keeps tiles in memory, and notes how often each was put.
type memoryTiles struct {
	tiles map[[2]int64][]byte
	puts  map[[2]int64]int
}

func newTiles() *memoryTiles {
	return &memoryTiles{tiles: map[[2]int64][]byte{}, puts: map[[2]int64]int{}}
}

func (m *memoryTiles) Tile(level int, index int64) ([]byte, error) {
	return m.tiles[[2]int64{int64(level), index}], nil
}

func (m *memoryTiles) PutTile(level int, index int64, data []byte) error {
	key := [2]int64{int64(level), index}
	if !bytes.HasPrefix(data, m.tiles[key]) {
		return errors.New("a tile was rewritten")
	}
	m.tiles[key], m.puts[key] = data, m.puts[key]+1
	return nil
}

func testLeaf(i int64) Leaf {
	return NewLeaf(4, [32]byte{}, binary.BigEndian.AppendUint64(nil, uint64(i)))
}

// grow appends n leaves to the tree, its tiles (in batches) and an
// independent RFC 6962 tree of another library.
func grow(t testing.TB, n int64, batch int) (*Tree, *memoryTiles, *testonly.Tree) {
	t.Helper()
	tree, tiles, judge := NewTree(), newTiles(), testonly.New(rfc6962.DefaultHasher)
	var pending []tlog.Hash
	for i := range n {
		leaf := testLeaf(i)
		tree.Append(leaf.Hash())
		judge.AppendData(leaf[:])
		pending = append(pending, leaf.Hash())
		if len(pending) == batch || i == n-1 {
			if err := AppendTiles(tiles, i+1-int64(len(pending)), pending); err != nil {
				t.Fatal(err)
			}
			pending = nil
		}
	}
	return tree, tiles, judge
}

func TestRootsEqualAnotherLibrarysAtEverySize(t *testing.T) {
	tree, judge := NewTree(), testonly.New(rfc6962.DefaultHasher)
	for i := range int64(1100) {
		if root := tree.Root(); !bytes.Equal(root[:], judge.HashAt(uint64(i))) {
			t.Fatalf("root at size %d differs", i)
		}
		if tree.Size() != i {
			t.Fatalf("size is %d, want %d", tree.Size(), i)
		}
		leaf := testLeaf(i)
		tree.Append(leaf.Hash())
		judge.AppendData(leaf[:])
	}
}

func TestRootFromTilesEqualsRootFromFrontier(t *testing.T) {
	for batch, leaves := range map[int]int64{1: 600, 3: 600, 256: 5_000, 1000: 66_000} {
		tree, tiles, _ := grow(t, leaves, batch)
		root, err := tlog.TreeHash(tree.Size(), HashReader(tree.Size(), tiles))
		if err != nil || root != tree.Root() {
			t.Errorf("batches of %d: root differs: %v", batch, err)
		}
	}
}

func TestEachTileIsPutOnceABatch(t *testing.T) {
	_, tiles, _ := grow(t, 1000, 1000)
	for key, n := range tiles.puts {
		if n != 1 {
			t.Errorf("tile %v put %d times", key, n)
		}
	}
	if len(tiles.tiles[[2]int64{1, 0}]) != 3*tlog.HashSize {
		t.Error("three full tiles do not stand one level up")
	}
}

func TestTilesEqualTlogsOwn(t *testing.T) {
	_, tiles, _ := grow(t, 700, 50)
	plain := HashReader(700, tiles)
	for _, tile := range tlog.NewTiles(TileHeight, 0, 700) {
		want, err := tlog.ReadTileData(tile, plain)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := tiles.Tile(tile.L, tile.N); !bytes.Equal(got[:tile.W*tlog.HashSize], want) {
			t.Errorf("tile %s differs", tile.Path())
		}
	}
}

func TestAppendRefusesAnEdgeThatDoesNotFitTheSize(t *testing.T) {
	for _, size := range []int64{9, 11, 266} {
		_, tiles, _ := grow(t, 10, 10)
		if err := AppendTiles(tiles, size, []tlog.Hash{testLeaf(0).Hash()}); err == nil {
			t.Errorf("appended at size %d to a log of 10", size)
		}
	}
}

func TestFrontierReadsBackAndGoesOnAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := NewTree()
		for i := range int64(rapid.IntRange(0, 600).Draw(t, "size")) {
			tree.Append(testLeaf(i).Hash())
		}
		data, _ := tree.MarshalBinary()
		again := NewTree()
		if err := again.UnmarshalBinary(data); err != nil {
			t.Fatal(err)
		}
		clone := tree.Clone()
		for _, x := range []*Tree{tree, again} {
			x.Append(testLeaf(1000).Hash())
			x.Append(testLeaf(1001).Hash())
		}
		if tree.Root() != again.Root() || clone.Size() != tree.Size()-2 || clone.Root() == tree.Root() {
			t.Fatal("read back or cloned tree differs")
		}
	})
}

func TestFrontierOfWrongLengthIsRefused(t *testing.T) {
	tree, _, _ := grow(t, 5, 5)
	data, _ := tree.MarshalBinary()
	for name, b := range map[string][]byte{
		"nothing": nil, "cut": data[:len(data)-1], "long": append(data, 0),
		"a hash short": data[:len(data)-32], "huge": bytes.Repeat([]byte{0xff}, 8+63*32),
	} {
		if NewTree().UnmarshalBinary(b) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestInclusionProofsEqualAnotherLibrarysAndVerify(t *testing.T) {
	_, tiles, judge := grow(t, 1030, 100)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, 1030).Draw(t, "size")
		index := rapid.Int64Range(0, size-1).Draw(t, "index")
		got, err := ProveInclusion(index, size, tiles)
		if err != nil {
			t.Fatal(err)
		}
		want, err := judge.InclusionProof(uint64(index), uint64(size))
		if err != nil || !bytes.Equal(bytes.Join(raw(got), nil), bytes.Join(want, nil)) {
			t.Fatalf("proof of %d in %d differs: %v", index, size, err)
		}
		root, hash := tlog.Hash(judge.HashAt(uint64(size))), testLeaf(index).Hash()
		if err := VerifyInclusion(hash, index, size, root, got); err != nil {
			t.Fatal(err)
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(size), hash[:], raw(got), root[:]); err != nil {
			t.Fatal(err)
		}
		refuseInclusion(t, hash, index, size, root, got)
	})
}

func refuseInclusion(t *rapid.T, hash tlog.Hash, index, size int64, root tlog.Hash, p []tlog.Hash) {
	bad := map[string]error{
		"other leaf":  VerifyInclusion(testLeaf(99_999).Hash(), index, size, root, p),
		"other root":  VerifyInclusion(hash, index, size, hash, append([]tlog.Hash{{}}, p...)),
		"longer":      VerifyInclusion(hash, index, size, root, append(p[:len(p):len(p)], hash)),
		"other index": VerifyInclusion(hash, index+1, size, root, p),
		"outside":     VerifyInclusion(hash, size, size, root, p),
		"negative":    VerifyInclusion(hash, -1, size, root, p),
	}
	if len(p) > 0 {
		bad["shorter"] = VerifyInclusion(hash, index, size, root, p[1:])
		flipped := append([]tlog.Hash(nil), p...)
		flipped[rapid.IntRange(0, len(p)-1).Draw(t, "hash")][rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1
		bad["flipped bit"] = VerifyInclusion(hash, index, size, root, flipped)
	}
	for name, err := range bad {
		if !errors.Is(err, ErrProof) {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestConsistencyProofsEqualAnotherLibrarysAndVerify(t *testing.T) {
	_, tiles, judge := grow(t, 1030, 100)
	rapid.Check(t, func(t *rapid.T) {
		to := rapid.Int64Range(1, 1030).Draw(t, "to")
		from := rapid.Int64Range(1, to).Draw(t, "from")
		got, err := ProveConsistency(from, to, tiles)
		if err != nil {
			t.Fatal(err)
		}
		want, err := judge.ConsistencyProof(uint64(from), uint64(to))
		if err != nil || !bytes.Equal(bytes.Join(raw(got), nil), bytes.Join(want, nil)) {
			t.Fatalf("proof %d to %d differs: %v", from, to, err)
		}
		fromRoot, toRoot := tlog.Hash(judge.HashAt(uint64(from))), tlog.Hash(judge.HashAt(uint64(to)))
		if err := VerifyConsistency(from, to, fromRoot, toRoot, got); err != nil {
			t.Fatal(err)
		}
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(from), uint64(to), raw(got), fromRoot[:], toRoot[:]); err != nil {
			t.Fatal(err)
		}
		forged := fromRoot
		forged[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1
		if !errors.Is(VerifyConsistency(from, to, forged, toRoot, got), ErrProof) {
			t.Fatal("a rewritten beginning verifies")
		}
	})
}

func TestConsistencyWithTheEmptyLogNeedsNoProof(t *testing.T) {
	tree, tiles, _ := grow(t, 3, 3)
	empty := tlog.Hash(sha256.Sum256(nil))
	if p, err := ProveConsistency(0, 3, tiles); err != nil || len(p) != 0 {
		t.Errorf("proof %v: %v", p, err)
	}
	if err := VerifyConsistency(0, 3, empty, tree.Root(), nil); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"wrong empty root": VerifyConsistency(0, 3, tree.Root(), tree.Root(), nil),
		"needless proof":   VerifyConsistency(0, 3, empty, tree.Root(), []tlog.Hash{{}}),
		"shrinks":          VerifyConsistency(3, 2, tree.Root(), tree.Root(), nil),
		"empty to empty":   VerifyConsistency(0, 0, empty, tree.Root(), nil),
	} {
		if !errors.Is(err, ErrProof) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProofsNeverUseLeavesBeyondTheSize(t *testing.T) {
	_, tiles, _ := grow(t, 300, 300)
	reader := HashReader(100, tiles)
	for _, stored := range []int64{tlog.StoredHashIndex(0, 100), tlog.StoredHashIndex(6, 1), tlog.StoredHashIndex(8, 0)} {
		if _, err := reader.ReadHashes([]int64{stored}); err == nil {
			t.Errorf("hash %d lies beyond size 100 and was given", stored)
		}
	}
	if _, err := ProveInclusion(100, 100, tiles); err == nil {
		t.Error("proved a leaf beyond the size")
	}
	if _, err := ProveInclusion(5, 400, tiles); err == nil {
		t.Error("proved in a tree larger than the tiles")
	}
}

func raw(hashes []tlog.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}

func BenchmarkRootRebuild(b *testing.B) {
	leaf, tree := testLeaf(1), NewTree()
	for b.Loop() {
		tree.Append(leaf.Hash())
	}
	b.ReportMetric(float64(tree.Size())/b.Elapsed().Seconds(), "leaves/s")
}
