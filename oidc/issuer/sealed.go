package issuer

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// sealUnder closes a value of Memory under the secret that names it: whoever
// holds the memory alone reads nothing.
func sealUnder(secret, purpose string, value any) ([]byte, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encoding a sealed value: %w", err)
	}
	aead, err := cipherUnder(secret, purpose)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, plain, nil), nil
}

func openUnder(secret, purpose string, sealed []byte, value any) error {
	aead, err := cipherUnder(secret, purpose)
	if err != nil {
		return err
	}
	plain, err := aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return fmt.Errorf("opening a sealed value: %w", err)
	}
	if err := json.Unmarshal(plain, value); err != nil {
		return fmt.Errorf("decoding a sealed value: %w", err)
	}
	return nil
}

func cipherUnder(secret, purpose string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, purpose, 32)
	if err != nil {
		return nil, fmt.Errorf("deriving a key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("deriving a key: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}
