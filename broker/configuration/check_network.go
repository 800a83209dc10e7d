package configuration

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
)

func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func (d *document) checkAddresses(s *Settings) {
	_, port, err := net.SplitHostPort(s.Listen)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		d.problem("$.listen", "write host:port, as 127.0.0.1:8080 or :8443")
	}
	if u, ok := d.checkURL("$.issuer", s.Issuer); ok && (u.Path != "" || u.RawQuery != "") {
		d.problem("$.issuer", "write scheme and host only, without a slash at the end, as https://accord.example")
	}
	for i, p := range s.TrustedProxies {
		d.checkProxy(index("$.trusted_proxies", i), p)
	}
}

// checkProxy refuses ranges of everybody: then any client could write the
// address it is known by.
func (d *document) checkProxy(path, proxy string) {
	if _, err := netip.ParseAddr(proxy); err == nil {
		return
	}
	prefix, err := netip.ParsePrefix(proxy)
	switch {
	case err != nil:
		d.problem(path, "write an IP address or a range, as 10.0.0.0/24")
	case prefix.Bits() == 0:
		d.problem(path, "this range is everybody: write the proxy's own address")
	}
}

// checkURL demands an absolute https address; http is for loopback only.
func (d *document) checkURL(path, text string) (*url.URL, bool) {
	if !d.need(path, text, "an https address") {
		return nil, false
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.RawQuery != "" {
		d.problem(path, "write an absolute address without user, query and fragment")
		return nil, false
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		d.problem(path, "write an https address (http is for loopback only)")
		return nil, false
	}
	return u, true
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// checkTLS demands that nothing travels in the clear beyond this machine or a
// proxy that was named.
func (d *document) checkTLS(s *Settings) {
	if s.TLS == nil {
		d.checkPlain(s)
		return
	}
	here := d.need("$.tls.certificate", s.TLS.Certificate, "the PEM file of the certificate chain")
	if d.need("$.tls.key", s.TLS.Key, "the PEM file of its private key, mode 0400") && d.private("$.tls.key", s.TLS.Key) && here {
		if _, err := tls.LoadX509KeyPair(s.TLS.Certificate, s.TLS.Key); err != nil {
			d.problem("$.tls.certificate", "certificate and key cannot be used together: %s", err)
		}
	}
}

func (d *document) checkPlain(s *Settings) {
	if len(s.TrustedProxies) > 0 {
		return
	}
	host, _, err := net.SplitHostPort(s.Listen)
	if err == nil && !loopback(host) {
		d.problem("$.tls", "is missing while listen is reachable from outside: write certificate and key, or the address of the proxy under trusted_proxies")
		return
	}
	if u, err := url.Parse(s.Issuer); err == nil && u.Scheme == "https" {
		d.problem("$.trusted_proxies", "is missing while issuer is https and tls is not set: write the address of the proxy that ends TLS")
	}
}
