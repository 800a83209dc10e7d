package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Version is the member v of every event.
const Version = 1

// TimeLayout is how an event's times are written: RFC 3339, UTC, milliseconds.
const TimeLayout = "2006-01-02T15:04:05.000Z"

// MaxEvent bounds an encoded event in bytes.
const MaxEvent = 64 << 10

// ErrEvent is returned for an event that cannot be encoded, or for bytes that
// are not the encoding of one.
var ErrEvent = errors.New("not an event")

// Encode gives the event's exact bytes: the ones a leaf commits to, equal to
// RFC 8785 (JCS). It refuses, with ErrEvent, an unknown kind, a time not in
// TimeLayout, text beyond printable ASCII and numbers outside 0 … 2⁵³-1.
func Encode(e Event) ([]byte, error) {
	if _, err := check(e); err != nil {
		return nil, fmt.Errorf("encoding event: %w", err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return nil, fmt.Errorf("encoding event: %w", err)
	}
	b := bytes.TrimSuffix(out.Bytes(), []byte("\n"))
	if len(b) > MaxEvent {
		return nil, fmt.Errorf("encoding event: %d bytes: %w", len(b), ErrEvent)
	}
	return b, nil
}

// Decode reads what Encode wrote and nothing else: unknown, doubled or
// misplaced members, spaces and other spellings are refused with ErrEvent.
func Decode(b []byte) (Event, Kind, error) {
	if len(b) > MaxEvent {
		return Event{}, 0, fmt.Errorf("decoding event: %d bytes: %w", len(b), ErrEvent)
	}
	var e Event
	if err := json.Unmarshal(b, &e); err != nil {
		return Event{}, 0, fmt.Errorf("decoding event: %w: %w", ErrEvent, err)
	}
	again, err := Encode(e)
	if err != nil {
		return Event{}, 0, fmt.Errorf("decoding event: %w", err)
	}
	if !bytes.Equal(again, b) {
		return Event{}, 0, fmt.Errorf("decoding event: not in canonical form, or members unknown or doubled: %w", ErrEvent)
	}
	kind, err := check(e)
	return e, kind, err
}

// Digest is "sha-256:" and the base64url of SHA-256(b). Never use it over
// anything that holds a value of a person: few digits can be found by trial.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha-256:" + base64.RawURLEncoding.EncodeToString(sum[:])
}

func check(e Event) (Kind, error) {
	kind, err := ParseKind(e.Kind)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrEvent, err)
	}
	if e.V != Version {
		return 0, fmt.Errorf("version %d: %w", e.V, ErrEvent)
	}
	if t, err := time.Parse(TimeLayout, e.Time); err != nil || t.Format(TimeLayout) != e.Time {
		return 0, fmt.Errorf("member time is not in the layout %s: %w", TimeLayout, ErrEvent)
	}
	if err := checkTexts(e); err != nil {
		return 0, err
	}
	return kind, checkNumbers(e)
}
