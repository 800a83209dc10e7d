package audit

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"accord/consent/receipt"
)

// FranceConnect signs with ES256 or RS256; the vectors are of the former.
func TestEvidenceSignedWithRS256IsTakenUnderItsOwnKeyOnly(t *testing.T) {
	w := newWorld(t)
	private := must2(rsa.GenerateKey(rand.Reader, 2048))(t)
	options := (&jose.SignerOptions{}).WithHeader("kid", "fc-rsa")
	signer := must2(jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: private}, options))(t)
	v := *w.evidence()
	v.IDToken = must2(must2(signer.Sign(must2(json.Marshal(w.claims()))(t)))(t).CompactSerialize())(t)
	r := w.receipt
	subject := *r.Subject
	subject.Auth.Evidence = w.evidenceDigest(v.IDToken)
	r.Subject = &subject
	var keys, swapped Keys
	activated := Event{Kind: "key.activated", Role: RoleFranceConnect, ID: "fc-rsa", Time: fixtureTime.Format(TimeLayout)}
	activated.Key = publicKeyText(t, private.Public(), "fc-rsa")
	if err := keys.Add(1, activated); err != nil {
		t.Fatal(err)
	}
	activated.Key = publicKeyText(t, w.fc.Public(), "fc-rsa")
	if err := swapped.Add(1, activated); err != nil {
		t.Fatal(err)
	}
	if err := VerifyEvidence(v, r, keys); err != nil {
		t.Error(err)
	}
	if err := VerifyEvidence(v, r, swapped); !errors.Is(err, receipt.ErrSignature) {
		t.Errorf("under an EC key of that kid: %v", err)
	}
	r.Subject = nil
	if err := VerifyEvidence(v, r, keys); !errors.Is(err, ErrEvidence) {
		t.Errorf("a receipt of no login: %v", err)
	}
}
