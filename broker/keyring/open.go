package keyring

import (
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A Ring is an opened keys folder. It is safe for concurrent use.
type Ring struct {
	dir         string
	now         func() time.Time
	signers     atomic.Pointer[signers] // what signs; a rotation puts another set in its place
	rotating    rotating
	logSigner   note.Signer
	logVerifier note.Verifier
	logKey      string // verifier key text
	citizen     [32]byte
	pairwise    [32]byte
	fcSub       [32]byte // derived from citizen
	agent       [32]byte // likewise
	epochs      epochs
}

// Open reads every key of dir. Its error names the first file that is missing,
// malformed, or readable by group or others (ErrExposed). It makes no key.
func Open(dir string) (*Ring, error) {
	r := &Ring{dir: dir, now: time.Now, epochs: epochs{dir: filepath.Join(dir, epochsFolder), keys: map[string][32]byte{}}}
	for _, step := range []func() error{r.openFolders, r.openSigning, r.openPseudonyms, r.openLog, r.check} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *Ring) file(name string) string { return filepath.Join(r.dir, name) }

func (r *Ring) openFolders() error {
	if err := checkFolder(r.dir); err != nil {
		return err
	}
	return checkFolder(r.epochs.dir)
}

func (r *Ring) openSigning() error {
	s, err := r.openSigners()
	r.signers.Store(s)
	return err
}

func (r *Ring) openPseudonyms() (err error) {
	if r.citizen, err = readHexKey(r.file(citizenKeyFile)); err != nil {
		return err
	}
	r.fcSub = derive(r.citizen, "accord-fc-sub-v1")
	r.agent = derive(r.citizen, "accord-agent-v1")
	r.pairwise, err = readHexKey(r.file(pairwiseKeyFile))
	return err
}

func (r *Ring) openLog() error {
	path := r.file(logKeyFile)
	text, err := readSecret(path)
	if err != nil {
		return err
	}
	private := strings.TrimSpace(string(text))
	if r.logSigner, err = note.NewSigner(private); err != nil {
		return fmt.Errorf("opening key %s: not a note signer key (PRIVATE+KEY+…)", path)
	}
	if r.logKey, err = verifierKey(private); err != nil {
		return fmt.Errorf("opening key %s: %w", path, err)
	}
	r.logVerifier, err = note.NewVerifier(r.logKey)
	return err
}

// check holds what was read last to the public history.
func (r *Ring) check() error {
	if err := r.signers.Load().history.active(roleLog, logKeyID(r.logVerifier)); err != nil {
		return err
	}
	_, err := r.signers.Load().history.receiptKeys()
	return err
}

// Format keeps keys out of logs and errors, whatever the verb.
func (r *Ring) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[keys]") }

// LogValue keeps keys out of slog.
func (r *Ring) LogValue() slog.Value { return slog.StringValue("[keys]") }
