package keyring

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// epochs are the keys that wrap the store's own, one a month; destroying one
// (and its backups) erases what it wrapped.
type epochs struct {
	dir string

	mu   sync.Mutex // guards keys, written by load only
	keys map[string][32]byte
}

// Epoch gives the epoch of a time: its id ("2026-11", UTC) and key. The first
// call of a month makes the key: file and folder are fsynced before it
// returns, because a wrap under a key that a power cut loses is data lost. It
// makes none for a month before the newest: that key was erased on purpose, or
// the clock runs behind.
func (r *Ring) Epoch(at time.Time) (id string, key [32]byte, err error) {
	id = at.UTC().Format("2006-01")
	key, err = r.epochs.load(id)
	if !errors.Is(err, fs.ErrNotExist) {
		return id, key, err
	}
	if err := r.epochs.create(id); err != nil {
		return id, [32]byte{}, err
	}
	key, err = r.epochs.load(id)
	return id, key, err
}

// EpochKey gives the key of an epoch that exists; the error wraps
// fs.ErrNotExist when it was erased or never made.
func (r *Ring) EpochKey(id string) ([32]byte, error) { return r.epochs.load(id) }

func (e *epochs) load(id string) ([32]byte, error) {
	if _, err := time.Parse("2006-01", id); err != nil {
		return [32]byte{}, fmt.Errorf("opening epoch key: %q is no month", id)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if key, ok := e.keys[id]; ok {
		return key, nil
	}
	key, err := readHexKey(e.path(id))
	if err == nil {
		e.keys[id] = key
	}
	return key, err
}

// create makes the key file; another process having just made it is fine.
func (e *epochs) create(id string) error {
	newest, err := e.newest()
	if err != nil {
		return err
	}
	if id < newest {
		return fmt.Errorf("making epoch key %s: a later one, %s, exists: is the clock right?", id, newest)
	}
	if err := writeHexKey(e.path(id)); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func (e *epochs) newest() (string, error) {
	files, err := os.ReadDir(e.dir)
	if err != nil {
		return "", fmt.Errorf("listing epoch keys: %w", err)
	}
	newest := ""
	for _, f := range files {
		if id, ok := strings.CutSuffix(f.Name(), ".key"); ok && id > newest {
			newest = id
		}
	}
	return newest, nil
}

func (e *epochs) path(id string) string { return filepath.Join(e.dir, id+".key") }

func readHexKey(path string) (key [32]byte, err error) {
	text, err := readSecret(path)
	if err != nil {
		return key, err
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(raw) != len(key) {
		return key, fmt.Errorf("opening key %s: not 32 bytes in hexadecimal", path)
	}
	return [32]byte(raw), nil
}

func writeHexKey(path string) error {
	var key [32]byte
	rand.Read(key[:])
	return writeNew(path, []byte(hex.EncodeToString(key[:])+"\n"), secretMode)
}
