package boltstore

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// ErrGuard is returned by Open when the store does not continue the log whose
// last checkpoint the guard file holds: it is older (a restored backup) or
// another history (a fork). Signing on would show two histories under one name.
var ErrGuard = errors.New("store does not continue the guarded log; to go on from it as a new log run: accord restore --new-log")

// ErrLocked is returned by Open when another process holds the file.
var ErrLocked = errors.New("store is open in another process")

// ErrNewer is returned by Open when a newer Accord wrote the file.
var ErrNewer = errors.New("store was written by a newer accord: run that one, or restore a backup made before the upgrade")

// ErrDamaged is returned by Open and by queries when stored bytes are not
// those that were written.
var ErrDamaged = errors.New("store is damaged")

// Epochs gives the month keys that wrap the key of every sealed row. They lie
// in the keys folder, never in the data folder. Both methods must be quick:
// the sequencer calls them.
type Epochs interface {
	// Epoch returns the key of the month of at, made durable before it returns.
	Epoch(at time.Time) (id string, key [32]byte, err error)
	// EpochKey returns the key of an earlier month, or an error once erased.
	EpochKey(id string) ([32]byte, error)
}

// Config says where a store lies and with what it signs and seals.
type Config struct {
	Path     string        // the bbolt file; made when missing
	Guard    string        // the guard file, outside the data folder
	Origin   string        // "<host>/log/<n>"; n ≥ 1 numbers the log within the file
	Signer   note.Signer   // signs checkpoints; its name is Origin
	Verifier note.Verifier // of Signer
	Epochs   Epochs

	Now           func() time.Time // optional: time.Now
	Log           *slog.Logger     // optional: silent
	Queue         int              // optional: jobs waiting before ErrOverloaded, 1,024
	GuardInterval time.Duration    // optional: at most one guard write in it, 1 s

	// Observe is told of each durable commit by the sequencer, which waits for
	// it: it must be quick. Optional.
	Observe func(Commit)

	// OpenFile replaces os.OpenFile for the bbolt file, so that a test can make
	// the disk fail. Optional.
	OpenFile func(name string, flag int, perm os.FileMode) (*os.File, error)
}

func (c Config) complete() (Config, error) {
	if c.Path == "" || c.Guard == "" || c.Signer == nil || c.Verifier == nil || c.Epochs == nil {
		return c, errors.New("path, guard, signer, verifier and epochs are all needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Queue <= 0 {
		c.Queue = 1024
	}
	if c.GuardInterval <= 0 {
		c.GuardInterval = time.Second
	}
	return c, nil
}

// logNumber is the n of "<host>/log/<n>".
func logNumber(origin string) (uint32, error) {
	i := strings.LastIndex(origin, "/log/")
	if i < 0 {
		return 0, fmt.Errorf("log origin %q does not end in /log/<n>", origin)
	}
	n, err := strconv.ParseUint(origin[i+len("/log/"):], 10, 32)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("log origin %q does not end in /log/<n>", origin)
	}
	return uint32(n), nil
}
