package keyring

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// DestroyEpoch overwrites and removes the key of an epoch, durably: whatever is
// still wrapped under it can be opened by nobody. It refuses the newest one.
// The error wraps fs.ErrNotExist when there is no such key; a call cut short
// may be repeated. Copies in backups of the keys are the operator's to delete.
func (r *Ring) DestroyEpoch(id string) error {
	if _, err := parseEpochID(id); err != nil {
		return fmt.Errorf("destroying epoch key: %w", err)
	}
	e := &r.epochs
	e.mu.Lock()
	defer e.mu.Unlock()
	newest, err := e.newest("")
	if err != nil {
		return err
	}
	if id == newest.String() {
		return fmt.Errorf("destroying epoch key %s: it is the newest, make the next one first", id)
	}
	delete(e.keys, id)
	if e.last.String() == id {
		e.last = epochID{}
	}
	if err := destroy(e.path(id)); err != nil {
		return fmt.Errorf("destroying epoch key %s: %w", id, err)
	}
	return nil
}

// destroy overwrites a file before it removes it: its blocks may be read later.
func destroy(path string) error {
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.WriteAt(make([]byte, info.Size()), 0)
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}
