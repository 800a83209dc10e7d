package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/receipt"
)

// Receipt signs receipts (ES256).
func (r *Ring) Receipt() receipt.Signer {
	s := r.signers.Load()
	return receipt.Signer{KeyID: s.receiptID, Key: s.receipt, CertificateDigest: s.certificateDigest()}
}

// ReceiptCertificate is the seal certificate of the receipt key, DER.
func (r *Ring) ReceiptCertificate() []byte { return r.signers.Load().certificate }

// ReceiptKeys are the public keys of all receipts ever signed, retired ones
// included, oldest first. LogIndex is nil until the log's events are joined
// (WithIndexes).
func (r *Ring) ReceiptKeys() receipt.KeySet {
	keys, err := r.signers.Load().history.receiptKeys()
	if err != nil {
		panic(err) // checked before it was published
	}
	return keys
}

// WithIndexes is ReceiptKeys with the place of each key's key.activated, from
// the log's key events (store.Store.PublishedKeys).
func (r *Ring) WithIndexes(published []store.Entry) receipt.KeySet {
	index := map[string]int64{}
	for _, e := range published {
		var event audit.Event
		if e.Kind == audit.KeyActivated && json.Unmarshal(e.Event, &event) == nil && event.Role == roleReceipt {
			index[event.ID] = e.Index
		}
	}
	keys := r.ReceiptKeys()
	for i, k := range keys {
		if at, ok := index[k.KeyID]; ok {
			keys[i].LogIndex = &at
		}
	}
	return keys
}

func (h history) receiptKeys() (receipt.KeySet, error) {
	var keys receipt.KeySet
	for _, rec := range h.Keys {
		if rec.Role != roleReceipt {
			continue
		}
		key, err := rec.receiptKey()
		if err != nil {
			return nil, fmt.Errorf("reading receipt key %s of %s: %w", rec.KeyID, historyFile, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func (rec record) receiptKey() (receipt.Key, error) {
	var jwk jose.JSONWebKey
	if err := jwk.UnmarshalJSON([]byte(rec.Key)); err != nil {
		return receipt.Key{}, err
	}
	public, ok := jwk.Key.(*ecdsa.PublicKey)
	if !ok {
		return receipt.Key{}, fmt.Errorf("not an EC key")
	}
	sum, err := base64.RawURLEncoding.DecodeString(rec.CertificateDigest)
	if err != nil || len(sum) != sha256.Size {
		return receipt.Key{}, fmt.Errorf("x5t#S256 is not a SHA-256 in base64url")
	}
	return receipt.Key{
		KeyID: rec.KeyID, Public: public, CertificateDigest: [32]byte(sum),
		NotBefore: rec.NotBefore, RetiredAt: rec.RetiredAt, LogIndex: rec.LogIndex,
	}, nil
}

// SigningKey gives the ID token key of an algorithm, ES256 or RS256.
func (r *Ring) SigningKey(alg string) (kid string, key crypto.Signer, err error) {
	return r.signers.Load().signingKey(alg)
}
