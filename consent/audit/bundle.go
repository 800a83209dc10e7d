package audit

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
)

// ErrBundle is returned for bytes that are no bundle in its one form.
var ErrBundle = errors.New("not a bundle in its one form")

// BundleFormat is the member format of every bundle.
const BundleFormat = "accord-bundle@1"

// MaxBundle bounds a bundle in bytes.
const MaxBundle = 256 << 10

// A Bundle is all that is needed to check one receipt offline, but the policy,
// which the verifier must have from elsewhere.
type Bundle struct {
	Format    string     `json:"format"`     // BundleFormat
	JWS       string     `json:"jws"`        // the receipt
	TlogProof string     `json:"tlog_proof"` // C2SP tlog-proof with the opening as its extra line
	Certs     []string   `json:"certs"`      // seal certificate of the signer, DER in base64
	Keys      []KeyEvent `json:"keys"`       // the signer's key events, opened
	Policy    string     `json:"policy"`     // convenience copy: who trusts it proves nothing
	Evidence  *Evidence  `json:"evidence,omitempty"`
}

// Evidence is FranceConnect's own signature on the login for this request.
// It goes into the citizen's bundle only.
type Evidence struct {
	IDToken string     `json:"id_token"`
	R       string     `json:"r"`    // base64url of 32 bytes: opens the nonce
	Salt    string     `json:"salt"` // base64url of 32 bytes: opens auth.evidence
	Keys    []KeyEvent `json:"keys"` // FranceConnect's key events, opened
}

// A KeyEvent is the opening of a public leaf about a key (kinds 9, 10, 11).
type KeyEvent struct {
	Index int64
	Event []byte      // the exact bytes
	Proof []tlog.Hash // inclusion under the same checkpoint; empty when not carried
}

type keyEventJSON struct {
	Index int64           `json:"i"`
	Event json.RawMessage `json:"event"`
	Proof string          `json:"proof,omitempty"` // base64 of the hashes, one after the other
}

// MarshalJSON gives {"i":…,"event":{…},"proof":"…"}.
func (k KeyEvent) MarshalJSON() ([]byte, error) {
	var hashes []byte
	for _, h := range k.Proof {
		hashes = append(hashes, h[:]...)
	}
	return encodePlain(keyEventJSON{k.Index, k.Event, base64.StdEncoding.EncodeToString(hashes)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (k *KeyEvent) UnmarshalJSON(b []byte) error {
	var in keyEventJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("decoding key event: %w", err)
	}
	hashes, err := base64.StdEncoding.DecodeString(in.Proof)
	if err != nil || len(hashes)%tlog.HashSize != 0 {
		return fmt.Errorf("decoding key event: %w: proof", ErrBundle)
	}
	*k = KeyEvent{Index: in.Index, Event: in.Event}
	for ; len(hashes) > 0; hashes = hashes[tlog.HashSize:] {
		k.Proof = append(k.Proof, tlog.Hash(hashes))
	}
	return nil
}

// BundleParts are what a bundle is made of.
type BundleParts struct {
	JWS         []byte
	Opening     Opening     // of the act's event
	Inclusion   []tlog.Hash // of its leaf under Checkpoint
	Checkpoint  []byte      // signed note
	Certificate []byte      // seal certificate of the signer, DER
	KeyEvents   []KeyEvent  // of the signer's key only, so that a bundle stays small
	Policy      []byte
	Evidence    *Evidence // nil but for the citizen
}

// MakeBundle puts the parts together and judges nothing but their form.
func MakeBundle(p BundleParts) ([]byte, error) {
	extra, err := EncodeOpening(p.Opening)
	if err != nil {
		return nil, fmt.Errorf("making bundle: %w", err)
	}
	proof := ledger.FormatProof(ledger.Proof{
		Extra: extra, Index: p.Opening.Index, Hashes: p.Inclusion, Checkpoint: p.Checkpoint,
	})
	b := Bundle{
		Format: BundleFormat, JWS: string(p.JWS), TlogProof: string(proof),
		Certs: []string{base64.StdEncoding.EncodeToString(p.Certificate)}, Keys: p.KeyEvents,
		Policy: string(p.Policy), Evidence: p.Evidence,
	}
	if b.Keys == nil {
		b.Keys = []KeyEvent{}
	}
	out, err := encodePlain(b)
	if err != nil {
		return nil, fmt.Errorf("making bundle: %w: %w", ErrBundle, err)
	}
	if _, err := ParseBundle(out); err != nil {
		return nil, fmt.Errorf("making bundle: %w", err)
	}
	return out, nil
}

// ParseBundle reads a bundle; what it accepts encodes to the same bytes. It
// judges the form of its parts when they are verified. Errors wrap ErrBundle.
func ParseBundle(data []byte) (Bundle, error) {
	if len(data) > MaxBundle {
		return Bundle{}, fmt.Errorf("parsing bundle: %w: %d bytes", ErrBundle, len(data))
	}
	var b Bundle
	if json.Unmarshal(data, &b) != nil {
		return Bundle{}, fmt.Errorf("parsing bundle: %w: not the JSON expected", ErrBundle)
	}
	if b.Keys == nil || b.Certs == nil || !writesBackAs(b, data) {
		return Bundle{}, fmt.Errorf("parsing bundle: %w: members unknown, doubled, missing or out of order", ErrBundle)
	}
	if b.Format != BundleFormat {
		return Bundle{}, fmt.Errorf("parsing bundle: %w: format %q", ErrBundle, b.Format)
	}
	return b, nil
}
