package broker_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"

	"accord/cmd/accord-demo/country"
)

// A failingDisk is under the store's file: full puts /dev/full in its place, on
// which every write answers ENOSPC, and mend puts the file back.
type failingDisk struct {
	t     *testing.T
	file  *os.File
	spare int // the file's own description, which keeps its lock
}

func (d *failingDisk) open(name string, flag int, perm os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	d.file = f
	d.spare, err = syscall.Dup(int(f.Fd()))
	return f, err
}

func (d *failingDisk) full() {
	d.t.Helper()
	f, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(syscall.Dup3(int(f.Fd()), int(d.file.Fd()), syscall.O_CLOEXEC), f.Close())
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *failingDisk) mend() {
	d.t.Helper()
	if err := syscall.Dup3(d.spare, int(d.file.Fd()), syscall.O_CLOEXEC); err != nil {
		d.t.Fatal(err)
	}
}

// startAt starts a country on four free ports in a row, so that it can be
// started again at the same addresses.
func startAt(t *testing.T, o country.Options) (*country.Country, country.Options) {
	t.Helper()
	var err error
	for range 20 {
		o.BasePort = 20_000 + 4*rand.IntN(2500)
		var c *country.Country
		if c, err = country.Start(t.Context(), o); err == nil {
			t.Cleanup(func() { _ = c.Close() })
			return c, o
		}
	}
	t.Fatal(err)
	return nil, o
}
