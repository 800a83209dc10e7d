package keyring

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// A Ring is an opened keys folder. It is safe for concurrent use.
type Ring struct {
	dir         string
	receipt     *ecdsa.PrivateKey
	receiptID   string
	certificate []byte // DER
	es256       *ecdsa.PrivateKey
	es256ID     string
	rs256       *rsa.PrivateKey
	rs256ID     string
	logSigner   note.Signer
	logVerifier note.Verifier
	logKey      string // verifier key text
	citizen     [32]byte
	pairwise    [32]byte
	fcSub       [32]byte // derived from citizen
	history     history
	epochs      epochs
}

// Open reads every key of dir. Its error names the first file that is missing,
// malformed, or readable by group or others (ErrExposed). It makes no key.
func Open(dir string) (*Ring, error) {
	r := &Ring{dir: dir, epochs: epochs{dir: filepath.Join(dir, epochsFolder), keys: map[string][32]byte{}}}
	for _, step := range []func() error{r.openFolders, r.openReceipt, r.openIDToken, r.openPseudonyms, r.openLog, r.check} {
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

func (r *Ring) openReceipt() (err error) {
	if r.receipt, err = readECDSA(r.file(receiptKeyFile)); err != nil {
		return err
	}
	if r.receiptID, err = keyID(r.receipt.Public()); err != nil {
		return err
	}
	r.certificate, err = readCertificate(r.file(receiptCertFile), r.receipt)
	return err
}

func (r *Ring) openIDToken() (err error) {
	if r.es256, err = readECDSA(r.file(es256KeyFile)); err != nil {
		return err
	}
	if r.es256ID, err = keyID(r.es256.Public()); err != nil {
		return err
	}
	if r.rs256, err = readRSA(r.file(rs256KeyFile)); err != nil {
		return err
	}
	r.rs256ID, err = keyID(r.rs256.Public())
	return err
}

func (r *Ring) openPseudonyms() (err error) {
	if r.citizen, err = readHexKey(r.file(citizenKeyFile)); err != nil {
		return err
	}
	r.fcSub = derive(r.citizen, "accord-fc-sub-v1")
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

// check compares the keys with the public history, certificate included.
func (r *Ring) check() error {
	data, err := readPublic(r.file(historyFile))
	if err != nil {
		return err
	}
	if r.history, err = parseHistory(r.file(historyFile), data); err != nil {
		return err
	}
	for _, k := range [][2]string{
		{roleReceipt, r.receiptID}, {roleIDToken, r.es256ID}, {roleIDToken, r.rs256ID}, {roleLog, logKeyID(r.logVerifier)},
	} {
		if err := r.history.active(k[0], k[1]); err != nil {
			return err
		}
	}
	_, err = r.receiptKeys()
	return err
}

func (r *Ring) certificateDigest() [32]byte { return sha256.Sum256(r.certificate) }

// Format keeps keys out of logs and errors, whatever the verb.
func (r *Ring) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[keys]") }

// LogValue keeps keys out of slog.
func (r *Ring) LogValue() slog.Value { return slog.StringValue("[keys]") }
