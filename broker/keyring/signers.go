package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// signers are the keys that can be rotated, with the history they stand in.
// Never changed once published: a reader keeps one set for one act.
type signers struct {
	receipt     *ecdsa.PrivateKey
	receiptID   string
	certificate []byte // DER
	es256       *ecdsa.PrivateKey
	es256ID     string
	rs256       *rsa.PrivateKey
	rs256ID     string
	history     history
}

// openSigners reads the key that signs in each role: the last of the history
// that is not retired.
func (r *Ring) openSigners() (*signers, error) {
	s := &signers{}
	var err error
	if s.history, err = r.readHistory(); err != nil {
		return nil, err
	}
	if s.receiptID, err = openKey(r, s.history, roleReceipt, "ES256", readECDSA, &s.receipt); err != nil {
		return nil, err
	}
	if s.certificate, err = r.openCertificate(s); err != nil {
		return nil, err
	}
	if s.es256ID, err = openKey(r, s.history, roleIDToken, "ES256", readECDSA, &s.es256); err != nil {
		return nil, err
	}
	s.rs256ID, err = openKey(r, s.history, roleIDToken, "RS256", readRSA, &s.rs256)
	return s, err
}

func (r *Ring) readHistory() (history, error) {
	data, err := readPublic(r.file(historyFile))
	if err != nil {
		return history{}, err
	}
	return parseHistory(r.file(historyFile), data)
}

// openKey reads the private key of a role and algorithm and holds it to the
// history.
func openKey[K crypto.Signer](r *Ring, h history, role, alg string, read func(string) (K, error), into *K) (string, error) {
	path := r.keyPath(h, role, alg)
	key, err := read(path)
	if err != nil {
		return "", err
	}
	id, err := keyID(key.Public())
	if err != nil {
		return "", err
	}
	*into = key
	if err := h.active(role, id); err != nil {
		return "", err
	}
	if want, _ := h.signer(role, alg); want.KeyID != id {
		return "", missing(r.file(named(role, alg, want.KeyID)), fs.ErrNotExist)
	}
	return id, nil
}

// keyPath is where the key that signs lies: under its own name since the first
// rotation, under the role's before.
func (r *Ring) keyPath(h history, role, alg string) string {
	if rec, ok := h.signer(role, alg); ok {
		path := r.file(named(role, alg, rec.KeyID))
		if _, err := os.Stat(path); err == nil || !h.first(rec) {
			return path
		}
	}
	return r.file(firstName(role, alg))
}

func firstName(role, alg string) string {
	switch {
	case role == roleReceipt:
		return receiptKeyFile
	case alg == "ES256":
		return es256KeyFile
	}
	return rs256KeyFile
}

// named is the file of a key made by a rotation: receipt-<kid>.key.pem.
func named(role, alg, kid string) string {
	return strings.TrimSuffix(firstName(role, alg), ".key.pem") + "-" + kid + ".key.pem"
}

func certificateName(kid string) string { return "receipt-" + kid + ".cert.pem" }

func (r *Ring) openCertificate(s *signers) ([]byte, error) {
	path := r.file(certificateName(s.receiptID))
	if _, err := os.Stat(path); err != nil {
		path = r.file(receiptCertFile)
	}
	return readCertificate(path, s.receipt)
}

func (s *signers) certificateDigest() [32]byte { return sha256.Sum256(s.certificate) }

// signingKey is SigningKey of one set.
func (s *signers) signingKey(alg string) (kid string, key crypto.Signer, err error) {
	switch alg {
	case "ES256":
		return s.es256ID, s.es256, nil
	case "RS256":
		return s.rs256ID, s.rs256, nil
	}
	return "", nil, fmt.Errorf("choosing an ID token key: no key for algorithm %q", alg)
}
