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

// epochs are the keys that wrap the store's own: one a month, and a further
// generation of a month for each erasure in it. Destroying one (and its
// backups) erases what it wrapped.
//
//	2026-10 ─ 2026-11 ─ 2026-11.2 ─ 2026-11.3 (newest: what Epoch gives)
type epochs struct {
	dir string

	mu   sync.Mutex // guards keys and last
	keys map[string][32]byte
	last epochID // of the month Epoch was last asked for, its newest
}

// Epoch gives the epoch of a time: its id, the month ("2026-11", UTC) or its
// newest generation ("2026-11.2"), and key. The first call of a month makes the
// key: file and folder are fsynced before it returns, because a wrap under a
// key that a power cut loses is data lost. It makes none for a month before the
// newest: that key was erased on purpose, or the clock runs behind.
func (r *Ring) Epoch(at time.Time) (id string, key [32]byte, err error) {
	month := at.UTC().Format(monthLayout)
	last, err := r.epochs.lastOf(month)
	if err != nil {
		return month, key, err
	}
	id = last.String()
	key, err = r.epochs.load(id)
	return id, key, err
}

// EpochKey gives the key of an epoch that exists; the error wraps
// fs.ErrNotExist when it was erased or never made.
func (r *Ring) EpochKey(id string) ([32]byte, error) { return r.epochs.load(id) }

// NextEpoch makes the next generation of the newest month, file and folder
// fsynced, and answers its id: what Epoch gives from now on in this month. Only
// the process that holds the store may call it: another would go on wrapping
// under the generation before.
func (r *Ring) NextEpoch() (id string, err error) {
	e := &r.epochs
	e.mu.Lock()
	defer e.mu.Unlock()
	newest, err := e.newest("")
	if err != nil {
		return "", err
	}
	if newest.month == "" {
		return "", fmt.Errorf("making the next epoch key: there is none yet: %w", fs.ErrNotExist)
	}
	next := epochID{newest.month, newest.generation + 1}
	if err := writeHexKey(e.path(next.String())); err != nil {
		return "", err
	}
	if e.last.month == next.month {
		e.last = next
	}
	return next.String(), nil
}

func (e *epochs) load(id string) ([32]byte, error) {
	if _, err := parseEpochID(id); err != nil {
		return [32]byte{}, fmt.Errorf("opening epoch key: %w", err)
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

// lastOf is the newest generation of a month, made when the month has none.
// The folder is read once a month, not at each event.
func (e *epochs) lastOf(month string) (epochID, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.last.month == month {
		return e.last, nil
	}
	last, err := e.newest(month)
	if err == nil && last.month == "" {
		last = epochID{month, 1}
		err = e.create(last)
	}
	if err == nil {
		e.last = last
	}
	return last, err
}

// create makes the key file; another process having just made it is fine.
func (e *epochs) create(id epochID) error {
	newest, err := e.newest("")
	if err != nil {
		return err
	}
	if id.before(newest) {
		return fmt.Errorf("making epoch key %s: a later one, %s, exists: is the clock right?", id, newest)
	}
	if err := writeHexKey(e.path(id.String())); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// newest is the newest epoch of a month, or of all with "": zero when there is
// none.
func (e *epochs) newest(month string) (newest epochID, err error) {
	files, err := os.ReadDir(e.dir)
	if err != nil {
		return newest, fmt.Errorf("listing epoch keys: %w", err)
	}
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), ".key")
		if !ok {
			continue
		}
		id, err := parseEpochID(name)
		if err == nil && (month == "" || id.month == month) && newest.before(id) {
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
