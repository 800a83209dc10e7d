package boltstore

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/broker/store"
	"accord/broker/storetest"
)

const origin = "accord.example/log/1"

func TestStore(t *testing.T) {
	storetest.Run(t, func(t testing.TB, now func() time.Time) storetest.Place { return newPlace(t, now) })
}

// A place is a data folder, a guard beside it, and keys.
type testPlace struct {
	cfg Config
}

// testEpochs keeps month keys in memory.
type testEpochs struct{ secret [32]byte }

func (e testEpochs) Epoch(at time.Time) (string, [32]byte, error) {
	id := at.Format("2006-01")
	key, err := e.EpochKey(id)
	return id, key, err
}

func (e testEpochs) EpochKey(id string) ([32]byte, error) {
	if len(id) != len("2006-01") {
		return [32]byte{}, errors.New("no such epoch")
	}
	return sha256.Sum256(append(e.secret[:], id...)), nil
}

func newConfig(t testing.TB, now func() time.Time) Config {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, origin)
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
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "data"), 0o700), os.Mkdir(filepath.Join(dir, "guard"), 0o700)); err != nil {
		t.Fatal(err)
	}
	return Config{
		Path: filepath.Join(dir, "data", "accord.db"), Guard: filepath.Join(dir, "guard", "checkpoint"),
		Origin: origin, Signer: signer, Verifier: verifier, Epochs: testEpochs{sha256.Sum256([]byte(dir))},
		Now: now, GuardInterval: time.Millisecond,
	}
}

func newPlace(t testing.TB, now func() time.Time) *testPlace {
	return &testPlace{cfg: newConfig(t, now)}
}

func (p *testPlace) Open() (store.Store, error) {
	s, err := Open(p.cfg)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (p *testPlace) Kill(s store.Store)      { s.(*Store).kill() }
func (p *testPlace) Origin() string          { return origin }
func (p *testPlace) Verifier() note.Verifier { return p.cfg.Verifier }

// kill releases the file and does nothing else of what Close does.
func (s *Store) kill() {
	dead := errors.New("killed")
	s.fail(dead)
	_ = s.Close()
}
