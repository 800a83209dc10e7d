package boltstore

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

func mustOpen(t testing.TB, cfg Config) *Store {
	t.Helper()
	s, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func mustClose(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func writeFile(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// grow logs n events.
func grow(t testing.TB, s *Store, n int) {
	t.Helper()
	things := make([]store.Public, n)
	for i := range things {
		things[i] = store.Public{Kind: audit.PolicyChanged, ID: rand.Text(), Digest: "d"}
	}
	if err := s.Announce(t.Context(), things); err != nil {
		t.Fatal(err)
	}
}

func refuses(t testing.TB, cfg Config, want error) {
	t.Helper()
	s, err := Open(cfg)
	if err == nil {
		_ = s.Close()
	}
	if !errors.Is(err, want) {
		t.Fatalf("opening: %v, want %v", err, want)
	}
}

func TestASecondProcessIsRefusedWithinASecond(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	began := time.Now()
	refuses(t, cfg, ErrLocked)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("refused after %v", took)
	}
	grow(t, s, 1)
	mustClose(t, s)
	mustOpen(t, cfg)
}

func TestTheFileHasLargePages(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	if size := s.db.Info().PageSize; size != 16384 {
		t.Errorf("pages of %d bytes", size)
	}
}

func TestAnUncleanStartIsKnown(t *testing.T) {
	now := time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)
	cfg := newConfig(t, func() time.Time { return now })
	s := mustOpen(t, cfg)
	wantUnclean(t, s, time.Time{}) // a new store
	mustClose(t, s)
	s = mustOpen(t, cfg)
	wantUnclean(t, s, time.Time{})
	s.kill()
	s = mustOpen(t, cfg)
	wantUnclean(t, s, now)
	mustClose(t, s)
	s = mustOpen(t, cfg)
	wantUnclean(t, s, time.Time{})
	if _, err := os.Stat(temporaryPath(cfg.Path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("temporary values still lie there: %v", err)
	}
	mustClose(t, s)

	old := readFile(t, temporaryPath(cfg.Path))
	writeFile(t, temporaryPath(cfg.Path), old[:len(old)-1])
	s = mustOpen(t, cfg)
	wantUnclean(t, s, now) // cut short
	grow(t, s, 1)
	mustClose(t, s)
	writeFile(t, temporaryPath(cfg.Path), old)
	s = mustOpen(t, cfg)
	wantUnclean(t, s, now) // of another moment
}

func wantUnclean(t *testing.T, s *Store, want time.Time) {
	t.Helper()
	if got := s.StartedUnclean(); !got.Equal(want) {
		t.Fatalf("started unclean: %v, want %v", got, want)
	}
}

func TestARestoredOlderCopyIsRefused(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	grow(t, s, 10)
	var backup bytes.Buffer
	if err := s.Backup(t.Context(), &backup); err != nil {
		t.Fatal(err)
	}
	grow(t, s, 1)
	mustClose(t, s)
	current, guard := readFile(t, cfg.Path), readFile(t, cfg.Guard)

	writeFile(t, cfg.Path, backup.Bytes())
	refuses(t, cfg, ErrGuard)

	fork := cfg // the same copy goes on elsewhere, with another history
	fork.Guard += "-fork"
	writeFile(t, fork.Guard, forkGuard(t, cfg, 1))
	s = mustOpen(t, fork)
	grow(t, s, 20)
	mustClose(t, s)
	refuses(t, cfg, ErrGuard)

	if err := os.Remove(cfg.Path); err != nil {
		t.Fatal(err)
	}
	refuses(t, cfg, ErrGuard) // an empty store is the oldest copy

	writeFile(t, cfg.Path, current)
	writeFile(t, cfg.Guard, []byte("nonsense"))
	refuses(t, cfg, ErrGuard)
	if err := os.Remove(cfg.Guard); err != nil {
		t.Fatal(err)
	}
	refuses(t, cfg, ErrGuard)
	writeFile(t, cfg.Guard, guard)
	mustOpen(t, cfg)
}

// forkGuard is the guard as it stood when the log had size leaves.
func forkGuard(t *testing.T, cfg Config, size int64) []byte {
	t.Helper()
	db, err := bbolt.Open(cfg.Path, 0o600, cfg.options())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tree := ledger.NewTree()
	err = db.View(func(tx *bbolt.Tx) error {
		key := placeOf(1, 0)
		bundle, err := getRow(tx, entryBucket, key[:])
		if err != nil {
			return err
		}
		leaves, err := ledger.ParseEntryBundle(bundle)
		if err != nil {
			return err
		}
		for _, l := range leaves[:size] {
			tree.Append(l.Hash())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := ledger.SignCheckpoint(ledger.Checkpoint{Origin: origin, Size: size, Root: tree.Root()}, cfg.Signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestNoCheckpointIsLargerThanTheGuard(t *testing.T) {
	cfg := newConfig(t, time.Now)
	cfg.GuardInterval = time.Hour
	s := mustOpen(t, cfg) // writes the guard once
	grow(t, s, 5)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := s.Checkpoint(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("checkpoint beyond the guard: %v", err)
	}
	if size := guardSize(t, cfg); size != 1 {
		t.Errorf("guard of %d leaves within its interval", size)
	}
	mustClose(t, s)
	if size := guardSize(t, cfg); size != 6 {
		t.Errorf("guard of %d leaves after a clean close", size)
	}
}

func guardSize(t *testing.T, cfg Config) int64 {
	t.Helper()
	c, err := ledger.OpenCheckpoint(readFile(t, cfg.Guard), origin, cfg.Verifier)
	if err != nil {
		t.Fatal(err)
	}
	return c.Size
}

func TestAFailingGuardStopsTheStore(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	if err := os.Mkdir(cfg.Guard+".tmp", 0o700); err != nil { // the next write of it fails, as root too
		t.Fatal(err)
	}
	grow(t, s, 1)
	if _, err := s.Checkpoint(t.Context()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("checkpoint: %v", err)
	}
	err := s.Announce(t.Context(), []store.Public{{Kind: audit.PolicyChanged, ID: "x", Digest: "d"}})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("announcing: %v", err)
	}
}

func TestTheFirstFailedCommitStopsTheStore(t *testing.T) {
	var file *os.File
	cfg := newConfig(t, time.Now)
	cfg.OpenFile = func(name string, flag int, perm os.FileMode) (f *os.File, err error) {
		f, err = os.OpenFile(name, flag, perm)
		file = f
		return f, err
	}
	s := mustOpen(t, cfg)
	grow(t, s, 1)
	size := s.Health(t.Context()).Size
	if err := file.Close(); err != nil { // from here on every write and fsync fails
		t.Fatal(err)
	}
	for range 2 {
		err := s.Announce(t.Context(), []store.Public{{Kind: audit.PolicyChanged, ID: "x", Digest: "d"}})
		if !errors.Is(err, store.ErrUnavailable) {
			t.Fatalf("announcing: %v", err)
		}
	}
	if _, err := s.Entries(t.Context(), 0, 1); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("reading: %v", err)
	}
	if h := s.Health(t.Context()); h.Writable || h.Size != size {
		t.Errorf("health is %+v", h)
	}
	_ = s.Close()
	cfg.OpenFile = nil
	s = mustOpen(t, cfg)
	if got := s.Health(t.Context()).Size; got != size {
		t.Errorf("store of %d leaves after the failure, %d before", got, size)
	}
}

func TestAFullQueueIsRefused(t *testing.T) {
	cfg := newConfig(t, time.Now)
	cfg.Queue = 3
	s := mustOpen(t, cfg)
	holding, release := make(chan struct{}), make(chan struct{})
	go func() {
		_ = s.do(t.Context(), "holding", func(*batch) error { close(holding); <-release; return nil })
	}()
	<-holding
	var overloaded int
	for range 10 {
		if err := s.AnswerSource(store.AnswerCmd{}); errors.Is(err, store.ErrOverloaded) {
			overloaded++
		}
	}
	if h := s.Health(t.Context()); overloaded != 7 || h.Queue != 3 {
		t.Errorf("%d refused, %d queued", overloaded, h.Queue)
	}
	close(release)
}

func TestAJobWhoseCallerLeftWritesNothing(t *testing.T) {
	s := mustOpen(t, newConfig(t, time.Now))
	ctx, cancel := context.WithCancel(t.Context())
	holding, release := make(chan struct{}), make(chan struct{})
	go func() {
		_ = s.do(t.Context(), "holding", func(*batch) error { close(holding); <-release; return nil })
	}()
	<-holding
	done := make(chan error)
	go func() { done <- s.Announce(ctx, []store.Public{{Kind: audit.PolicyChanged, ID: "x", Digest: "d"}}) }()
	for s.Health(t.Context()).Queue == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	close(release)
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("announcing: %v", err)
	}
	if size := s.Health(t.Context()).Size; size != 1 {
		t.Errorf("%d leaves", size)
	}
}

func TestABackupIsAStoreOfItsMoment(t *testing.T) {
	cfg := newConfig(t, time.Now)
	s := mustOpen(t, cfg)
	grow(t, s, 300)
	reader, writer := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- s.Backup(t.Context(), writer); _ = writer.Close() }()
	start := make([]byte, 100)
	if _, err := io.ReadFull(reader, start); err != nil {
		t.Fatal(err)
	}
	grow(t, s, 300) // a slow reader holds nobody up
	rest, err := io.ReadAll(reader)
	if err := errors.Join(err, <-done); err != nil {
		t.Fatal(err)
	}
	restored := newConfig(t, time.Now)
	restored.Signer, restored.Verifier, restored.Epochs = cfg.Signer, cfg.Verifier, cfg.Epochs
	writeFile(t, restored.Path, append(start, rest...))
	writeFile(t, restored.Guard, forkGuard(t, restored, 1))
	copied := mustOpen(t, restored)
	if size := copied.Health(t.Context()).Size; size != 301 {
		t.Errorf("backup of %d leaves", size)
	}
	if copied.StartedUnclean().IsZero() {
		t.Error("a backup is taken for a clean end")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("backup without a context: %v", err)
	}
}

func TestAnotherLogsFileIsRefused(t *testing.T) {
	cfg := newConfig(t, time.Now)
	mustClose(t, mustOpen(t, cfg))
	other := newConfig(t, time.Now)
	other.Path, other.Guard = cfg.Path, cfg.Guard
	refuses(t, other, ErrDamaged) // signed by another key
	cfg.Origin = "accord.example/1"
	if _, err := Open(cfg); err == nil {
		t.Error("an origin without number is accepted")
	}
}
