package keyring

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"accord/broker/store"
)

// ErrBought is answered for a seal certificate that Accord did not make: a
// rotation would put a self-signed one in its place.
var ErrBought = errors.New("the seal certificate is not one of Accord's own")

// An Announce makes public things durable in the log (store.Store.Announce).
type Announce func(ctx context.Context, things []store.Public) error

// rotating lets one change of keys happen at a time.
type rotating struct {
	sync.Mutex
	next *signers // durable, not yet announced: the log could not be written
}

// Rotate puts a new key in place of the one that signs in a role: receipt, or
// id_token (both algorithms). It may be called while the ring is in use, and
// again after an error: it goes on where it stopped.
//
//	new key durable ─ history names it ─ key.activated (9) logged ─ it signs ─
//	key.retired (10) of the old logged ─ history says so ─ old private key removed
//
// Cut short anywhere, the folder opens: the last key of the history signs, and
// the next start announces what the log lacks (Announcements, Settle). The new
// key signs before the old one is retired, so that an act refused with
// store.ErrStale is signed again with a key the log knows.
func (r *Ring) Rotate(ctx context.Context, role string, now func() time.Time, announce Announce) (kids []string, err error) {
	r.rotating.Lock()
	defer r.rotating.Unlock()
	if role != roleReceipt && role != roleIDToken {
		return nil, fmt.Errorf("rotating keys: %q: only %s and %s can be", role, roleReceipt, roleIDToken)
	}
	if err := r.rotate(ctx, role, now, announce); err != nil {
		return nil, fmt.Errorf("rotating the %s key: %w", role, err)
	}
	s := r.signers.Load()
	if role == roleReceipt {
		return []string{s.receiptID}, nil
	}
	return []string{s.es256ID, s.rs256ID}, nil
}

// rotate first ends what was cut short; that may be this very rotation.
func (r *Ring) rotate(ctx context.Context, role string, now func() time.Time, announce Announce) error {
	roles, err := r.finish(ctx, now, announce)
	if err != nil || slices.Contains(roles, role) {
		return err
	}
	if r.rotating.next, err = r.prepare(role, now()); err != nil {
		return err
	}
	_, err = r.finish(ctx, now, announce)
	return err
}

// finish carries on from new keys that are durable; it tells whose roles.
func (r *Ring) finish(ctx context.Context, now func() time.Time, announce Announce) (roles []string, err error) {
	if err := r.activate(ctx, announce); err != nil {
		return nil, err
	}
	for _, k := range r.signers.Load().history.superseded() {
		roles = append(roles, k.Role)
	}
	if len(roles) == 0 {
		return nil, nil
	}
	if err := announce(ctx, r.Announcements()); err != nil {
		return nil, err
	}
	return roles, r.settle(now())
}

// activate lets the prepared keys sign once the log knows them.
func (r *Ring) activate(ctx context.Context, announce Announce) error {
	next := r.rotating.next
	if next == nil {
		return nil
	}
	var things []store.Public
	for _, k := range next.history.Keys {
		if k.RetiredAt == nil {
			things = append(things, k.activated())
		}
	}
	if err := announce(ctx, things); err != nil {
		return err
	}
	r.signers.Store(next)
	r.rotating.next = nil
	return nil
}

// prepare makes the new keys of a role durable; history.json, written last,
// makes them count.
func (r *Ring) prepare(role string, now time.Time) (*signers, error) {
	s := r.signers.Load()
	m := &maker{ring: r, now: now.UTC().Truncate(time.Second), history: s.history}
	var err error
	if role == roleReceipt {
		err = m.receipt(s.certificate)
	} else {
		err = m.idTokens()
	}
	if err != nil {
		return nil, err
	}
	if err := r.writeHistory(m.history); err != nil {
		return nil, err
	}
	return r.openSigners()
}

// issuerOf is who Accord's own seal certificate names.
func issuerOf(der []byte) (string, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return "", fmt.Errorf("reading the seal certificate: %w", err)
	}
	issuer, ok := strings.CutPrefix(cert.Subject.CommonName, sealName)
	if !ok || !bytes.Equal(cert.RawIssuer, cert.RawSubject) {
		return "", ErrBought
	}
	return issuer, nil
}
