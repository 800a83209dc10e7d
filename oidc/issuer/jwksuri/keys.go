// Package jwksuri reads the public keys that clients publish at an address of
// theirs (jwks_uri, OpenID Connect Registration §2), so that they change keys
// without asking. Who registered the address is trusted to name keys, and with
// nothing else:
//
//	kid ─→ cache, as long as the answer's max-age allows ─→ key
//	        └ unknown kid or too old ─→ back-off ─→ fetch ─→ dialled address is public? ─→ ≤ 64 KiB ─→ good keys
//	                                     └ too soon, or it failed ─→ the keys of before, for an hour at most
//
// Keys to verify by are asked for by their kid, the key to encrypt to by nothing
// (encryption.go).
package jwksuri

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	freshLeast   = time.Minute      // whatever the answer says
	freshDefault = 5 * time.Minute  // of an answer that says nothing
	freshMost    = time.Hour        // a key taken away is gone after that
	staleMost    = time.Hour        // more, while the address does not answer
	betweenGood  = 30 * time.Second // least time between two fetches
	betweenBad   = 10 * time.Second // after a failure, doubled by each further one
	betweenMost  = 10 * time.Minute
)

// errAway says that the keys of a client cannot be had now.
var errAway = errors.New("the client's keys cannot be fetched")

// Config is what Keys needs.
type Config struct {
	// Loopback allows http, and addresses of this very machine: for an issuer
	// that is on one itself, in demonstrations and tests.
	Loopback bool
	Good     func(jose.JSONWebKey) bool // which published keys verify; the others are as if not there
	// Encrypts tells which keys of use enc may be encrypted to; nil: none.
	Encrypts func(jose.JSONWebKey) bool
	Now      func() time.Time
	Log      *slog.Logger
}

// Keys finds clients' published keys. It is safe for concurrent use.
type Keys struct {
	config Config
	http   *http.Client

	mu  sync.Mutex // guards all
	all map[string]*published
}

// published is what one address gave.
type published struct {
	turn chan struct{} // holds one: who takes it may fetch

	mu       sync.Mutex // guards the rest
	keys     []jose.JSONWebKey
	sealing  *jose.JSONWebKey // the first to encrypt to, nil without one that is usable
	sealed   bool             // a key of use enc stands there, or stood there before
	freshTo  time.Time
	nextTry  time.Time
	failures int
}

// New makes Keys; it contacts nobody.
func New(c Config) *Keys {
	return &Keys{config: c, http: client(c.Loopback), all: map[string]*published{}}
}

// Key finds the key with an id among those an address publishes; ok is false
// when it is not one of them. An error means that no key is known now.
//
// kid comes from outside and may be a stranger's: an unknown one leads to a
// fetch at most every 30 s for each address.
func (k *Keys) Key(ctx context.Context, address, kid string) (key jose.JSONWebKey, ok bool, err error) {
	p := k.published(address)
	known := func() bool { _, ok := p.find(kid, k.config.Now()); return ok }
	if err := k.refresh(ctx, p, address, known); err != nil {
		return key, false, err
	}
	return p.findStale(kid, k.config.Now())
}

func (k *Keys) published(address string) *published {
	k.mu.Lock()
	defer k.mu.Unlock()
	p := k.all[address]
	if p == nil {
		p = &published{turn: make(chan struct{}, 1)}
		k.all[address] = p
	}
	return p
}

// find looks among fresh keys.
func (p *published) find(kid string, now time.Time) (jose.JSONWebKey, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !now.Before(p.freshTo) {
		return jose.JSONWebKey{}, false
	}
	return p.key(kid)
}

// findStale looks among keys that may be old, but not too old.
func (p *published) findStale(kid string, now time.Time) (jose.JSONWebKey, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.freshTo.IsZero() || !now.Before(p.freshTo.Add(staleMost)) {
		return jose.JSONWebKey{}, false, errAway
	}
	key, ok := p.key(kid)
	return key, ok, nil
}

func (p *published) key(kid string) (jose.JSONWebKey, bool) {
	for _, key := range p.keys {
		if key.KeyID == kid {
			return key, true
		}
	}
	return jose.JSONWebKey{}, false
}

// refresh fetches unless what is wanted is known already, or it is too soon; one
// at a time for an address, and whoever waited finds what the other fetched.
func (k *Keys) refresh(ctx context.Context, p *published, address string, known func() bool) error {
	if known() {
		return nil
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return fmt.Errorf("waiting for a client's keys: %w", ctx.Err())
	}
	now := k.config.Now()
	if known() || p.tooSoon(now) {
		return nil
	}
	// A caller that hangs up must not leave the keys unfetched and the back-off
	// untouched.
	set, fresh, err := k.fetch(context.WithoutCancel(ctx), address)
	if err != nil {
		k.config.Log.WarnContext(ctx, "fetching a client's keys", "address", address, "cause", err)
		p.failed(now)
		return nil
	}
	p.took(set, fresh, now)
	return nil
}

func (p *published) tooSoon(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return now.Before(p.nextTry)
}

func (p *published) failed(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := min(betweenBad<<min(p.failures, 10), betweenMost)
	p.failures++
	p.nextTry = now.Add(wait)
}

func (p *published) took(s set, fresh time.Duration, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys, p.sealing, p.sealed, p.failures = s.keys, s.sealing, p.sealed || s.sealed, 0
	p.freshTo, p.nextTry = now.Add(fresh), now.Add(betweenGood)
}
