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
	return receipt.Signer{KeyID: r.receiptID, Key: r.receipt, CertificateDigest: r.certificateDigest()}
}

// ReceiptCertificate is the seal certificate of the receipt key, DER.
func (r *Ring) ReceiptCertificate() []byte { return r.certificate }

// ReceiptKeys are the public keys of all receipts ever signed, retired ones
// included, oldest first. LogIndex is nil until the log's events are joined
// (WithIndexes).
func (r *Ring) ReceiptKeys() receipt.KeySet {
	keys, err := r.receiptKeys()
	if err != nil {
		panic(err) // Open checked the same immutable history
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

func (r *Ring) receiptKeys() (receipt.KeySet, error) {
	var keys receipt.KeySet
	for _, rec := range r.history.Keys {
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
	switch alg {
	case "ES256":
		return r.es256ID, r.es256, nil
	case "RS256":
		return r.rs256ID, r.rs256, nil
	}
	return "", nil, fmt.Errorf("choosing an ID token key: no key for algorithm %q", alg)
}

// Public are the ID token keys as published at /jwks (RFC 7517).
func (r *Ring) Public() []jose.JSONWebKey {
	return []jose.JSONWebKey{
		{Key: r.es256.Public(), KeyID: r.es256ID, Algorithm: "ES256", Use: "sig"},
		{Key: r.rs256.Public(), KeyID: r.rs256ID, Algorithm: "RS256", Use: "sig"},
	}
}

// Announcements are the key.activated (9) events of every active key, for
// store.Store.Announce, which writes those its mirror does not know.
func (r *Ring) Announcements() []store.Public {
	var things []store.Public
	for _, k := range r.history.Keys {
		if k.RetiredAt != nil {
			continue
		}
		things = append(things, store.Public{
			Kind: audit.KeyActivated, ID: k.KeyID, Digest: audit.Digest([]byte(k.Key)),
			Event: audit.Event{Key: k.Key, Role: k.Role},
		})
	}
	return things
}
