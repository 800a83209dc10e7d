package powercut

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/broker/boltstore"
	"accord/broker/storetest"
)

const origin = "accord.example/log/1"

// The variables that make this test binary another process of the test.
const (
	asDisk = "ACCORD_POWERCUT_DISK" // its folder; the plan is on standard input
	asWork = "ACCORD_POWERCUT_WORK" // folder of the store
	keysIn = "ACCORD_POWERCUT_KEYS"
	runNo  = "ACCORD_POWERCUT_RUN"

	marking = "ACCORD_POWERCUT_MARKS" // the worker marks first uses instead
)

func TestMain(m *testing.M) {
	var err error
	switch {
	case os.Getenv(asDisk) != "":
		err = serveDisk(os.Getenv(asDisk))
	case os.Getenv(asWork) != "":
		err = work(os.Getenv(asWork))
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
}

// An order is a line on the disk's standard input; the first one mounts.
type order struct {
	Mount string
	Plan  Plan
	Keep  float64
	Seed  uint64
}

// serveDisk is the disk's process: it mounts at the first line, cuts at the
// second, and ends with its standard input.
func serveDisk(dir string) error {
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	var first, cut order
	if err := in.Decode(&first); err != nil {
		return err
	}
	files, err := readFolder(dir)
	if err != nil {
		return err
	}
	d := NewDisk(first.Plan, files)
	server, err := Mount(first.Mount, d)
	if err != nil {
		return fmt.Errorf("mounting: %w", err)
	}
	fmt.Println("mounted")
	if err := in.Decode(&cut); err != nil {
		return server.Unmount()
	}
	if err := writeFolder(dir, d.Cut(cut.Keep, rand.New(rand.NewPCG(cut.Seed, 0)))); err != nil {
		return err
	}
	fmt.Println("cut")
	_ = in.Decode(&cut) // who waits for an answer now is killed before the mount ends
	return nil
}

// work is the worker's process.
func work(dir string) error {
	cfg, err := config(os.Getenv(keysIn), dir)
	if err != nil {
		return err
	}
	if os.Getenv(marking) != "" {
		return mark(cfg)
	}
	return live(cfg)
}

// live tells "stopped" once the store refuses everything for good.
func live(cfg boltstore.Config) error {
	s, err := boltstore.Open(cfg)
	if err != nil {
		return err
	}
	lines := make(chan string, 1<<16)
	go storetest.Work(context.Background(), s, os.Getenv(runNo), func(line string) { lines <- line })
	go func() {
		complaint := storetest.Stopped(context.Background(), s)
		lines <- fmt.Sprintf("stopped %q", fmt.Sprint(complaint))
	}()
	for line := range lines {
		fmt.Println(line)
	}
	return nil
}

// oneKey is every month's.
type oneKey struct{}

func (oneKey) Epoch(at time.Time) (string, [32]byte, error) {
	return at.Format("2006-01"), sha256.Sum256([]byte("epoch")), nil
}

func (oneKey) EpochKey(string) ([32]byte, error) { return sha256.Sum256([]byte("epoch")), nil }

func config(keys, dir string) (boltstore.Config, error) {
	private, err := os.ReadFile(filepath.Join(keys, "signer"))
	if err != nil {
		return boltstore.Config{}, err
	}
	public, err := os.ReadFile(filepath.Join(keys, "verifier"))
	if err != nil {
		return boltstore.Config{}, err
	}
	signer, err := note.NewSigner(string(private))
	if err != nil {
		return boltstore.Config{}, err
	}
	verifier, err := note.NewVerifier(string(public))
	return boltstore.Config{
		Path: filepath.Join(dir, "accord.db"), Guard: filepath.Join(dir, "guard"), Origin: origin,
		Signer: signer, Verifier: verifier, Epochs: oneKey{}, GuardInterval: 5 * time.Millisecond,
	}, err
}
