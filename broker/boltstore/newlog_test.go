package boltstore

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"os"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

func nextLog(t *testing.T) NextLog {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, "accord.example/log/2")
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
	return NextLog{Origin: "accord.example/log/2", Signer: signer, Verifier: verifier}
}

func (n NextLog) of(c Config) Config {
	c.Origin, c.Signer, c.Verifier = n.Origin, n.Signer, n.Verifier
	return c
}

// firstEvent is what the new log begins with, and the checkpoint it carries.
func firstEvent(t *testing.T, c, old Config) (audit.Event, ledger.Checkpoint) {
	t.Helper()
	s, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // only read
	entries, err := s.Entries(t.Context(), 0, 1)
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	ev, _, err := audit.Decode(entries[0].Event)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := base64.RawURLEncoding.DecodeString(ev.Checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	last, err := ledger.OpenCheckpoint(signed, old.Origin, old.Verifier)
	if err != nil {
		t.Fatal(err)
	}
	return ev, last
}

// Whatever step a run of -new-log was cut at, the old configuration serves
// nothing and the same command mends it.
func TestANewLogThatWasCutShortServesNothingAndIsRunAgain(t *testing.T) {
	c, next := newConfig(t, time.Now), nextLog(t)
	announced(t, c, "one")
	old := copied(t, c)
	announced(t, c, "two", "three")
	lost, err := os.ReadFile(c.Path)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second as if the keyring had not been told
		if _, err := RestoreAsNewLog(t.Context(), c, next, old); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(c); !errors.Is(err, ErrGuard) {
			t.Fatalf("the old log can go on: %v", err)
		}
	}
	// As if the guard had been replaced, and not yet the store.
	if err := os.WriteFile(c.Path, lost, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(c); !errors.Is(err, ErrGuard) {
		t.Fatalf("the old log can go on under the new guard: %v", err)
	}
	if _, err := Open(next.of(c)); !errors.Is(err, ErrGuard) {
		t.Fatalf("the old store opens as the new log: %v", err)
	}
	if _, err := RestoreAsNewLog(t.Context(), c, next, old); err != nil {
		t.Fatal(err)
	}
	if ev, last := firstEvent(t, next.of(c), c); *ev.Restored != 2 || last.Size != 4 {
		t.Errorf("restored %d, the guard knew %d", *ev.Restored, last.Size)
	}
}

func TestWithoutAGuardTheNewLogSaysWhatTheCopyKnew(t *testing.T) {
	c, next := newConfig(t, time.Now), nextLog(t)
	announced(t, c, "one")
	old := copied(t, c)
	if err := os.Remove(c.Guard); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), c, old); !errors.Is(err, ErrGuard) {
		t.Errorf("restored without a guard: %v", err)
	}
	if _, err := RestoreAsNewLog(t.Context(), c, next, old); err != nil {
		t.Fatal(err)
	}
	if ev, last := firstEvent(t, next.of(c), c); *ev.Restored != 2 || last.Size != 2 {
		t.Errorf("restored %d, the copy knew %d", *ev.Restored, last.Size)
	}
}

func TestAForeignGuardIsNotTakenForALostOne(t *testing.T) {
	c, next := newConfig(t, time.Now), nextLog(t)
	announced(t, c, "one")
	old := copied(t, c)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.Guard, key, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := RestoreAsNewLog(t.Context(), c, next, old); !errors.Is(err, ErrGuard) {
		t.Errorf("went on: %v", err)
	}
}

func TestASuspensionIsCarriedIntoANewLog(t *testing.T) {
	c, next := newConfig(t, time.Now), nextLog(t)
	approval := store.Public{
		Kind: audit.ApprovalChanged, ID: "canteen", Digest: "d",
		Approval: &store.ApprovalState{ID: "canteen", Digest: "d", InForce: true},
	}
	s, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	made, err := store.Suspension{}, s.Announce(t.Context(), []store.Public{approval})
	if err == nil {
		made, err = s.SuspendApproval(t.Context(), "canteen", "security")
	}
	if err = errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	old := copied(t, c)
	announced(t, c, "lost")
	if _, err := RestoreAsNewLog(t.Context(), c, next, old); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(next.of(c)); err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // a test's
	if err := s.Announce(t.Context(), []store.Public{approval}); err != nil {
		t.Fatal(err)
	}
	all, err := s.Approvals(t.Context())
	if err != nil || len(all) != 1 || all[0].State.InForce || all[0].Reason != "suspended:security" || all[0].Suspended.Position != made.Position {
		t.Errorf("the new log says %+v, %v", all, err)
	}
	approval.Approval.Resumes = made.Position
	if err := s.Announce(t.Context(), []store.Public{approval}); err != nil {
		t.Fatal(err)
	}
	if all, err = s.Approvals(t.Context()); err != nil || !all[0].State.InForce {
		t.Errorf("resumed, it says %+v, %v", all, err)
	}
}
