package audit

import (
	"encoding/asn1"
	"math/big"
	"testing"
)

// rawSignature turns the DER form of an ECDSA signature to r ‖ s. RFC 7518 §3.4.
func rawSignature(t testing.TB, der []byte) []byte {
	t.Helper()
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		t.Fatal(err)
	}
	out := make([]byte, signatureSize)
	pair.R.FillBytes(out[:32])
	pair.S.FillBytes(out[32:])
	return out
}
