package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"slices"
	"time"
)

// A maker writes the keys of a rotation under names of their own, beside those
// that still sign, and appends them to a history that nobody has read yet.
type maker struct {
	ring    *Ring
	now     time.Time
	history history
}

// receipt makes the key and a seal certificate that names who current names.
func (m *maker) receipt(current []byte) error {
	issuer, err := issuerOf(current)
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("making the receipt key: %w", err)
	}
	der, err := sealCertificate(key, issuer, m.now)
	if err != nil {
		return err
	}
	kid, err := keyID(key.Public())
	if err != nil {
		return err
	}
	if err := writeNew(m.ring.file(certificateName(kid)), encodeCertificate(der), publicMode); err != nil {
		return err
	}
	return m.keep(key, roleReceipt, "ES256", digestOf(der))
}

func (m *maker) idTokens() error {
	small, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("making an ID token key: %w", err)
	}
	if err := m.keep(small, roleIDToken, "ES256", ""); err != nil {
		return err
	}
	large, err := MakeRSA()
	if err != nil {
		return err
	}
	return m.keep(large, roleIDToken, "RS256", "")
}

// keep writes the private key; its record follows in the history.
func (m *maker) keep(key crypto.Signer, role, alg, x5t string) error {
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
	if err := writeNew(m.ring.file(named(role, alg, public.KeyID)), private, secretMode); err != nil {
		return err
	}
	m.history.Keys = append(slices.Clone(m.history.Keys), record{
		KeyID: public.KeyID, Role: role, Algorithm: alg, Key: text, CertificateDigest: x5t, NotBefore: m.now,
	})
	return nil
}
