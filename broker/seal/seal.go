// Package seal closes what rests for a while (interactions, answers, bindings,
// snapshots) under a secret only its holder has: the citizen's cookie, the
// authorization code, the access token. Nothing stored opens it.
//
//	secret ─HKDF(purpose)→ key ─AES-256-GCM→ sealed
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// ErrOpen is answered for a wrong secret, a wrong purpose or altered bytes.
var ErrOpen = errors.New("sealed value does not open")

// KeySize is the size of Key's result, in bytes.
const KeySize = 32

// Key derives a 32-byte key for one purpose from a secret of full entropy
// (HKDF-SHA-256, RFC 5869; no salt, the secret is random).
func Key(secret []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, secret, nil, purpose, KeySize)
	if err != nil {
		panic(err) // only for a length beyond HKDF's bound, which KeySize is not
	}
	return key
}

// Seal encrypts plain under a key derived from secret for purpose; the result
// is nonce ‖ ciphertext ‖ tag.
func Seal(secret []byte, purpose string, plain []byte) []byte {
	aead := gcm(Key(secret, purpose))
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, plain, []byte(purpose))
}

// Open reverses Seal. It answers ErrOpen and never says which part was wrong.
func Open(secret []byte, purpose string, sealed []byte) ([]byte, error) {
	aead := gcm(Key(secret, purpose))
	if len(sealed) < aead.NonceSize() {
		return nil, fmt.Errorf("opening %s: %w", purpose, ErrOpen)
	}
	nonce, box := sealed[:aead.NonceSize()], sealed[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, box, []byte(purpose))
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", purpose, ErrOpen)
	}
	return plain, nil
}

func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // only for a key of another length
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}
