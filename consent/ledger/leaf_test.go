package ledger

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// example is the worked example of the log's formats: its leaves, proof and
// checkpoint were made by another program.
type example struct {
	Leaves []struct {
		Kind  byte   `json:"kind"`
		Salt  string `json:"salt"`
		Event string `json:"event"`
		Leaf  string `json:"leaf"`
	} `json:"leaves"`
	Inclusion struct {
		Index int64       `json:"index"`
		Proof []tlog.Hash `json:"proof"`
	} `json:"inclusion"`
	Origin      string `json:"origin"`
	VerifierKey string `json:"verifier_key"`
	Checkpoint  string `json:"checkpoint"`
}

func readExample(t testing.TB) example {
	t.Helper()
	data, err := os.ReadFile("testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	var e example
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func decodeSalt(t testing.TB, s string) [32]byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return [32]byte(b)
}

func TestLeafIsTheOneOfTheWorkedExample(t *testing.T) {
	for _, l := range readExample(t).Leaves {
		leaf := NewLeaf(l.Kind, decodeSalt(t, l.Salt), []byte(l.Event))
		if got := hex.EncodeToString(leaf[:]); got != l.Leaf {
			t.Errorf("leaf of kind %d is %s, want %s", l.Kind, got, l.Leaf)
		}
		if leaf.Kind() != l.Kind {
			t.Errorf("leaf says kind %d, want %d", leaf.Kind(), l.Kind)
		}
	}
}

func TestWorkedExampleIsIncludedUnderItsSignedCheckpoint(t *testing.T) {
	e := readExample(t)
	verifier, err := note.NewVerifier(e.VerifierKey)
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCheckpoint([]byte(e.Checkpoint), e.Origin, verifier)
	if err != nil {
		t.Fatal(err)
	}
	granted := e.Leaves[1]
	leaf := NewLeaf(granted.Kind, decodeSalt(t, granted.Salt), []byte(granted.Event))
	if err := VerifyInclusion(leaf.Hash(), e.Inclusion.Index, c.Size, c.Root, e.Inclusion.Proof); err != nil {
		t.Error(err)
	}
	other := NewLeaf(granted.Kind+1, decodeSalt(t, granted.Salt), []byte(granted.Event))
	if VerifyInclusion(other.Hash(), e.Inclusion.Index, c.Size, c.Root, e.Inclusion.Proof) == nil {
		t.Error("a leaf of another kind verifies in its place")
	}
}

func TestLeafHashIsRFC6962s(t *testing.T) {
	leaf := NewLeaf(4, [32]byte{7}, []byte("event"))
	if leaf.Hash() != tlog.RecordHash(leaf[:]) {
		t.Error("leaf hash differs from RFC 6962's")
	}
}

func TestLeafChangesWithEachOfKindSaltAndEvent(t *testing.T) {
	leaf := NewLeaf(4, [32]byte{7}, []byte("event"))
	for name, other := range map[string]Leaf{
		"kind":  NewLeaf(5, [32]byte{7}, []byte("event")),
		"salt":  NewLeaf(4, [32]byte{8}, []byte("event")),
		"event": NewLeaf(4, [32]byte{7}, []byte("evenT")),
	} {
		if other == leaf {
			t.Errorf("another %s gives the same leaf", name)
		}
	}
}

func TestLeafParsesOnlyFrom34BytesOfVersion1(t *testing.T) {
	leaf := NewLeaf(4, [32]byte{7}, []byte("event"))
	if parsed, err := ParseLeaf(leaf[:]); err != nil || parsed != leaf {
		t.Errorf("its own bytes: %v", err)
	}
	newer := leaf
	newer[0] = 2
	for name, b := range map[string][]byte{"short": leaf[:33], "long": append(leaf[:], 0), "nothing": nil, "version 2": newer[:]} {
		if _, err := ParseLeaf(b); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestEntryBundleReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := make([]Leaf, rapid.IntRange(1, 256).Draw(t, "leaves"))
		for i := range leaves {
			leaves[i] = NewLeaf(byte(i), [32]byte{}, []byte{byte(i)})
		}
		got, err := ParseEntryBundle(EntryBundle(leaves))
		if err != nil || len(got) != len(leaves) || got[len(got)-1] != leaves[len(leaves)-1] {
			t.Fatalf("read back %d of %d leaves: %v", len(got), len(leaves), err)
		}
	})
}

func TestEntryBundleRefusesWhatIsNotOne(t *testing.T) {
	good := EntryBundle([]Leaf{NewLeaf(1, [32]byte{}, nil)})
	wrongLength := append([]byte{0, 35}, good[2:]...)
	wrongVersion := append([]byte{0, 34, 9}, good[3:]...)
	for name, b := range map[string][]byte{
		"nothing": nil, "cut": good[:35], "one byte more": append(good[:len(good):len(good)], 0),
		"length": wrongLength, "leaf version": wrongVersion, "257 entries": bytes.Repeat(good, 257),
	} {
		if _, err := ParseEntryBundle(b); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestPositionReadsBackAndHasOneSpelling(t *testing.T) {
	p := Position{Origin: "accord.example/log/1", Index: 42}
	if p.String() != "accord.example/log/1#42" {
		t.Errorf("written %q", p.String())
	}
	if got, err := ParsePosition(p.String()); err != nil || got != p {
		t.Errorf("read back %v: %v", got, err)
	}
	for _, s := range []string{"", "#1", "a", "a#", "a#-1", "a#+1", "a#01", "a#1#2", "a b#1", "a#9223372036854775808", "a#1 "} {
		if got, err := ParsePosition(s); err == nil {
			t.Errorf("%q accepted as %v", s, got)
		}
	}
}
