package keyring

import (
	"encoding/json"
	"fmt"
	"time"
)

// history is history.json: every public key since the first day. A key never
// leaves it while receipts signed with it live.
type history struct {
	Keys []record `json:"keys"`
}

// A record is one public key and the time in which it may sign.
type record struct {
	KeyID             string     `json:"kid"`
	Role              string     `json:"role"` // receipt, id_token, log
	Algorithm         string     `json:"alg"`  // ES256, RS256, Ed25519
	Key               string     `json:"key"`  // JWK, or the log's note verifier key
	CertificateDigest string     `json:"x5t#S256,omitempty"`
	NotBefore         time.Time  `json:"nbf"`
	RetiredAt         *time.Time `json:"retired_at"`
	LogIndex          *int64     `json:"log_index"` // of its key.activated, once written down by the operator
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
