package keyring

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// history is history.json: every public key since the first day. A key never
// leaves it while receipts signed with it live.
type history struct {
	Keys []record `json:"keys"`
}

// A record is one public key and the time in which it may sign.
type record struct {
	KeyID             string      `json:"kid"`
	Role              string      `json:"role"` // receipt, id_token, log
	Algorithm         string      `json:"alg"`  // ES256, RS256, Ed25519
	Key               string      `json:"key"`  // JWK, or the log's note verifier key
	CertificateDigest string      `json:"x5t#S256,omitempty"`
	NotBefore         time.Time   `json:"nbf"`
	RetiredAt         *time.Time  `json:"retired_at"`
	LogIndex          *int64      `json:"log_index"` // of its key.activated, once written down by the operator
	Compromised       *Compromise `json:"compromised,omitempty"`
}

// A Compromise says from where on a key's signatures are worth nothing.
type Compromise struct {
	At       time.Time `json:"at"`
	LastGood int64     `json:"last_good"` // last leaf index whose signatures by the key still count; -1: none
}

// Roles of keys in the log's events (design §6).
const (
	roleReceipt = "receipt"
	roleIDToken = "id_token"
	roleLog     = "log"
)

func parseHistory(path string, data []byte) (history, error) {
	var h history
	if err := json.Unmarshal(data, &h); err != nil {
		return history{}, fmt.Errorf("opening key history %s: %w", path, err)
	}
	return h, nil
}

func (h history) encode() ([]byte, error) {
	data, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encoding key history: %w", err)
	}
	return append(data, '\n'), nil
}

// active finds a live key by role and id; the ring refuses to open with a key
// its own history does not know, whose signatures nobody could check.
func (h history) active(role, kid string) error {
	for _, k := range h.Keys {
		if k.Role == role && k.KeyID == kid {
			if k.RetiredAt != nil {
				return fmt.Errorf("opening keys: %s key %s is retired in %s", role, kid, historyFile)
			}
			return nil
		}
	}
	return fmt.Errorf("opening keys: %s key %s is not in %s", role, kid, historyFile)
}

// signer is the key that signs in a role: the last that is not retired.
func (h history) signer(role, alg string) (record, bool) {
	for _, k := range slices.Backward(h.Keys) {
		if k.Role == role && k.Algorithm == alg && k.RetiredAt == nil {
			return k, true
		}
	}
	return record{}, false
}

// first tells whether no key came before rec in its role.
func (h history) first(rec record) bool {
	for _, k := range h.Keys {
		if k.Role == rec.Role && k.Algorithm == rec.Algorithm {
			return k.KeyID == rec.KeyID
		}
	}
	return false
}

// superseded are the keys of rotating roles that another has followed, and
// that are not retired yet: a rotation was cut short.
func (h history) superseded() (old []record) {
	for _, k := range h.Keys {
		if s, ok := h.signer(k.Role, k.Algorithm); ok && k.Role != roleLog && k.RetiredAt == nil && s.KeyID != k.KeyID {
			old = append(old, k)
		}
	}
	return old
}

func (h history) find(kid string) (record, bool) {
	for _, k := range h.Keys {
		if k.KeyID == kid {
			return k, true
		}
	}
	return record{}, false
}

// changed is h with one key's record changed; h itself stays as it was.
func (h history) changed(kid string, change func(*record)) history {
	keys := slices.Clone(h.Keys)
	for i := range keys {
		if keys[i].KeyID == kid {
			change(&keys[i])
		}
	}
	return history{keys}
}

func (r *Ring) writeHistory(h history) error {
	data, err := h.encode()
	if err != nil {
		return err
	}
	return replaceFile(r.file(historyFile), data, publicMode)
}
