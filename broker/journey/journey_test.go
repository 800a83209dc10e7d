package journey

import (
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestATicketReadsBackAsItWasWritten(t *testing.T) {
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	made := newTicket(id)
	read, err := parseTicket(made.handle, made.value())
	if err != nil || read.id != id || string(read.secret) != string(made.secret) {
		t.Fatalf("%v: %v", read, err)
	}
	if renewed := made.renewed(); renewed.handle != made.handle || renewed.id != made.id || string(renewed.secret) == string(made.secret) {
		t.Fatal("a renewed ticket keeps handle and id, never the secret")
	}
}

func TestAnyOtherCookieIsNoTicket(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		handle, value := rapid.String().Draw(t, "handle"), rapid.String().Draw(t, "value")
		if got, err := parseTicket(handle, value); err == nil && got.value() != value {
			t.Fatalf("accepted %q, which reads back as %q", value, got.value())
		}
	})
}

func TestTheCodeIsTheSameForTheSamePostOnly(t *testing.T) {
	a, b := newTicket(uuid.New()), newTicket(uuid.New())
	if first, again := code(a), code(a); first != again || len(first) != 43 {
		t.Fatal("one ticket gives two codes")
	}
	if code(a) == code(b) || code(a) == code(a.renewed()) {
		t.Fatal("two tickets give one code")
	}
}

func TestNonceBindsTheRecordedRequest(t *testing.T) {
	r := randomBytes(32)
	one, two := &logged{Digest: randomBytes(32)}, &logged{Digest: randomBytes(32)}
	if nonce(one, r) == nonce(two, r) || nonce(one, r) == nonce(one, randomBytes(32)) || len(nonce(one, r)) != 64 {
		t.Fatal("the nonce does not depend on the request and on r")
	}
}

func TestLocksAreForgottenWhenNobodyHoldsThem(t *testing.T) {
	l := newLocks()
	unlock := l.lock("a")
	l.lock("b")()
	if len(l.held) != 1 {
		t.Fatalf("%d locks kept, want 1", len(l.held))
	}
	unlock()
	if len(l.held) != 0 {
		t.Fatal("a free lock is kept")
	}
}
