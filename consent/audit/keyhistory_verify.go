package audit

import (
	"encoding/json"
	"fmt"
	"strings"

	"accord/consent/receipt"
)

// covers: what stands at a leaf may be vouched for by a key activated before
// it and not ended by then. RFC 6962's order, not anybody's clock, decides.
func (k LoggedKey) covers(index int64) error {
	if index <= k.Activated {
		return fmt.Errorf("%w: key activated at leaf %d", receipt.ErrKeyNotValid, k.Activated)
	}
	if k.EndIndex != nil && index >= *k.EndIndex {
		return fmt.Errorf("%w: key ended at leaf %d", receipt.ErrKeyNotValid, *k.EndIndex)
	}
	return nil
}

// VerifyReceipt returns the receipt logged at a leaf if a key in use at that
// leaf signed it. Errors are receipt.Verify's; a retired key's receipt not
// logged before its retirement fails with receipt.ErrKeyNotValid.
func (k Keys) VerifyReceipt(jws []byte, index int64) (receipt.Receipt, error) {
	kid, certificate := headerOf(jws)
	key, known := k.Find(RoleReceipt, kid)
	if !known {
		return receipt.Verify(jws, nil)
	}
	set, _ := key.receiptKey()
	if set.CertificateDigest == [32]byte{} {
		set.CertificateDigest = certificate // the log names none: the key's holder says which
	}
	r, err := receipt.Verify(jws, receipt.KeySet{set})
	if err != nil {
		return receipt.Receipt{}, err
	}
	if err := key.covers(index); err != nil {
		return receipt.Receipt{}, fmt.Errorf("verifying receipt at leaf %d: %w", index, err)
	}
	return r, nil
}

// headerOf reads kid and x5t#S256, believing neither.
func headerOf(jws []byte) (kid string, certificate [32]byte) {
	head, _, _ := strings.Cut(string(jws[:min(len(jws), 4<<10)]), ".")
	b, _ := decodeURL(head)
	var h receipt.Header
	_ = json.Unmarshal(b, &h)
	if sum, ok := decodeURL(h.CertificateDigest); ok && len(sum) == len(certificate) {
		certificate = [32]byte(sum)
	}
	return h.KeyID, certificate
}
