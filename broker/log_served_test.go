package broker_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
	"accord/consent/ledger"
	"accord/consent/receipt"
)

// fetched is one answer of the log's addresses.
func fetched(t testing.TB, address string) (int, http.Header, string) {
	t.Helper()
	resp, err := http.Get(address) //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(body)
}

// publishedLog waits until the log of a country is published whole, and opens
// its checkpoint.
func publishedLog(t testing.TB, c *country.Country) (string, ledger.Checkpoint) {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		status, _, note := fetched(t, c.Accord+"/log/1/checkpoint")
		head, err := ledger.OpenCheckpoint([]byte(note), "localhost/log/1", c.Keys.LogVerifier())
		if status != http.StatusOK || err != nil {
			t.Fatalf("checkpoint: status %d, %v", status, err)
		}
		if head.Size >= c.Store.Health(t.Context()).Size {
			return note, head
		}
		if time.Now().After(until) {
			t.Fatal("the log was not published within 10 s")
		}
	}
}

// busyCountry has a log of more than one full tile.
func busyCountry(t *testing.T) *country.Country {
	t.Helper()
	c := ownCountry(t, nil)
	token(t, c, canteen(t, c), "camille")
	var things []store.Public
	for n := range 300 {
		things = append(things, store.Public{Kind: audit.NoticePublished, ID: fmt.Sprintf("notice-%d", n), Digest: audit.Digest([]byte{byte(n)})})
	}
	if err := c.Store.Announce(t.Context(), things); err != nil {
		t.Fatal(err)
	}
	return c
}

// tiles reads a served log as golang.org/x/mod does the checksum database's.
type tiles struct {
	t    testing.TB
	base string
}

func (r tiles) Height() int { return ledger.TileHeight }

func (r tiles) ReadTiles(all []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range all {
		path := strings.Replace(tile.Path(), "tile/8/", "/tile/", 1)
		status, _, body := fetched(r.t, r.base+path)
		if status != http.StatusOK {
			return nil, fmt.Errorf("%s: status %d", path, status)
		}
		data = append(data, []byte(body))
	}
	return data, nil
}

func (r tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// leavesServed reads every leaf from the entry bundles.
func leavesServed(t testing.TB, base string, size int64) (all []ledger.Leaf) {
	t.Helper()
	for n := int64(0); n*256 < size; n++ {
		path := fmt.Sprintf("%s/tile/entries/%03d", base, n)
		if left := size - n*256; left < 256 {
			path += fmt.Sprintf(".p/%d", left)
		}
		status, header, body := fetched(t, path)
		leaves, err := ledger.ParseEntryBundle([]byte(body))
		if status != http.StatusOK || err != nil {
			t.Fatalf("%s: status %d, %v", path, status, err)
		}
		if header.Get("Content-Type") != "application/octet-stream" || !strings.Contains(header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: headers %v", path, header)
		}
		all = append(all, leaves...)
	}
	return all
}

// Anyone rebuilds the signed root from what is served, by our reader of leaves
// and by another's of tiles.
func TestTheServedLogGivesTheSignedRoot(t *testing.T) {
	c := busyCountry(t)
	_, head := publishedLog(t, c)
	leaves := leavesServed(t, c.Accord+"/log/1", head.Size)
	tree, indexes := ledger.NewTree(), []int64{}
	for i, leaf := range leaves {
		tree.Append(leaf.Hash())
		indexes = append(indexes, tlog.StoredHashIndex(0, int64(i)))
	}
	if tree.Size() != head.Size || tree.Root() != head.Root {
		t.Fatalf("%d leaves give another root than the checkpoint's", tree.Size())
	}
	reader := tlog.TileHashReader(tlog.Tree{N: head.Size, Hash: head.Root}, tiles{t, c.Accord + "/log/1"})
	hashes, err := reader.ReadHashes(indexes)
	if err != nil {
		t.Fatal("the second reader:", err)
	}
	for i, leaf := range leaves {
		if hashes[i] != leaf.Hash() {
			t.Fatalf("tiles and entries differ at leaf %d", i)
		}
	}
}

// What was served once stays: a tile read early is a prefix of the one read
// after more was logged, and reads the same again.
func TestAServedTileNeverChanges(t *testing.T) {
	c := ownCountry(t, nil)
	_, head := publishedLog(t, c)
	early := map[string]string{}
	for _, form := range []string{"0", "entries"} {
		path := fmt.Sprintf("%s/log/1/tile/%s/000.p/%d", c.Accord, form, head.Size)
		_, _, early[path] = fetched(t, path)
	}
	token(t, c, canteen(t, c), "camille")
	_, later := publishedLog(t, c)
	if later.Size <= head.Size {
		t.Fatal("nothing was logged")
	}
	for path, body := range early {
		if status, _, again := fetched(t, path); status != http.StatusOK || again != body || body == "" {
			t.Errorf("%s reads otherwise: status %d", path, status)
		}
		grown := strings.Replace(path, fmt.Sprintf(".p/%d", head.Size), fmt.Sprintf(".p/%d", later.Size), 1)
		if _, _, longer := fetched(t, grown); !strings.HasPrefix(longer, body) {
			t.Errorf("%s is no prefix of %s", path, grown)
		}
	}
}

// Nothing is served beyond the published checkpoint, at any moment.
func TestNothingIsServedBeyondThePublishedCheckpoint(t *testing.T) {
	c := ownCountry(t, nil)
	_, head := publishedLog(t, c)
	for _, path := range []string{"0/000.p/%d", "entries/000.p/%d"} {
		address := c.Accord + "/log/1/tile/" + fmt.Sprintf(path, head.Size+1)
		if status, header, _ := fetched(t, address); status != http.StatusNotFound || header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: status %d, cached %q", address, status, header.Get("Cache-Control"))
		}
	}
}

func TestTheKeyEventsAreServedOpenedWithTheirLeaves(t *testing.T) {
	c := ownCountry(t, nil)
	token(t, c, canteen(t, c), "camille")
	_, head := publishedLog(t, c)
	leaves := leavesServed(t, c.Accord+"/log/1", head.Size)
	status, _, body := fetched(t, c.Accord+"/log/1/keys")
	if status != http.StatusOK {
		t.Fatal("status", status)
	}
	var kids []string
	for _, l := range linesOf(t, body) {
		leaf, err := l.LeafOf()
		if err != nil || leaf != leaves[l.I] {
			t.Errorf("key event %d is not the opening of its leaf: %v", l.I, err)
		}
		kids = append(kids, opening(t, l).ID)
	}
	if !slices.Contains(kids, c.Keys.Receipt().KeyID) {
		t.Errorf("the receipts' key is not among %v", kids)
	}
}

// The published keys carry the certificate their digest names, and read as the
// key set they were before.
func TestThePublishedKeysCarryTheirCertificates(t *testing.T) {
	c := ownCountry(t, nil)
	_, _, body := fetched(t, c.Accord+"/.well-known/accord/jwks.json")
	keys, err := receipt.ParseKeySet([]byte(body))
	if err != nil || len(keys) != 1 || keys[0].LogIndex == nil {
		t.Fatalf("%+v: %v", keys, err)
	}
	var set struct {
		Keys []struct {
			X5C [][]byte `json:"x5c"`
		} `json:"keys"`
	}
	if err := json.Unmarshal([]byte(body), &set); err != nil || len(set.Keys[0].X5C) != 1 {
		t.Fatalf("%s: %v", body, err)
	}
	if sha256.Sum256(set.Keys[0].X5C[0]) != keys[0].CertificateDigest {
		t.Error("the certificate is not the one of x5t#S256")
	}
}
