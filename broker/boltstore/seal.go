package boltstore

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"
)

// A wrap row holds the keys of what is sealed at one place:
//
//	len(1) ‖ epoch id ‖ ( part(1) ‖ AES-256-GCM(epoch key, row key)(60) )…
//
// Each key has its own wrap, so that one of the three can be erased alone.
const (
	keySize  = 32
	gcmExtra = 12 + 16 // nonce and tag
	wrapSize = keySize + gcmExtra
)

// A part is what is sealed at one place of the log. Its byte ends the row's key
// and marks its key's wrap.
type part byte

const (
	eventPart   part = 'e'
	receiptPart part = 'r' // only of events that carry one
	saltPart    part = 's' // none for public kinds
)

func (p part) key(at place) []byte { return append(at[:], byte(p)) }

// A sealer seals rows under keys of their own and wraps these under the epoch
// key. Safe for concurrent use.
type sealer struct {
	epochs Epochs

	mu    sync.Mutex
	known map[string]cipher.AEAD // by epoch id
}

func newSealer(e Epochs) *sealer {
	return &sealer{epochs: e, known: make(map[string]cipher.AEAD)}
}

// An epoch is one month's wrapping key.
type epoch struct {
	id   string
	aead cipher.AEAD
}

// current is the epoch of new events stamped at.
func (s *sealer) current(at time.Time) (epoch, error) {
	id, key, err := s.epochs.Epoch(at)
	if err != nil {
		return epoch{}, fmt.Errorf("taking the epoch key: %w", err)
	}
	if id == "" || len(id) > 255 {
		return epoch{}, fmt.Errorf("taking the epoch key: id of %d bytes", len(id))
	}
	return s.remember(id, key)
}

// byID is an earlier epoch.
func (s *sealer) byID(id string) (epoch, error) {
	s.mu.Lock()
	aead, ok := s.known[id]
	s.mu.Unlock()
	if ok {
		return epoch{id, aead}, nil
	}
	key, err := s.epochs.EpochKey(id)
	if err != nil {
		return epoch{}, fmt.Errorf("taking epoch key %s: %w", id, err)
	}
	return s.remember(id, key)
}

func (s *sealer) remember(id string, key [32]byte) (epoch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if aead, ok := s.known[id]; ok {
		return epoch{id, aead}, nil
	}
	aead, err := newAEAD(key[:])
	if err != nil {
		return epoch{}, err
	}
	s.known[id] = aead
	return epoch{id, aead}, nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("making AES-256: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("making AES-256-GCM: %w", err)
	}
	return aead, nil
}

// A sealing gathers what is sealed at one place and the wraps of its keys.
type sealing struct {
	at    place
	epoch epoch
	wraps []byte
}

func (e epoch) sealing(at place) *sealing {
	wraps := append([]byte{byte(len(e.id))}, e.id...)
	return &sealing{at: at, epoch: e, wraps: wraps}
}

// seal returns the row of a part, and keeps the wrap of its fresh key.
func (s *sealing) seal(p part, plain []byte) ([]byte, error) {
	var key [keySize]byte
	if _, err := rand.Read(key[:]); err != nil {
		return nil, fmt.Errorf("drawing a row key: %w", err)
	}
	aead, err := newAEAD(key[:])
	if err != nil {
		return nil, err
	}
	s.wrap(p, key[:])
	return aead.Seal(nil, nil, plain, sealContext(p, s.at)), nil
}

// wrap keeps a row key under the epoch key.
func (s *sealing) wrap(p part, key []byte) {
	s.wraps = append(s.wraps, byte(p))
	s.wraps = s.epoch.aead.Seal(s.wraps, nil, key, wrapContext(p, s.at, s.epoch.id))
}

// sealContext binds a sealed row to its bucket, place and part: rows cannot be
// exchanged.
func sealContext(p part, at place) []byte {
	return slices.Concat([]byte(string(sealedBucket)+"\x00"), at[:], []byte{byte(p)})
}

func wrapContext(p part, at place, epoch string) []byte {
	return slices.Concat([]byte(string(wrapBucket)+"\x00"), at[:], []byte{byte(p)}, []byte(epoch))
}

// open reads a sealed row; nil when there is none at this place.
func (s *sealer) open(tx *bbolt.Tx, p part, at place) ([]byte, error) {
	sealed, err := getRow(tx, sealedBucket, p.key(at))
	if err != nil || sealed == nil {
		return nil, err
	}
	key, err := s.unwrap(tx, p, at)
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nil, sealed, sealContext(p, at))
	if err != nil {
		return nil, fmt.Errorf("opening a sealed row: %w", ErrDamaged)
	}
	return plain, nil
}

func (s *sealer) unwrap(tx *bbolt.Tx, p part, at place) ([]byte, error) {
	row, err := getRow(tx, wrapBucket, at[:])
	if err != nil {
		return nil, err
	}
	id, wrapped, ok := findWrap(row, p)
	if !ok {
		return nil, fmt.Errorf("finding the key of a sealed row: %w", ErrDamaged)
	}
	e, err := s.byID(id)
	if err != nil {
		return nil, err
	}
	key, err := e.aead.Open(nil, nil, wrapped, wrapContext(p, at, id))
	if err != nil {
		return nil, fmt.Errorf("unwrapping the key of a sealed row: %w", ErrDamaged)
	}
	return key, nil
}

func findWrap(row []byte, p part) (epoch string, wrapped []byte, ok bool) {
	if len(row) == 0 || len(row) < 1+int(row[0]) {
		return "", nil, false
	}
	id, rest := row[1:1+int(row[0])], row[1+int(row[0]):]
	for len(rest) >= 1+wrapSize {
		if rest[0] == byte(p) {
			return string(bytes.Clone(id)), rest[1 : 1+wrapSize], true
		}
		rest = rest[1+wrapSize:]
	}
	return "", nil, false
}
