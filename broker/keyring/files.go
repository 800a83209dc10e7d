package keyring

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File names of the keys folder.
const (
	receiptKeyFile  = "receipt.key.pem"
	receiptCertFile = "receipt.cert.pem"
	es256KeyFile    = "idtoken-es256.key.pem"
	rs256KeyFile    = "idtoken-rs256.key.pem"
	logKeyFile      = "log.key"
	citizenKeyFile  = "citizen.key"
	pairwiseKeyFile = "pairwise.key"
	historyFile     = "history.json"
	epochsFolder    = "epochs"
)

const (
	secretMode fs.FileMode = 0o400
	publicMode fs.FileMode = 0o444
	folderMode fs.FileMode = 0o700
	maxKeyFile             = 1 << 20 // bytes; a key is a few kB, history.json grows slowly
)

// ErrExposed is answered for a secret that group or others may read, or a
// folder in which they may put another one.
var ErrExposed = errors.New("open to group or others")

// readSecret reads a file only its owner may read.
func readSecret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, missing(path, err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("opening key %s: mode %#o: %w; run chmod 0400 on it and consider it known", path, mode, ErrExposed)
	}
	return readBounded(path, info)
}

func readPublic(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, missing(path, err)
	}
	return readBounded(path, info)
}

func readBounded(path string, info fs.FileInfo) ([]byte, error) {
	if !info.Mode().IsRegular() || info.Size() > maxKeyFile {
		return nil, fmt.Errorf("opening key %s: not a regular file of at most %d bytes", path, maxKeyFile)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("opening key %s: %w", path, err)
	}
	return data, nil
}

func missing(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("opening key %s: the file is missing; restore it from the backup of the keys, serve makes none: %w", path, err)
	}
	return fmt.Errorf("opening key %s: %w", path, err)
}

// checkFolder refuses a folder in which others could replace a key.
func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return missing(dir, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("opening keys %s: not a folder", dir)
	}
	if mode := info.Mode().Perm(); mode&0o022 != 0 {
		return fmt.Errorf("opening keys %s: mode %#o: %w; run chmod 0700 on it", dir, mode, ErrExposed)
	}
	return nil
}

// writeNew makes path appear whole and durable, or not at all; it never
// replaces a file (fs.ErrExist). A rename would silently replace a key made
// by another process between a check and the write; a link cannot.
func writeNew(path string, data []byte, mode fs.FileMode) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return fmt.Errorf("writing key %s: %w", path, err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // the name without a place, once linked or moved
	if err := fill(tmp, data, mode); err != nil {
		return fmt.Errorf("writing key %s: %w", path, err)
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		return fmt.Errorf("writing key %s: %w", path, err)
	}
	return syncFolder(dir)
}

func fill(f *os.File, data []byte, mode fs.FileMode) error {
	_, err := f.Write(data)
	return errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("syncing folder %s: %w", dir, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("syncing folder %s: %w", dir, err)
	}
	return nil
}
