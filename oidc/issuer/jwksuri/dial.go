package jwksuri

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const (
	wholeFetch = 5 * time.Second
	dialling   = 3 * time.Second
)

// client reads no proxy from the environment, follows no redirect, and dials
// public addresses only.
func client(loopback bool) *http.Client {
	dialer := &net.Dialer{Timeout: dialling, Control: func(_, address string, _ syscall.RawConn) error {
		return dialable(address, loopback)
	}}
	return &http.Client{
		Timeout:       wholeFetch,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: dialling, ResponseHeaderTimeout: dialling, MaxResponseHeaderBytes: 16 << 10,
			DisableKeepAlives: true, DisableCompression: true, ForceAttemptHTTP2: true,
		},
	}
}

// dialable is asked for each address a name leads to, after it was resolved
// and at the moment of connecting: a name that changes between two look-ups
// gains nothing.
func dialable(address string, loopback bool) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return errors.New("no address to dial")
	}
	ip := to.Addr()
	if loopback && ip.Unmap().IsLoopback() {
		return nil
	}
	if !public(ip) {
		return fmt.Errorf("%s is not a public address", ip)
	}
	return nil
}

// public is an address of the Internet at large: none of this machine, of a
// network of ours, of a cloud's metadata, and none that stands for such a one.
func public(ip netip.Addr) bool {
	if ip.Zone() != "" || ip.Is4In6() || !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	if ip.Is6() && !global6.Contains(ip) {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// global6 is all of IPv6 that is given out (RFC 4291 §2.4, IANA); it leaves out
// NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), which stands for IPv4.
var global6 = netip.MustParsePrefix("2000::/3")

// special is what else no public server has (IANA's special-purpose
// registries, RFC 6890).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // shared by carriers (CGNAT)
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"), // Teredo and others, which stand for IPv4
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // 6to4, the same
	netip.MustParsePrefix("3fff::/20"),
}
