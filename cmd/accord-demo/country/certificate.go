package country

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"accord/broker/configuration"
)

// certificateLife is of a certificate that is made anew at each start.
const certificateLife = 30 * 24 * time.Hour

// certify makes the certificate of this start, where one is needed: signed by
// its own key, for loopback's two names.
func (c *Country) certify(context.Context) error {
	if c.options.Conformance == "" {
		return nil
	}
	dir := filepath.Join(c.Data, "conformance")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making a folder for the certificate: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("making a key for TLS: %w", err)
	}
	template := &x509.Certificate{
		Subject:      pkix.Name{CommonName: "localhost"}, // Java reads no certificate without a name
		SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(certificateLife),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return fmt.Errorf("making a certificate: %w", err)
	}
	return c.keepPair(dir, der, key)
}

// keepPair writes certificate and key as accord serve reads them.
func (c *Country) keepPair(dir string, der []byte, key *ecdsa.PrivateKey) error {
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("writing the key of TLS: %w", err)
	}
	c.pair = &configuration.TLS{Certificate: filepath.Join(dir, "tls.pem"), Key: filepath.Join(dir, "tls-key.pem")}
	for name, block := range map[string]pem.Block{c.pair.Certificate: {Type: "CERTIFICATE", Bytes: der}, c.pair.Key: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(&block), 0o600); err != nil {
			return fmt.Errorf("writing the certificate: %w", err)
		}
	}
	own, err := x509.ParseCertificate(der)
	if err != nil {
		return fmt.Errorf("reading the certificate: %w", err)
	}
	c.roots = x509.NewCertPool()
	c.roots.AddCert(own)
	return nil
}

// encrypt has a server end TLS as accord serve does, where its address is https.
// Handshakes that fail are the suite's to make: it tries what must be refused.
func (c *Country) encrypt(s *http.Server, port int) (err error) {
	if c.pair == nil || port != accordPort && port != franceConnectPort {
		return nil
	}
	s.ErrorLog = slog.NewLogLogger(c.options.Log.Handler(), slog.LevelDebug)
	s.TLSConfig, err = c.pair.Server()
	return err
}

// trusting is a client that trusts the certificate; nil, the usual one, without.
func (c *Country) trusting() *http.Client {
	if c.roots == nil {
		return nil
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: c.roots, MinVersion: tls.VersionTLS12}}}
}

// Roots trust the certificate of an https country; nil on http.
func (c *Country) Roots() *x509.CertPool { return c.roots }
