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

func TestAFloodOfAnonymousRefusalsIsNotRecordedWithoutEnd(t *testing.T) {
	l := newRefusalLimits()
	recorded := 0
	for range 100 {
		if l.allow("client", "192.0.2.1") {
			recorded++
		}
	}
	if recorded < refusalBurst || recorded > refusalBurst+1 {
		t.Fatalf("%d of 100 recorded, want about %d", recorded, refusalBurst)
	}
	if !l.allow("client", "192.0.2.2") || !l.allow("other", "192.0.2.1") {
		t.Fatal("another address or client pays for it")
	}
}

func TestOneSubscriberIsOneAddressAlsoInIPv6(t *testing.T) {
	if network("2001:db8:1:2:3::4") != network("2001:db8:1:2:ffff::1") || network("2001:db8:1:2::1") == network("2001:db8:1:3::1") {
		t.Fatal("IPv6 addresses are not told apart by /64")
	}
	if network("192.0.2.1") == network("192.0.2.2") {
		t.Fatal("IPv4 addresses are not told apart")
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
