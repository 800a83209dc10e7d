package keyring

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A NextLog is the log key under the name of the log that follows: the same
// Ed25519 material, so another key id. It signs at once; Keep makes the folder
// say so.
type NextLog struct {
	Origin   string
	Signer   note.Signer
	Verifier note.Verifier

	ring    *Ring
	private string
	public  string
}

// NextLog names the log key for origin ("<host>/log/<n+1>"), after a restore
// that cannot continue the log. It writes nothing.
func (r *Ring) NextLog(origin string) (*NextLog, error) {
	text, err := readSecret(r.file(logKeyFile))
	if err != nil {
		return nil, err
	}
	n := &NextLog{Origin: origin, ring: r}
	if n.private, err = renamed(strings.TrimSpace(string(text)), origin); err != nil {
		return nil, fmt.Errorf("naming the log key %s: %w", origin, err)
	}
	if n.Signer, err = note.NewSigner(n.private); err != nil {
		return nil, fmt.Errorf("naming the log key %s: %w", origin, err)
	}
	if n.public, err = verifierKey(n.private); err != nil {
		return nil, fmt.Errorf("naming the log key %s: %w", origin, err)
	}
	n.Verifier, err = note.NewVerifier(n.public)
	return n, err
}

// renamed writes a signer key under another name; the hash beside the name
// covers both, so it is worked out again.
func renamed(private, origin string) (string, error) {
	public, err := verifierKey(private)
	if err != nil {
		return "", err
	}
	old, err := note.NewVerifier(public)
	if err != nil {
		return "", err
	}
	data := private[len("PRIVATE+KEY+"+old.Name()+"+00000000+"):]
	public, err = verifierKey("PRIVATE+KEY+" + origin + "+00000000+" + data)
	if err != nil {
		return "", err
	}
	hash := strings.SplitN(public, "+", 3)[1]
	return "PRIVATE+KEY+" + origin + "+" + hash + "+" + data, nil
}

// Keep writes the key under its new name; the one it replaces is kept as
// log.key.<n>, and its record retired. Each step leaves a folder that opens,
// and Keep may be run again.
func (n *NextLog) Keep(now time.Time) error {
	h := n.ring.signers.Load().history
	h.Keys = slices.Clone(h.Keys)
	id, old := logKeyID(n.Verifier), logKeyID(n.ring.logVerifier)
	if h.active(roleLog, id) != nil {
		h.Keys = append(h.Keys, record{KeyID: id, Role: roleLog, Algorithm: "Ed25519", Key: n.public, NotBefore: now.UTC().Truncate(time.Second)})
	}
	if err := n.ring.writeHistory(h); err != nil {
		return err
	}
	if err := n.replaceKey(); err != nil {
		return err
	}
	retired := now.UTC().Truncate(time.Second)
	for i, k := range h.Keys {
		if k.KeyID == old {
			h.Keys[i].RetiredAt = &retired
		}
	}
	return n.ring.writeHistory(h)
}

func (n *NextLog) replaceKey() error {
	path := n.ring.file(logKeyFile)
	kept := path + "." + filepath.Base(n.ring.Origin())
	if err := os.Link(path, kept); err != nil && !os.IsExist(err) {
		return fmt.Errorf("keeping key %s: %w", path, err)
	}
	return replaceFile(path, []byte(n.private+"\n"), secretMode)
}

// replaceFile makes path hold data, whole and durable, or what it held before.
func replaceFile(path string, data []byte, mode os.FileMode) error {
	tmp := path + ".new"
	_ = os.Remove(tmp) // of a run that was cut short
	if err := writeNew(tmp, data, mode); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("writing key %s: %w", path, err)
	}
	return syncFolder(filepath.Dir(path))
}
