package serviceprovider

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// A list is the file of the release ids received, one a line, in the order in
// which they came. It is what reconciliation compares with Accord's log.
type list struct {
	path string
	mu   sync.Mutex // one writer at a time in this process
}

// add writes an id and returns when the disk has it.
func (l *list) add(id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, err := os.OpenFile(l.path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnlisted, err)
	}
	err = write(f, id)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnlisted, err)
	}
	return nil
}

// write appends a line, and makes a new file's name durable too.
func write(f *os.File, id string) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := mend(f, info.Size()); err != nil {
		return err
	}
	if _, err := f.WriteString(id + "\n"); err != nil {
		return err
	}
	if err := f.Sync(); err != nil || info.Size() > 0 {
		return err
	}
	return syncFolder(filepath.Dir(f.Name()))
}

const longestLine = 64 // bytes; a UUID has 36

// mend takes off a last line that a crash cut short: its data were never
// given, and half an id would look like a release that Accord hides.
func mend(f *os.File, size int64) error {
	if size == 0 {
		return nil
	}
	end := make([]byte, min(size, longestLine))
	if _, err := f.ReadAt(end, size-int64(len(end))); err != nil {
		return err
	}
	rest := len(end) - 1 - bytes.LastIndexByte(end, '\n') // bytes after the last whole line
	switch {
	case rest == 0:
		return nil
	case rest == longestLine:
		return errors.New("the file is no list of releases")
	}
	return f.Truncate(size - int64(rest))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
