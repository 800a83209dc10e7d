package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const rsaBits = 3072 // ANSSI: at least 3072 beyond 2030

// Create makes every key in dir, which must not exist or be empty. origin is
// the log's name ("accord.example/log/1", the log signer's note name), issuer
// the URL named in the seal certificate; now dates the keys and the first
// epoch.
func Create(dir, origin, issuer string, now time.Time) error {
	large, err := MakeRSA()
	if err != nil {
		return err
	}
	return CreateWith(dir, origin, issuer, now, large)
}

// MakeRSA makes a key for RS256 ID tokens, which takes about half a second.
func MakeRSA() (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		return nil, fmt.Errorf("making an ID token key: %w", err)
	}
	return key, nil
}

// CreateWith is Create with a key of MakeRSA, for one process that starts many
// Accords: only a demonstration may give two of them the same.
func CreateWith(dir, origin, issuer string, now time.Time, large *rsa.PrivateKey) error {
	if err := os.MkdirAll(filepath.Join(dir, epochsFolder), folderMode); err != nil {
		return fmt.Errorf("making keys folder: %w", err)
	}
	b := &builder{dir: dir, now: now.UTC().Truncate(time.Second)}
	b.receiptKey(issuer)
	b.idTokenKeys(large)
	b.logKey(origin)
	for _, name := range []string{citizenKeyFile, pairwiseKeyFile, filepath.Join(epochsFolder, now.UTC().Format("2006-01")+".key")} {
		b.do(func() error { return writeHexKey(filepath.Join(dir, name)) })
	}
	b.writeHistory()
	b.do(func() error { return syncFolder(dir) })
	return b.err
}

// A builder writes keys until the first error.
type builder struct {
	dir     string
	now     time.Time
	history history
	err     error
}

func (b *builder) do(step func() error) {
	if b.err == nil {
		b.err = step()
	}
}

func (b *builder) write(name string, data []byte, mode os.FileMode) {
	b.do(func() error { return writeNew(filepath.Join(b.dir, name), data, mode) })
}

func (b *builder) receiptKey(issuer string) {
	b.do(func() error {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return fmt.Errorf("making the receipt key: %w", err)
		}
		der, err := sealCertificate(key, issuer, b.now)
		if err != nil {
			return err
		}
		b.write(receiptCertFile, encodeCertificate(der), publicMode)
		sum := sha256.Sum256(der)
		return b.signer(receiptKeyFile, key, roleReceipt, "ES256", base64.RawURLEncoding.EncodeToString(sum[:]))
	})
}

func (b *builder) idTokenKeys(large *rsa.PrivateKey) {
	b.do(func() error {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return fmt.Errorf("making an ID token key: %w", err)
		}
		return b.signer(es256KeyFile, key, roleIDToken, "ES256", "")
	})
	b.do(func() error { return b.signer(rs256KeyFile, large, roleIDToken, "RS256", "") })
}

// signer writes a private key and its line of the history.
func (b *builder) signer(name string, key crypto.Signer, role, alg, x5t string) error {
	public, err := publicJWK(key.Public(), alg)
	if err != nil {
		return err
	}
	text, err := jwkText(public)
	if err != nil {
		return err
	}
	private, err := encodePrivate(key)
	if err != nil {
		return err
	}
	b.write(name, private, secretMode)
	b.history.Keys = append(b.history.Keys, record{
		KeyID: public.KeyID, Role: role, Algorithm: alg, Key: text, CertificateDigest: x5t, NotBefore: b.now,
	})
	return nil
}

func (b *builder) logKey(origin string) {
	b.do(func() error {
		private, public, err := note.GenerateKey(rand.Reader, origin)
		if err != nil {
			return fmt.Errorf("making the log key: %w", err)
		}
		verifier, err := note.NewVerifier(public)
		if err != nil {
			return fmt.Errorf("making the log key: the origin %q is no note name: %w", origin, err)
		}
		b.write(logKeyFile, []byte(private+"\n"), secretMode)
		b.history.Keys = append(b.history.Keys, record{
			KeyID: logKeyID(verifier), Role: roleLog, Algorithm: "Ed25519", Key: public, NotBefore: b.now,
		})
		return nil
	})
}

func (b *builder) writeHistory() {
	b.do(func() error {
		data, err := b.history.encode()
		if err != nil {
			return err
		}
		return writeNew(filepath.Join(b.dir, historyFile), data, publicMode)
	})
}
