package configuration

import (
	"crypto/tls"
	"fmt"
)

// cipherSuites are those RFC 9325 §4.2 recommends for TLS 1.2, and no other:
// FAPI 2.0 Security Profile §5.2.2 allows none beside them. TLS 1.3 has its own.
func cipherSuites() []uint16 {
	return []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	}
}

// Server is how a public server ends TLS: 1.2 at least (FAPI 2.0 Security
// Profile §5.2.1).
func (t *TLS) Server() (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(t.Certificate, t.Key)
	if err != nil {
		return nil, fmt.Errorf("loading the server certificate: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, CipherSuites: cipherSuites(), Certificates: []tls.Certificate{pair}}, nil
}
