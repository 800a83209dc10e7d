package keyring

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"time"
)

// sealYears is how long the self-signed seal certificate is valid: longer
// than any receipt is kept after its end (5 years).
const sealYears = 10

// sealName begins the subject of every certificate made here.
const sealName = "Accord seal of "

// sealCertificate makes the receipt key's self-signed certificate, DER. A
// bought seal takes its place by writing receipt.key.pem, receipt.cert.pem
// and the history.
func sealCertificate(key *ecdsa.PrivateKey, issuer string, now time.Time) ([]byte, error) {
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: sealName + issuer},
		NotBefore:             now.Add(-time.Minute).UTC(),
		NotAfter:              now.AddDate(sealYears, 0, 0).UTC(),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("making the seal certificate: %w", err)
	}
	return der, nil
}

func encodeCertificate(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// readCertificate reads the seal certificate, DER, which must be the key's.
func readCertificate(path string, key *ecdsa.PrivateKey) ([]byte, error) {
	text, err := readPublic(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, fmt.Errorf("opening %s: not a PEM block CERTIFICATE", path)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	want, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil || !bytes.Equal(cert.RawSubjectPublicKeyInfo, want) {
		return nil, fmt.Errorf("opening %s: the certificate is of another key than the one that signs receipts", path)
	}
	return block.Bytes, nil
}
