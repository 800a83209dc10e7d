package boltstore

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/broker/storetest"
)

// The variables that make this test binary the process to be killed.
const (
	childDir = "ACCORD_BOLTSTORE_CHILD"
	childRun = "ACCORD_BOLTSTORE_RUN"
	// childFile bounds the size of the child's files, in bytes, once it works.
	childFile = "ACCORD_BOLTSTORE_FILE_SIZE"
)

// long tells whether the long forms are asked for.
func long() bool { return os.Getenv("ACCORD_LONG") == "1" }

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// child works on the store in dir and tells on its output what was
// acknowledged, until it is killed.
func child(dir string) int {
	cfg, err := childConfig(dir)
	if err == nil {
		var s *Store
		if s, err = Open(cfg); err == nil {
			lines := make(chan string, 1<<16)
			err = limitFiles(os.Getenv(childFile))
			go storetest.Work(context.Background(), s, os.Getenv(childRun), func(line string) { lines <- line })
			go func() { lines <- fmt.Sprint("stopped ", storetest.Stopped(context.Background(), s)) }()
			for line := range lines {
				fmt.Println(line)
			}
		}
	}
	fmt.Println("error", err)
	return 1
}

func childConfig(dir string) (Config, error) {
	private, err := os.ReadFile(filepath.Join(dir, "signer"))
	if err != nil {
		return Config{}, err
	}
	public, err := os.ReadFile(filepath.Join(dir, "verifier"))
	if err != nil {
		return Config{}, err
	}
	signer, err := note.NewSigner(string(private))
	if err != nil {
		return Config{}, err
	}
	verifier, err := note.NewVerifier(string(public))
	return Config{
		Path: filepath.Join(dir, "accord.db"), Guard: filepath.Join(dir, "guard"), Origin: origin,
		Signer: signer, Verifier: verifier, Epochs: testEpochs{}, GuardInterval: 10 * time.Millisecond,
	}, err
}

// TestAcknowledgedActsSurviveKill kills a process that lives journeys at 16
// writers, at a random moment, again and again on one store.
func TestAcknowledgedActsSurviveKill(t *testing.T) {
	kills := 5
	if long() {
		kills = 120
	}
	dir := childFolder(t)
	var lines []string
	for kill := range kills {
		told, missing := workAndKill(t, dir, kill)
		lines = append(lines, told...)
		if len(missing) > 0 {
			t.Errorf("run %d did no %v", kill, missing)
			break
		}
	}
	cfg, err := childConfig(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, cfg)
	if s.StartedUnclean().IsZero() {
		t.Error("a killed store is taken for one that was closed")
	}
	c := storetest.Check(t, s, origin, cfg.Verifier, lines)
	t.Logf("%d kills, %s", kills, c)
	if c.Refused > 0 {
		t.Errorf("%d commands failed", c.Refused)
	}
	for _, act := range storetest.Acts() {
		if c.ByAct[act] < kills {
			t.Errorf("only %d of %s in %d runs: the test shows nothing", c.ByAct[act], act, kills)
		}
	}
}

// childFolder holds the keys of a child's store, and nothing yet beside.
func childFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	private, public, err := note.GenerateKey(nil, origin)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "signer"), []byte(private))
	writeFile(t, filepath.Join(dir, "verifier"), []byte(public))
	return dir
}

// workAndKill returns the whole lines the child wrote before its end, which
// comes at a random moment once it did every act: a busy machine needs longer.
// missing are the acts it did not do in 30 s.
func workAndKill(t *testing.T, dir string, run int) (whole, missing []string) {
	t.Helper()
	cmd, out := startChild(t, dir, run)
	kill := func() { _ = cmd.Process.Kill() }
	defer time.AfterFunc(30*time.Second, kill).Stop()
	var told strings.Builder
	lines := bufio.NewReader(out)
	for missing = storetest.Acts(); ; {
		line, err := lines.ReadString('\n')
		told.WriteString(line)
		if err != nil {
			break // killed
		}
		before := len(missing)
		missing = slices.DeleteFunc(missing, func(act string) bool { return strings.HasPrefix(line, "done "+act+" ") })
		if before > 0 && len(missing) == 0 {
			time.AfterFunc(rand.N(200*time.Millisecond), kill)
		}
	}
	_ = cmd.Wait() // killed
	return wholeLines(told.String()), missing
}

// startChild returns once the child works: now anything may happen.
func startChild(t *testing.T, dir string, run int) (*exec.Cmd, io.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childRun+"="+fmt.Sprintf("%04d", run))
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	out := bufio.NewReader(pipe)
	line, err := out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd, io.MultiReader(strings.NewReader(line), out)
}

func TestAFileHeldByAnotherProcessIsRefusedUntilThatIsDead(t *testing.T) {
	dir := childFolder(t)
	cmd, out := startChild(t, dir, 0)
	go func() { _, _ = io.Copy(io.Discard, out) }() // a child that nobody listens to stands still
	cfg, err := childConfig(dir)
	if err != nil {
		t.Fatal(err)
	}
	refuses(t, cfg, ErrLocked)
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // killed
	mustOpen(t, cfg)
}

func wholeLines(out string) []string {
	lines := strings.Split(out, "\n")
	return lines[:len(lines)-1] // the last one may be cut
}
