package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// Everyone and everything here is invented.
const (
	client    = "editeur-valbrume"
	recipient = "99900010200015"
	purpose   = "tarification-cantine"
	approval  = "cantine-valbrume"
	basis     = "accord_art6_1_e"
	keyID     = "receipt-1"
	citizen   = "KcitizenAliceAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

	codeLife     = time.Minute
	tokenLife    = 10 * time.Minute
	grantLife    = 11 * time.Minute
	snapshotLife = 21 * time.Minute
	answerLife   = 10 * time.Minute
)

func approvedData() []string { return []string{"cnaf_quotient_familial", "dgfip_rfr"} }

func approvedFields() []string {
	return []string{"dgfip/situation_ir#revenu_fiscal_reference", "dss/quotient_familial#quotient_familial.valeur"}
}

// A clock is set by the test.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// A tester is a *testing.T or a *rapid.T.
type tester interface {
	Logf(format string, args ...any)
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// A world is one store with an approval, a receipt key and a clock.
type world struct {
	t      tester
	ctx    context.Context
	place  Place
	store  store.Store
	clock  *clock
	ids    atomic.Int64
	prefix string // of ids, where several processes work on one store
}

func newWorld(t *testing.T, f Factory) *world {
	t.Helper()
	w := newWorldFor(t, t, f)
	t.Cleanup(w.close)
	return w
}

// newWorldFor makes its place with t and tells failures to who; who closes it.
func newWorldFor(t testing.TB, who tester, f Factory) *world {
	t.Helper()
	c := &clock{at: time.Date(2026, 11, 22, 13, 21, 7, 412_000_000, time.UTC)}
	w := &world{t: who, ctx: context.Background(), clock: c, place: f(t, c.now)}
	w.open()
	w.ok(w.store.Announce(w.ctx, []store.Public{w.key(), w.approval()}))
	return w
}

func (w *world) close() {
	if err := w.store.Close(); err != nil {
		w.t.Errorf("closing the store: %v", err)
	}
}

func (w *world) open() {
	w.t.Helper()
	s, err := w.place.Open()
	if err != nil {
		w.t.Fatalf("opening the store: %v", err)
	}
	w.store = s
}

func (w *world) reopen() {
	w.t.Helper()
	w.ok(w.store.Close())
	w.open()
}

func (w *world) killAndReopen() {
	w.t.Helper()
	w.place.Kill(w.store)
	w.open()
}

// id is new at each call.
func (w *world) id(kind string) string {
	return fmt.Sprintf("019ab9c1-%s-%06d-%s", w.prefix, w.ids.Add(1), kind)
}

func hash(s string) store.Hash { return sha256.Sum256([]byte(s)) }

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("unexpected error: %v", err)
	}
}

func (w *world) refused(err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Fatalf("error is %v, want %v", err, want)
	}
}

func (w *world) size() int64 { return w.store.Health(w.ctx).Size }

// logsNothing runs what must be refused with want and leave the log as it is.
func (w *world) logsNothing(want error, run func() error) {
	w.t.Helper()
	before := w.size()
	w.refused(run(), want)
	if after := w.size(); after != before {
		w.t.Fatalf("a refused command logged %d events", after-before)
	}
}

func (w *world) key() store.Public {
	return store.Public{
		Kind: audit.KeyActivated, ID: keyID, Digest: audit.Digest([]byte(keyID)),
		Event: audit.Event{Key: "{}", Role: "receipt"},
	}
}

func (w *world) approval() store.Public {
	return store.Public{
		Kind: audit.ApprovalChanged, ID: approval, Digest: approvalDigest(),
		Approval: &store.ApprovalState{
			ID: approval, Digest: approvalDigest(), Client: client, Recipient: recipient, Purpose: purpose,
			InForce: true, Data: approvedData(), Fields: approvedFields(), MaxFetches: 1,
		},
	}
}

func approvalDigest() string { return audit.Digest([]byte(approval)) }

// changeApproval announces the approval with a change.
func (w *world) changeApproval(change func(*store.ApprovalState)) {
	w.t.Helper()
	p := w.approval()
	change(p.Approval)
	w.ok(w.store.Announce(w.ctx, []store.Public{p}))
}

func (w *world) retireKey() {
	w.t.Helper()
	w.ok(w.store.Announce(w.ctx, []store.Public{{Kind: audit.KeyRetired, ID: keyID, Digest: audit.Digest([]byte("retired"))}}))
}
