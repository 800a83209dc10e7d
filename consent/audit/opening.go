package audit

import (
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
)

// ErrOpening is returned for bytes that are no opening, and for an opening
// that is not that of its leaf.
var ErrOpening = errors.New("not the opening of a leaf")

// An Opening shows what a leaf commits to. It stands in the extra line of a
// tlog-proof, as {"i":…,"salt":"…","event":{…}}.
type Opening struct {
	Index int64
	Salt  [32]byte // zeros for the public kinds, and then absent from the JSON
	Event []byte   // the exact bytes, as Encode wrote them
}

type openingJSON struct {
	Index int64           `json:"i"`
	Salt  string          `json:"salt,omitempty"`
	Event json.RawMessage `json:"event"`
}

// EncodeOpening writes o on one line.
func EncodeOpening(o Opening) ([]byte, error) {
	out := openingJSON{Index: o.Index, Event: o.Event}
	if o.Salt != [32]byte{} {
		out.Salt = encodeURL(o.Salt[:])
	}
	b, err := encodePlain(out)
	if err != nil {
		return nil, fmt.Errorf("encoding opening: %w: %w", ErrOpening, err)
	}
	return b, nil
}

// DecodeOpening reads what EncodeOpening wrote, and nothing else. It leaves
// the event to Open.
func DecodeOpening(b []byte) (Opening, error) {
	var in openingJSON
	if json.Unmarshal(b, &in) != nil || in.Index < 0 || !writesBackAs(in, b) {
		return Opening{}, fmt.Errorf("decoding opening: %w: members unknown, doubled, missing or out of order", ErrOpening)
	}
	o := Opening{Index: in.Index, Event: in.Event}
	if in.Salt == "" {
		return o, nil
	}
	salt, ok := decodeURL(in.Salt)
	if !ok || len(salt) != len(o.Salt) || [32]byte(salt) == o.Salt {
		return Opening{}, fmt.Errorf("decoding opening: %w: salt", ErrOpening)
	}
	o.Salt = [32]byte(salt)
	return o, nil
}

// Open reads the event and gives the leaf it must be. An event that names a
// person without a salt, or a public one with a salt, is no opening.
func (o Opening) Open() (Event, ledger.Leaf, error) {
	e, kind, err := Decode(o.Event)
	if err != nil {
		return Event{}, ledger.Leaf{}, fmt.Errorf("opening leaf %d: %w: %w", o.Index, ErrOpening, err)
	}
	if kind.Public() != (o.Salt == [32]byte{}) {
		return Event{}, ledger.Leaf{}, fmt.Errorf("opening leaf %d: %w: salt of a %s", o.Index, ErrOpening, kind)
	}
	return e, ledger.NewLeaf(byte(kind), o.Salt, o.Event), nil
}

// In returns the event if the opening is that of the leaf at its index under
// checkpoint c, else an error that wraps ErrOpening or ledger.ErrProof.
func (o Opening) In(c ledger.Checkpoint, proof []tlog.Hash) (Event, error) {
	e, leaf, err := o.Open()
	if err != nil {
		return Event{}, err
	}
	if err := ledger.VerifyInclusion(leaf.Hash(), o.Index, c.Size, c.Root, proof); err != nil {
		return Event{}, fmt.Errorf("opening leaf %d: %w", o.Index, err)
	}
	return e, nil
}
