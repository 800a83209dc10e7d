package keyring

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// LogSigner signs the log's checkpoints (Ed25519, C2SP signed-note); its name
// is the log's origin.
func (r *Ring) LogSigner() note.Signer { return r.logSigner }

// LogVerifier verifies what LogSigner signs.
func (r *Ring) LogVerifier() note.Verifier { return r.logVerifier }

// LogVerifierKey is the log's public key as a line anyone can keep:
//
//	accord.example/log/1+4e2b1c9a+AQ3q…
func (r *Ring) LogVerifierKey() string { return r.logKey }

// Origin is the log's name, the log key's note name.
func (r *Ring) Origin() string { return r.logSigner.Name() }

// logKeyID is the name and hash of a log key, as a note's signature line names
// it: "accord.example/log/1+4e2b1c9a".
func logKeyID(v note.Verifier) string { return fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash()) }

// verifierKey works out a signer key's public half: the note package gives it
// only when it makes the pair, and a second file could drift from the first.
func verifierKey(private string) (string, error) {
	parts := strings.SplitN(private, "+", 5) // PRIVATE+KEY+name+hash+data; data is standard base64, which may hold +
	if len(parts) != 5 {
		return "", errors.New("not a note signer key")
	}
	data, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(data) != 1+ed25519.SeedSize {
		return "", errors.New("not an Ed25519 note signer key")
	}
	return note.NewEd25519VerifierKey(parts[2], ed25519.NewKeyFromSeed(data[1:]).Public().(ed25519.PublicKey))
}
