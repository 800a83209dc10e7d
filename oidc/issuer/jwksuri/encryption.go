package jwksuri

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// errUnsealing says that a client that published a key to encrypt to has none
// now that can be encrypted to.
var errUnsealing = errors.New("no key of use enc that the client publishes is usable")

// A set is what one answer holds.
type set struct {
	keys    []jose.JSONWebKey // to verify by
	sealing *jose.JSONWebKey  // the first to encrypt to, nil without one that is usable
	sealed  bool              // a key of use enc stands there, usable or not
}

// encrypts takes a key that is there to encrypt to, of whatever kind: who
// publishes one wants encryption (RFC 7517 §4.2).
func (s *set) encrypts(raw json.RawMessage, usable func(jose.JSONWebKey) bool) bool {
	var told struct {
		Use string `json:"use"`
	}
	if json.Unmarshal(raw, &told) != nil || told.Use != "enc" {
		return false
	}
	s.sealed = true
	var key jose.JSONWebKey
	if s.sealing == nil && usable != nil && json.Unmarshal(raw, &key) == nil && usable(key) {
		s.sealing = &key
	}
	return true
}

// Encryption is the first key to encrypt to that an address publishes; ok is
// false where it publishes none, and none was seen there since the start. An
// error means that nothing may be sent in clear in its place: the address cannot
// be read, or what it publishes, or published, is of no use.
func (k *Keys) Encryption(ctx context.Context, address string) (key jose.JSONWebKey, ok bool, err error) {
	p := k.published(address)
	if err := k.refresh(ctx, p, address, func() bool { return p.fresh(k.config.Now()) }); err != nil {
		return key, false, err
	}
	return p.encryption(k.config.Now())
}

func (p *published) fresh(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return now.Before(p.freshTo)
}

func (p *published) encryption(now time.Time) (jose.JSONWebKey, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.freshTo.IsZero() || !now.Before(p.freshTo.Add(staleMost)):
		return jose.JSONWebKey{}, false, errAway
	case p.sealing != nil:
		return *p.sealing, true, nil
	case p.sealed:
		return jose.JSONWebKey{}, false, errUnsealing
	}
	return jose.JSONWebKey{}, false, nil
}
