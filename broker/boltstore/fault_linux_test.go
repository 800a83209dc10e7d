package boltstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"accord/broker/storetest"
)

// A failingDisk is under the bbolt file only. Breaking it puts a device in the
// file's place, at any moment of a commit:
//
//	/dev/full   writes answer ENOSPC, fsyncs EINVAL
//	/dev/null   writes vanish and say they did not, fsyncs EINVAL
//
// Mending it puts the file back: a store that goes on after its first failure
// would then seem to work.
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

func (d *failingDisk) breakWith(device string) {
	d.t.Helper()
	f, err := os.OpenFile(device, os.O_RDWR, 0)
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

// TestADiskThatFailsStopsTheStoreForGood breaks the disk under 16 writers at a
// random moment, mends it, and holds what was acknowledged, before and after,
// against what the file has at the next start.
func TestADiskThatFailsStopsTheStoreForGood(t *testing.T) {
	rounds := 8
	if long() {
		rounds = 200
	}
	cfg := newConfig(t, time.Now)
	var lines []string
	var stops int
	for n := range rounds {
		device := []string{"/dev/full", "/dev/null"}[n%2]
		told, err := workAndBreak(t, cfg, fmt.Sprintf("%04d", n), device)
		lines = append(lines, told...)
		if err != nil {
			t.Fatalf("round %d, %s: %v", n, device, err)
		}
		stops++
	}
	c := storetest.Check(t, mustOpen(t, cfg), origin, cfg.Verifier, lines)
	t.Logf("%d failing disks, %d stores stopped, %d commands refused, %s", rounds, stops, c.Refused, c)
	if c.Acknowledged < 20*rounds || c.Refused < rounds {
		t.Errorf("%d acts acknowledged and %d refused in %d rounds: the test shows nothing", c.Acknowledged, c.Refused, rounds)
	}
}

// workAndBreak returns what was told, and what the store answered that a
// stopped one must not.
func workAndBreak(t *testing.T, cfg Config, run, device string) (told []string, err error) {
	t.Helper()
	d := &failingDisk{t: t}
	cfg.OpenFile = d.open
	s := mustOpen(t, cfg)
	waiting, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	work := startWork(t, s, run)
	err = work.await(waiting, "done ", 20) // however slow the machine is today
	time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
	d.breakWith(device)
	err = errors.Join(err, storetest.Stopped(waiting, s), work.await(waiting, "error ", 1))
	d.mend()
	time.Sleep(20 * time.Millisecond) // a store that goes on does so now
	err = errors.Join(err, storetest.Stopped(waiting, s))
	told = work.end()
	_ = s.Close() // it says that it could not write
	return told, errors.Join(err, syscall.Close(d.spare))
}

// running is storetest.Work in this process.
type running struct {
	cancel context.CancelFunc
	ended  chan struct{}
	mu     sync.Mutex
	told   []string
}

func startWork(t *testing.T, s *Store, run string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(r.ended)
		storetest.Work(ctx, s, run, func(line string) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.told = append(r.told, line)
		})
	}()
	return r
}

// await waits until n lines that begin so were told.
func (r *running) await(ctx context.Context, begin string, n int) error {
	for r.count(begin) < n {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("%d lines %q told, not %d: %w", r.count(begin), begin, n, err)
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

func (r *running) count(begin string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.told {
		if strings.HasPrefix(line, begin) {
			n++
		}
	}
	return n
}

// end returns what was told, once nobody works any more.
func (r *running) end() []string {
	r.cancel()
	<-r.ended
	return r.told
}
