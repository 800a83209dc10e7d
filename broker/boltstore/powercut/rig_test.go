package powercut

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"

	"accord/broker/boltstore"
	"accord/broker/storetest"
)

func long() bool { return os.Getenv("ACCORD_LONG") == "1" }

// times is a count of the long or the short form.
func times(short, full int) int {
	if long() {
		return full
	}
	return short
}

// A rig is one store's folder, which a disk shows at a mount point to workers.
type rig struct {
	t               *testing.T
	keys, dir, show string
	lines           []string // told by all workers so far
	runs            int
}

// newRig skips where nobody may mount; ACCORD_REQUIRE_FUSE=1 makes that fail.
func newRig(t *testing.T) *rig {
	t.Helper()
	if _, err := os.Stat("/dev/fuse"); err != nil {
		none(t, err)
	}
	r := &rig{t: t, keys: t.TempDir(), dir: t.TempDir(), show: t.TempDir()}
	private, public, err := note.GenerateKey(nil, origin)
	must(t, errors.Join(err, os.WriteFile(filepath.Join(r.keys, "signer"), []byte(private), 0o600),
		os.WriteFile(filepath.Join(r.keys, "verifier"), []byte(public), 0o600)))
	return r
}

func none(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("ACCORD_REQUIRE_FUSE") == "1" {
		t.Fatal("FUSE is asked for and not to be had:", err)
	}
	t.Skip("NO POWER CUT WAS TRIED: this machine lets nobody mount a FUSE file system:", err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A process of the test.
type process struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func (r *rig) start(env ...string) process {
	r.t.Helper()
	p := process{Cmd: exec.Command(os.Args[0])}
	p.Env = append(os.Environ(), env...)
	p.Stderr = os.Stderr
	in, err := p.StdinPipe()
	must(r.t, err)
	out, err := p.StdoutPipe()
	must(r.t, err)
	must(r.t, p.Start())
	p.in, p.out = in, bufio.NewReader(out)
	return p
}

// An end says when the power is cut and what of the unsynced pages is kept.
type end struct {
	after time.Duration
	keep  float64
}

func anEnd(n int) end {
	return end{after: time.Duration(5+rand.IntN(300)) * time.Millisecond, keep: []float64{0, 0.5, 0.9}[n%3]}
}

// run lets a worker work on a disk until the power is cut, and returns what it
// told.
func (r *rig) run(p Plan, e end, env ...string) (told []string) {
	r.t.Helper()
	disk := r.start(asDisk + "=" + r.dir)
	orders := json.NewEncoder(disk.in)
	must(r.t, orders.Encode(order{Mount: r.show, Plan: p}))
	if line, err := disk.out.ReadString('\n'); line != "mounted\n" {
		_ = disk.Wait()
		if strings.Contains(line, "not permitted") {
			none(r.t, errors.New(line))
		}
		r.t.Fatal(line, err)
	}
	defer func() { _ = syscall.Unmount(r.show, syscall.MNT_DETACH) }()
	worker := r.start(append(env, asWork+"="+r.show, keysIn+"="+r.keys, fmt.Sprintf("%s=%04d", runNo, r.runs))...)
	r.runs++
	time.Sleep(e.after)
	must(r.t, orders.Encode(order{Keep: e.keep, Seed: rand.Uint64()}))
	if line, err := disk.out.ReadString('\n'); line != "cut\n" {
		r.t.Fatal("disk: ", line, err)
	}
	time.Sleep(5 * time.Millisecond) // what was synced before is still told
	_ = worker.Process.Kill()
	must(r.t, errors.Join(disk.in.Close(), disk.Wait())) // lets go of who waits for the disk
	out, err := io.ReadAll(worker.out)
	must(r.t, err)
	_ = worker.Wait() // killed
	lines := strings.Split(string(out), "\n")
	told = lines[:len(lines)-1] // the last one may be cut
	r.lines = append(r.lines, told...)
	return told
}

// examine opens what the cut left, as the next start would.
func (r *rig) examine() (c storetest.Counts, err error) {
	r.t.Helper()
	cfg, err := config(r.keys, r.dir)
	must(r.t, err)
	if err := checkPages(cfg.Path); err != nil {
		return c, err
	}
	s, err := boltstore.Open(cfg)
	if err != nil {
		return c, err
	}
	known := slices.DeleteFunc(slices.Clone(r.lines), func(l string) bool { return strings.HasPrefix(l, "stopped") })
	c, err = storetest.Examine(r.t.Context(), s, origin, cfg.Verifier, known)
	return c, errors.Join(err, s.Close())
}

// checkPages is bbolt's own check of its pages and free list.
func checkPages(path string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("checking pages: %v", p)
		}
	}()
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil // the power went before the store was made
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	err = db.View(func(tx *bbolt.Tx) error {
		var all []error
		for err := range tx.Check() {
			all = append(all, err)
		}
		return errors.Join(all...)
	})
	return errors.Join(err, db.Close())
}
