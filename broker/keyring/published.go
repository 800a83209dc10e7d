package keyring

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/broker/store"
	"accord/consent/audit"
)

// stillPublished is how long a retired ID token key stays at /jwks: longer than
// an ID token lives (5 minutes) and than the session in which one is shown
// again as a hint (30 minutes).
const stillPublished = time.Hour

// Public are the ID token keys as published at /jwks (RFC 7517): those that
// sign, and those retired of which a token may still live. A compromised one
// is gone at once.
func (r *Ring) Public() []jose.JSONWebKey {
	s := r.signers.Load()
	keys := []jose.JSONWebKey{
		{Key: s.es256.Public(), KeyID: s.es256ID, Algorithm: "ES256", Use: "sig"},
		{Key: s.rs256.Public(), KeyID: s.rs256ID, Algorithm: "RS256", Use: "sig"},
	}
	for _, rec := range s.history.Keys {
		if rec.Role == roleIDToken && rec.KeyID != s.es256ID && rec.KeyID != s.rs256ID && rec.published(r.now()) {
			var key jose.JSONWebKey
			if key.UnmarshalJSON([]byte(rec.Key)) == nil {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

func (rec record) published(now time.Time) bool {
	return rec.Compromised == nil && (rec.RetiredAt == nil || now.Before(rec.RetiredAt.Add(stillPublished)))
}

// CertificateOf is the seal certificate (DER) of a receipt key, retired ones
// included; nil when the folder has none with the digest of its history.
func (r *Ring) CertificateOf(kid string) []byte {
	s := r.signers.Load()
	if kid == s.receiptID {
		return s.certificate
	}
	rec, ok := s.history.find(kid)
	files, err := filepath.Glob(r.file("receipt*.cert.pem"))
	if !ok || err != nil {
		return nil
	}
	for _, f := range files {
		text, _ := os.ReadFile(f) // one that cannot be read is not the one
		if block, _ := pem.Decode(text); block != nil && digestOf(block.Bytes) == rec.CertificateDigest {
			return block.Bytes
		}
	}
	return nil
}

func digestOf(der []byte) string {
	sum := sha256.Sum256(der)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Announcements are the events of every key for store.Store.Announce, which
// writes those its mirror does not know: key.activated (9) of each that is not
// retired, then key.retired (10) of each that another has followed.
func (r *Ring) Announcements() []store.Public {
	h := r.signers.Load().history
	var things []store.Public
	for _, k := range h.Keys {
		if k.RetiredAt == nil {
			things = append(things, k.activated())
		}
	}
	for _, k := range h.superseded() {
		things = append(things, k.ended(audit.KeyRetired, ""))
	}
	return things
}

func (rec record) activated() store.Public {
	return store.Public{
		Kind: audit.KeyActivated, ID: rec.KeyID, Digest: audit.Digest([]byte(rec.Key)),
		Event: audit.Event{Key: rec.Key, Role: rec.Role},
	}
}

func (rec record) ended(kind audit.Kind, reason string) store.Public {
	return store.Public{
		Kind: kind, ID: rec.KeyID, Digest: audit.Digest([]byte(rec.Key)),
		Event: audit.Event{Role: rec.Role, Reason: reason},
	}
}
