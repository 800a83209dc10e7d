package boltstore

import (
	"context"
	"errors"
	"syscall"
	"testing"
	"time"

	"accord/broker/storetest"
)

// TestAFullDiskStopsTheStoreAndLosesNothing fills a small file system that
// holds store and guard, then makes it larger and starts again.
func TestAFullDiskStopsTheStoreAndLosesNothing(t *testing.T) {
	dir := childFolder(t)
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skip("NO DISK WAS FILLED: this user may not mount a small one: ", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	cfg := newConfig(t, time.Now)
	cfg.Path, cfg.Guard = dir+"/accord.db", dir+"/guard"
	s := mustOpen(t, cfg)
	told, err := workUntilFull(t, s)
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close() // it says that it could not write
	if err := syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	c := storetest.Check(t, mustOpen(t, cfg), origin, cfg.Verifier, told)
	t.Logf("one disk of 2 MiB filled, %d commands refused, %s", c.Refused, c)
	if c.Acknowledged < 20 || c.Refused == 0 {
		t.Error("the test shows nothing")
	}
}

func workUntilFull(t *testing.T, s *Store) (told []string, err error) {
	t.Helper()
	work := startWork(t, s, "full")
	waiting, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	err = storetest.Stopped(waiting, s)
	if s.failed.Load() != nil && !errors.Is(*s.failed.Load(), syscall.ENOSPC) {
		t.Errorf("stopped by %v", *s.failed.Load())
	}
	time.Sleep(20 * time.Millisecond) // a store that goes on does so now
	return work.end(), err
}
