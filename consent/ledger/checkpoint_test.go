package ledger

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func newKey(t testing.TB, name string) (note.Signer, note.Verifier) {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

const testOrigin = "accord.example/log/1"

func TestSignedCheckpointOpens(t *testing.T) {
	signer, verifier := newKey(t, testOrigin)
	c := Checkpoint{Origin: testOrigin, Size: 7, Root: tlog.Hash{1, 2, 3}}
	signed, err := SignCheckpoint(c, signer)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenCheckpoint(signed, testOrigin, verifier); err != nil || got != c {
		t.Errorf("opened %v: %v", got, err)
	}
	other, _ := newKey(t, "witness.example/w1")
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		t.Fatal(err)
	}
	cosigned, err := note.Sign(opened, other)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenCheckpoint(cosigned, testOrigin, verifier); err != nil || got != c {
		t.Errorf("cosigned by a witness: %v: %v", got, err)
	}
}

func TestCheckpointWithAFlippedBitNeverOpens(t *testing.T) {
	e := readExample(t)
	verifier, err := note.NewVerifier(e.VerifierKey)
	if err != nil {
		t.Fatal(err)
	}
	// The witness's line after the log's is not judged here.
	logPart := strings.Index(e.Checkpoint, "— witness")
	for i := range logPart {
		for bit := range 8 {
			b := []byte(e.Checkpoint[:logPart])
			b[i] ^= 1 << bit
			if c, err := OpenCheckpoint(b, e.Origin, verifier); err == nil {
				t.Fatalf("bit %d of byte %d flipped: opened as %v", bit, i, c)
			}
		}
	}
}

func TestCheckpointOfAnotherLogOrKeyNeverOpens(t *testing.T) {
	signer, verifier := newKey(t, testOrigin)
	_, stranger := newKey(t, testOrigin)
	elsewhere, elsewhereVerifier := newKey(t, "accord.example/log/2")
	signed, err := SignCheckpoint(Checkpoint{Origin: testOrigin, Size: 1}, signer)
	if err != nil {
		t.Fatal(err)
	}
	moved, err := note.Sign(&note.Note{Text: Checkpoint{Origin: "accord.example/log/2"}.Body()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() (Checkpoint, error){
		"another key":            func() (Checkpoint, error) { return OpenCheckpoint(signed, testOrigin, stranger) },
		"another log's verifier": func() (Checkpoint, error) { return OpenCheckpoint(signed, testOrigin, elsewhereVerifier) },
		"another origin":         func() (Checkpoint, error) { return OpenCheckpoint(signed, "accord.example/log/2", elsewhereVerifier) },
		"body of another log":    func() (Checkpoint, error) { return OpenCheckpoint(moved, testOrigin, verifier) },
		"oversize": func() (Checkpoint, error) {
			return OpenCheckpoint([]byte(strings.Repeat("x", maxCheckpoint+1)), testOrigin, verifier)
		},
	} {
		if _, err := open(); !errors.Is(err, ErrCheckpoint) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := SignCheckpoint(Checkpoint{Origin: testOrigin}, elsewhere); err == nil {
		t.Error("signed with the key of another log")
	}
	bad := "accord.example/log#1"
	if _, err := SignCheckpoint(Checkpoint{Origin: bad}, signer); err == nil {
		t.Error("signed for an origin that cannot stand in a position")
	}
}

func TestCheckpointBodyHasOneSpelling(t *testing.T) {
	good := Checkpoint{Origin: testOrigin, Size: 7}.Body()
	lines := strings.Split(good, "\n")
	for name, text := range map[string]string{
		"extension":      good + "extension\n",
		"no end":         strings.TrimSuffix(good, "\n"),
		"leading zero":   lines[0] + "\n07\n" + lines[2] + "\n",
		"plus":           lines[0] + "\n+7\n" + lines[2] + "\n",
		"negative":       lines[0] + "\n-7\n" + lines[2] + "\n",
		"no origin":      "\n7\n" + lines[2] + "\n",
		"short root":     lines[0] + "\n7\n" + lines[2][:40] + "\n",
		"carriage":       lines[0] + "\r\n7\n" + lines[2] + "\n",
		"base64 trailer": lines[0] + "\n7\n" + lines[2][:42] + "B=\n",
	} {
		if c, err := ParseCheckpointBody(text); err == nil {
			t.Errorf("%s: accepted as %v", name, c)
		}
	}
}

func FuzzCheckpoint(f *testing.F) {
	f.Add(Checkpoint{Origin: testOrigin, Size: 7}.Body())
	f.Add(readExample(f).Checkpoint)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCheckpointBody(text)
		if err == nil && c.Body() != text {
			t.Errorf("%q accepted, writes back %q", text, c.Body())
		}
	})
}
