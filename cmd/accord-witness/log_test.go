package main

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
)

const testOrigin = "accord.example/log/1"

// A testLog is a log at a loopback address, honest until spoil is set.
type testLog struct {
	mu     sync.Mutex
	signer note.Signer
	vkey   string
	leaves []ledger.Leaf
	asked  map[string]int
	spoil  func(path string, w http.ResponseWriter, r *http.Request) bool // true: it has answered
	url    string
}

func newTestLog(t testing.TB, size int) *testLog {
	t.Helper()
	secret, public, err := note.GenerateKey(rand.Reader, testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	l := &testLog{signer: signer, vkey: public, asked: map[string]int{}}
	l.grow(size, "")
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	l.url = server.URL + "/log/1"
	return l
}

// grow adds n leaves; another history has other leaves.
func (l *testLog) grow(n int, history string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(n, history)
}

func (l *testLog) add(n int, history string) {
	for range n {
		event := fmt.Sprintf("%s event %d", history, len(l.leaves))
		l.leaves = append(l.leaves, ledger.NewLeaf(1, [32]byte{1}, []byte(event)))
	}
}

// rewrite replaces the leaves from index on by as many others.
func (l *testLog) rewrite(from int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.leaves) - from
	l.leaves = l.leaves[:from:from]
	l.add(n, "other")
}

// behave changes how the log answers while it may still be answering.
func (l *testLog) behave(spoil func(string, http.ResponseWriter, *http.Request) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spoil = spoil
}

// memTiles is ledger.TileWriter in memory.
type memTiles map[string][]byte

func (m memTiles) Tile(level int, index int64) ([]byte, error) {
	return m[fmt.Sprint(level, index)], nil
}

func (m memTiles) PutTile(level int, index int64, data []byte) error {
	m[fmt.Sprint(level, index)] = data
	return nil
}

func (l *testLog) tiles() memTiles {
	hashes := make([]tlog.Hash, len(l.leaves))
	for i, leaf := range l.leaves {
		hashes[i] = leaf.Hash()
	}
	m := memTiles{}
	if err := ledger.AppendTiles(m, 0, hashes); err != nil {
		panic(err)
	}
	return m
}

func (l *testLog) checkpoint() []byte {
	tree := ledger.NewTree()
	for _, leaf := range l.leaves {
		tree.Append(leaf.Hash())
	}
	signed, err := ledger.SignCheckpoint(ledger.Checkpoint{Origin: testOrigin, Size: tree.Size(), Root: tree.Root()}, l.signer)
	if err != nil {
		panic(err)
	}
	return signed
}

func (l *testLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	below := strings.TrimPrefix(r.URL.Path, "/log/1/")
	l.asked[below]++
	if l.spoil != nil && l.spoil(below, w, r) {
		return
	}
	if data := l.answer(below); data != nil {
		_, _ = w.Write(data)
		return
	}
	http.NotFound(w, r)
}

// answer is what an honest log serves at an address, nil for nothing.
func (l *testLog) answer(below string) []byte {
	if below == "checkpoint" {
		return l.checkpoint()
	}
	rest, found := strings.CutPrefix(below, "tile/")
	if !found {
		return nil
	}
	width := tileWidth
	if whole, cut, partial := strings.Cut(rest, ".p/"); partial {
		rest, width = whole, number(cut)
	}
	level, address, _ := strings.Cut(rest, "/")
	n := number(strings.NewReplacer("x", "", "/", "").Replace(address))
	if level == "entries" {
		first := n * tileWidth
		if first+width > len(l.leaves) {
			return nil
		}
		return ledger.EntryBundle(l.leaves[first : first+width])
	}
	data := l.tiles()[fmt.Sprint(number(level), n)]
	if len(data) < width*tlog.HashSize {
		return nil
	}
	return data[:width*tlog.HashSize]
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func TestTilePathsAreC2SPs(t *testing.T) {
	for want, got := range map[string]string{
		"tile/0/000":                  tilePath("0", 0, 256),
		"tile/0/007.p/3":              tilePath("0", 7, 3),
		"tile/1/x001/x234/067":        tilePath("1", 1234067, 256),
		"tile/entries/x001/000.p/255": tilePath("entries", 1000, 255),
	} {
		if got != want || path.Clean(got) != got {
			t.Errorf("%s instead of %s", got, want)
		}
	}
}
