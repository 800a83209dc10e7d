package visitors

import (
	"testing"
	"time"
)

func TestAFloodOfOneVisitorEndsAndNobodyElsePaysForIt(t *testing.T) {
	const burst = 20
	l := New(6*time.Second, burst)
	allowed := 0
	for range 100 {
		if l.Allow("client", "192.0.2.1") {
			allowed++
		}
	}
	if allowed < burst || allowed > burst+1 {
		t.Fatalf("%d of 100 allowed, want about %d", allowed, burst)
	}
	if !l.Allow("client", "192.0.2.2") || !l.Allow("other", "192.0.2.1") {
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
