package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// readBundle is the worked example of a bundle. Its payload predates the final
// events, so that it is a known answer for proof and commitment only.
func readBundle(t testing.TB) (jws, proof, policy string) {
	t.Helper()
	data, err := os.ReadFile("testdata/example.accord")
	if err != nil {
		t.Fatal(err)
	}
	var b struct {
		JWS       string `json:"jws"`
		TlogProof string `json:"tlog_proof"`
		Policy    string `json:"policy"`
	}
	if err := json.Unmarshal(data, &b); err != nil {
		t.Fatal(err)
	}
	return b.JWS, b.TlogProof, b.Policy
}

func TestTheWorkedExamplesProofHoldsAndItsLeafNamesTheReceipt(t *testing.T) {
	jws, text, policy := readBundle(t)
	p, err := ParseProof([]byte(text))
	if err != nil || !bytes.Equal(FormatProof(p), []byte(text)) {
		t.Fatal(err)
	}
	var opening struct {
		Event json.RawMessage `json:"event"`
		Salt  string          `json:"salt"`
	}
	if err := json.Unmarshal(p.Extra, &opening); err != nil {
		t.Fatal(err)
	}
	key, _, _ := strings.Cut(strings.TrimPrefix(policy, "log "), "\n")
	verifier, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCheckpoint(p.Checkpoint, verifier.Name(), verifier)
	if err != nil {
		t.Fatal(err)
	}
	leaf := NewLeaf(1, decodeSalt(t, opening.Salt), opening.Event)
	if err := VerifyInclusion(leaf.Hash(), p.Index, c.Size, c.Root, p.Hashes); err != nil {
		t.Error(err)
	}
	sum := sha256.Sum256([]byte(jws))
	if !bytes.Contains(opening.Event, []byte(`"receipt":"sha-256:`+base64.RawURLEncoding.EncodeToString(sum[:])+`"`)) {
		t.Error("the leaf names another receipt")
	}
}

func TestProofReadsBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Proof{
			Extra: rapid.SliceOf(rapid.Byte()).Draw(t, "extra"), Index: rapid.Int64Range(0, 1<<62).Draw(t, "index"),
			Checkpoint: []byte(Checkpoint{Origin: testOrigin, Size: 7}.Body() + "\n— signature\n"),
		}
		for range rapid.IntRange(0, proofHashes).Draw(t, "hashes") {
			p.Hashes = append(p.Hashes, tlog.Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash")))
		}
		text := FormatProof(p)
		got, err := ParseProof(text)
		if err != nil || !bytes.Equal(FormatProof(got), text) || got.Index != p.Index || !bytes.Equal(got.Extra, p.Extra) || len(got.Hashes) != len(p.Hashes) {
			t.Fatalf("%q reads back as %+v: %v", text, got, err)
		}
	})
}

func TestProofHasOneSpelling(t *testing.T) {
	_, good, _ := readBundle(t)
	lines := strings.SplitAfter(good, "\n")
	for name, text := range map[string]string{
		"nothing":            "",
		"other version":      strings.Replace(good, "@v1", "@v2", 1),
		"carriage returns":   strings.ReplaceAll(good, "\n", "\r\n"),
		"empty extra":        lines[0] + "extra \n" + strings.Join(lines[2:], ""),
		"extra twice":        lines[0] + lines[1] + strings.Join(lines[1:], ""),
		"extra after index":  lines[0] + lines[2] + lines[1] + strings.Join(lines[3:], ""),
		"no index":           strings.Replace(good, lines[2], "", 1),
		"index twice":        strings.Replace(good, lines[2], lines[2]+lines[2], 1),
		"index with zero":    strings.Replace(good, "index 3", "index 03", 1),
		"index with plus":    strings.Replace(good, "index 3", "index +3", 1),
		"short hash":         strings.Replace(good, lines[3], "AAAA\n", 1),
		"base64url":          strings.Replace(good, lines[3], strings.ReplaceAll(strings.ReplaceAll(lines[3], "/", "_"), "+", "-"), 1),
		"hash trailing bits": strings.Replace(good, "8w=\n", "8x=\n", 1),
		"too many hashes":    strings.Replace(good, lines[3], strings.Repeat(lines[3], 64), 1),
		"no checkpoint":      good[:strings.Index(good, "\n\n")+2],
		"no empty line":      strings.Replace(good, "\n\n", "\n", 2),
		"oversize":           good + strings.Repeat("x", MaxProof),
	} {
		if p, err := ParseProof([]byte(text)); !errors.Is(err, ErrProofFormat) {
			t.Errorf("%s: accepted as %+v: %v", name, p, err)
		}
	}
}

// The eight inputs and roots every Certificate Transparency log is tested
// with, RFC 6962 §2.1.
func TestRootsAreRFC6962sKnownAnswers(t *testing.T) {
	tree := NewTree()
	roots := []string{
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	for i, input := range []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"} {
		data, _ := hex.DecodeString(input)
		tree.Append(tlog.RecordHash(data))
		if root := tree.Root(); hex.EncodeToString(root[:]) != roots[i] {
			t.Errorf("root of %d leaves is %x", i+1, root)
		}
	}
}

func FuzzProof(f *testing.F) {
	_, text, _ := readBundle(f)
	f.Add([]byte(text))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParseProof(data)
		if err == nil && !bytes.Equal(FormatProof(p), data) {
			t.Errorf("%q accepted, writes back %q", data, FormatProof(p))
		}
	})
}
