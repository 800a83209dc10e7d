package audit

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/consent/receipt"
)

// A vector is one file of testdata/evil: an input another program can judge by
// the policy (and keys, and proof) beside it, and what it must find.
type vector struct {
	ID     string          `json:"id"`
	Kind   string          `json:"kind"` // bundle, delivery, policy
	About  string          `json:"about"`
	Input  string          `json:"input"`
	Policy string          `json:"policy,omitempty"`
	Keys   json.RawMessage `json:"keys,omitempty"`  // delivery: JWK set
	Proof  string          `json:"proof,omitempty"` // delivery: tlog-proof of its event
	Want   verdictWanted   `json:"want"`
}

type verdictWanted struct {
	Outcome string `json:"outcome"`         // genuine, false, undecided
	Check   string `json:"check,omitempty"` // the first that does not pass
}

// judged is what this package says of the vector.
func (v vector) judged(t testing.TB) verdictWanted {
	t.Helper()
	switch v.Kind {
	case "bundle":
		got := judge(t, []byte(v.Input), []byte(v.Policy))
		return verdictWanted{got.Outcome, got.stopped().Name}
	case "delivery":
		keys := must2(receipt.ParseKeySet(v.Keys))(t)
		var policy Policy
		if v.Policy != "" {
			policy = must2(ParsePolicy([]byte(v.Policy)))(t)
		}
		got := JudgeDelivery([]byte(v.Input), keys, []byte(v.Proof), policy)
		return verdictWanted{got.Outcome, Verdict{Checks: got.Checks}.stopped().Name}
	case "policy":
		if _, err := ParsePolicy([]byte(v.Input)); err != nil {
			return verdictWanted{False, "form"}
		}
		return verdictWanted{Outcome: Genuine}
	}
	t.Fatalf("%s: kind %q", v.ID, v.Kind)
	return verdictWanted{}
}

func evilPath(id string) string { return filepath.Join("testdata", "evil", id+".json") }

// The vectors are made again from published words, so that who reads them can
// see how each was spoilt.
func TestEvilVectorsAreWhatIsMadeOfThem(t *testing.T) {
	made := map[string]bool{}
	for _, v := range slices.Concat(bundleVectors(t), logVectors(t), evidenceVectors(t), deliveryVectors(t), policyVectors(t)) {
		if made[v.ID] {
			t.Errorf("%s stands twice", v.ID)
		}
		made[v.ID] = true
		file := indented(t, v)
		if *update {
			if err := os.WriteFile(evilPath(v.ID), file, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if old, err := os.ReadFile(evilPath(v.ID)); err != nil || !bytes.Equal(old, file) {
			t.Errorf("%s has changed; if the format is to change, run the test with -update", v.ID)
		}
	}
	files, _ := filepath.Glob("testdata/evil/*.json")
	for _, file := range files {
		if !made[strings.TrimSuffix(filepath.Base(file), ".json")] {
			t.Errorf("%s is no vector's", file)
		}
	}
}

func indented(t testing.TB, v vector) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, must2(encodePlain(v))(t), "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), '\n')
}

func TestEvilVectorsAreJudgedAsTheySay(t *testing.T) {
	files, _ := filepath.Glob("testdata/evil/*.json")
	if len(files) < 100 {
		t.Errorf("%d vectors", len(files))
	}
	for _, file := range files {
		var v vector
		if err := json.Unmarshal(must2(os.ReadFile(file))(t), &v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if got := v.judged(t); got != v.Want {
			t.Errorf("%s (%s): %+v, want %+v", v.ID, v.About, got, v.Want)
		}
	}
}

// Nothing of a bundle can be changed unseen, but the copy of the policy, which
// nobody may trust.
func TestABundleWithAFlippedBitIsNeverGenuine(t *testing.T) {
	w := newWorld(t)
	good, policy := w.bundle(w.parts()), must2(ParsePolicy(w.policy))(t)
	from := bytes.Index(good, []byte(`,"policy":"`)) + len(`,"policy":"`)
	to := from + bytes.IndexByte(good[from:], '"')
	for i := 0; i < len(good); i += 3 {
		if i >= from && i < to {
			continue
		}
		evil := bytes.Clone(good)
		evil[i] ^= 1 << (i / 3 % 8)
		if b, err := ParseBundle(evil); err == nil && VerifyBundle(b, policy).Outcome == Genuine {
			t.Fatalf("byte %d flipped, and it is genuine: …%s…", i, evil[max(0, i-20):min(len(evil), i+20)])
		}
	}
}

func FuzzParseBundle(f *testing.F) {
	w := newWorld(f)
	f.Add(w.bundle(w.parts()))
	f.Add(w.bundle(w.withoutEvidence()))
	policy := must2(ParsePolicy(w.policy))(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ParseBundle(data)
		if err != nil {
			return
		}
		VerifyBundle(b, policy) // must end, whatever it holds
		if again, err := encodePlain(b); err != nil || !bytes.Equal(again, data) {
			t.Errorf("accepted %q, writes back %q: %v", data, again, err)
		}
	})
}

func FuzzDecodeOpening(f *testing.F) {
	w := newWorld(f)
	for _, o := range w.openings {
		f.Add(must2(EncodeOpening(o))(f))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := DecodeOpening(data)
		if err != nil {
			return
		}
		if again, err := EncodeOpening(o); err != nil || !bytes.Equal(again, data) {
			t.Errorf("accepted %q, writes back %q: %v", data, again, err)
		}
	})
}
