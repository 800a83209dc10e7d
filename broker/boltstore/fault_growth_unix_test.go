//go:build unix

package boltstore

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"accord/broker/storetest"
)

// limitFiles makes every write of this process beyond size bytes of a file
// fail with EFBIG, half of a commit's pages perhaps: a full disk for whoever
// may not mount one.
func limitFiles(size string) error {
	if size == "" {
		return nil
	}
	n, err := strconv.ParseUint(size, 10, 64)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n})
}

func TestAFileThatMayNotGrowStopsTheStoreAndLosesNothing(t *testing.T) {
	rounds := 3
	if long() {
		rounds = 30
	}
	dir := childFolder(t)
	cfg, err := childConfig(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, cfg)
	grow(t, s, 1000) // the file now has room of its length, in holes
	mustClose(t, s)
	var lines []string
	for n := range rounds {
		size := usedBytes(t, cfg.Path) + int64(800+n%10*137)<<10 // beyond what is used, by odd amounts
		lines = append(lines, workUntilStopped(t, dir, n, size)...)
	}
	s = mustOpen(t, cfg)
	c := storetest.Check(t, s, origin, cfg.Verifier, lines)
	t.Logf("%d files that may not grow, %d commands refused, %s", rounds, c.Refused, c)
	if c.Acknowledged < 10*rounds || c.Refused < rounds {
		t.Error("the test shows nothing")
	}
}

// usedBytes is where the last page of the file that is not a hole ends, about.
func usedBytes(t *testing.T, path string) int64 {
	t.Helper()
	var st syscall.Stat_t
	if err := syscall.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	return int64(st.Blocks) * 512
}

// workUntilStopped returns what a child told until it was killed, some while
// after its store stopped.
func workUntilStopped(t *testing.T, dir string, run int, size int64) (told []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, fmt.Sprintf("%s=%04d", childRun, run), fmt.Sprintf("%s=%d", childFile, size))
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	stopped := ""
	for in := bufio.NewScanner(pipe); in.Scan(); {
		what, rest, _ := strings.Cut(in.Text(), " ")
		if what == "stopped" {
			stopped = rest
			time.AfterFunc(50*time.Millisecond, func() { _ = cmd.Process.Kill() })
			continue
		}
		told = append(told, in.Text())
	}
	late.Stop()
	_ = cmd.Wait() // killed
	if stopped != "<nil>" {
		t.Errorf("run %d, files of %d bytes: stopped with %q", run, size, stopped)
	}
	return told
}
