package configuration

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"accord/consent"
)

// A signature file, <id>.yaml.sig, holds one line a registrar, in the form of
// a signed note's signature lines (C2SP signed-note), made over the exact
// bytes of <id>.yaml with Ed25519:
//
//	— registrar.example Zm9v…   key name, base64 of key hash (4 bytes) ‖ signature
const (
	signatureSuffix   = ".sig"
	maxSignatureFile  = 16 << 10
	signatureLineHead = "— "
	keyHashSize       = 4
)

// GenerateRegistrar makes a registrar's key: the private text for a file of
// mode 0400, the public line for registrars. name is the registrar's, without
// spaces or plus signs.
func GenerateRegistrar(name string) (private, public string, err error) {
	private, public, err = note.GenerateKey(rand.Reader, name)
	if err != nil {
		return "", "", fmt.Errorf("making a registrar's key: %w", err)
	}
	if _, err = note.NewSigner(private); err != nil {
		return "", "", fmt.Errorf("making a registrar's key: a name has neither spaces nor plus signs: %w", err)
	}
	return private, public, nil
}

// ReadRegistrar reads a registrar's private key file; group and others may
// not read it.
func ReadRegistrar(file string) (note.Signer, error) {
	d := newDocument(file)
	secret := d.secret("$.key", file)
	if len(d.mistakes) > 0 {
		return nil, fmt.Errorf("reading the registrar's key: %s", d.mistakes[0].Message)
	}
	signer, err := note.NewSigner(secret.Reveal())
	if err != nil {
		return nil, fmt.Errorf("reading the registrar's key %s: not a key made by accord approvals keygen", file)
	}
	return signer, nil
}

// CheckApproval tells what LoadApprovals would refuse in one file but for its
// signature.
func CheckApproval(file string, c *consent.Catalogue) []Mistake {
	_, d := loadApproval(file, c)
	return sorted(d.mistakes)
}

// SignApproval writes <file>.sig: the registrar's signature over the exact
// bytes of file, in place of any other.
func SignApproval(registrar note.Signer, file string) error {
	data, err := readBounded(file)
	if err != nil {
		return fmt.Errorf("signing approval %s: %w", file, err)
	}
	signature, err := registrar.Sign(data)
	if err != nil {
		return fmt.Errorf("signing approval %s: %w", file, err)
	}
	blob := append(binary.BigEndian.AppendUint32(nil, registrar.KeyHash()), signature...)
	text := signatureLineHead + registrar.Name() + " " + base64.StdEncoding.EncodeToString(blob) + "\n"
	return replaceFile(file+signatureSuffix, []byte(text))
}

// replaceFile never leaves half a file.
func replaceFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // the name without a place, once linked or moved
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Chmod(0o644), tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return os.Rename(tmp.Name(), path)
}

// checkSignature demands a registrar's valid signature over data.
func (d *document) checkSignature(data []byte, registrars []string) {
	text, err := os.ReadFile(d.file + signatureSuffix)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.at(0, "is not signed: a registrar runs accord approvals sign -key K %s", d.file)
		return
	case err != nil || len(text) > maxSignatureFile:
		d.at(0, "its signature file %s cannot be read", d.file+signatureSuffix)
		return
	}
	switch verifySignature(data, string(text), registrars) {
	case signatureUnknown:
		d.at(0, "is signed by none of the registrars of accord.yaml")
	case signatureFalse:
		d.at(0, "was altered after it was signed, or its signature was: a registrar reads it again and signs it anew")
	}
}

type verdict int

const (
	signatureUnknown verdict = iota // no line of a known registrar
	signatureFalse                  // a known registrar's line does not verify
	signatureGood
)

// verifySignature looks for a good line of any registrar; one false line of a
// known registrar refuses the file whatever the others say.
func verifySignature(data []byte, text string, registrars []string) verdict {
	result := signatureUnknown
	for l := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		for _, r := range registrars {
			verifier, err := note.NewVerifier(r)
			if err != nil {
				continue
			}
			signature, mine := signatureOf(l, verifier)
			if mine && !verifier.Verify(data, signature) {
				return signatureFalse
			}
			if mine {
				result = signatureGood
			}
		}
	}
	return result
}

// signatureOf takes the signature out of a line if it is the verifier's.
func signatureOf(text string, v note.Verifier) ([]byte, bool) {
	rest, ok := strings.CutPrefix(text, signatureLineHead+v.Name()+" ")
	if !ok {
		return nil, false
	}
	blob, err := base64.StdEncoding.Strict().DecodeString(rest)
	if err != nil || len(blob) < keyHashSize || binary.BigEndian.Uint32(blob) != v.KeyHash() {
		return nil, false
	}
	return blob[keyHashSize:], true
}
