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
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
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

// An end says when the power is cut, and what of the unsynced pages is kept.
type end struct {
	once  []string // the clock starts once the worker tells a line of one of these beginnings; at once without
	after time.Duration
	keep  float64
}

// anEnd is soon after the store works, or, of every fourth run, at any time from
// the start of the process on.
func anEnd(n int) end {
	e := end{once: []string{"begin"}, after: upTo(300), keep: []float64{0, 0.5, 0.9}[n%3]}
	if n%4 == 0 {
		e.once = nil
	}
	return e
}

func upTo(milliseconds int) time.Duration {
	return time.Duration(5+rand.IntN(milliseconds)) * time.Millisecond
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
	heard := listen(worker.out, e.once)
	select {
	case <-heard.started:
	case <-time.After(patience):
	}
	time.Sleep(e.after)
	must(r.t, orders.Encode(order{Keep: e.keep, Seed: rand.Uint64()}))
	if line, err := disk.out.ReadString('\n'); line != "cut\n" {
		r.t.Fatal("disk: ", line, err)
	}
	time.Sleep(5 * time.Millisecond) // what was synced before is still told
	_ = worker.Process.Kill()
	must(r.t, errors.Join(disk.in.Close(), disk.Wait())) // lets go of who waits for the disk
	<-heard.ended
	_ = worker.Wait() // killed
	r.lines = append(r.lines, heard.lines...)
	return heard.lines
}
