package broker_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/oidc/serviceprovider"
)

// A client that registered a key to encrypt to gets its signed deliveries
// sealed: who is between reads nothing, and inside is the very statement that
// anybody verifies, over the data of the log's digest.
func TestASignedDeliveryIsSealedForAClientWithAKey(t *testing.T) {
	p := newPortal(t)
	token := p.token(t)
	target := quotientPath + "?recipient=" + valbrume(p.Country)
	header := presenting("DPoP "+token.Access, p.proof(t, quotientPath, token.Access, nil))
	header.Set("Accept", "application/jwt")
	a := p.send(probe{target: target, header: header}, "fr")
	if a.status != http.StatusOK || strings.Count(a.body, ".") != 4 || a.header.Get("Content-Type") != "application/jwt" {
		t.Fatalf("%d %s %.80s", a.status, a.header.Get("Content-Type"), a.body)
	}
	jwe, err := jose.ParseEncryptedCompact(a.body, []jose.KeyAlgorithm{jose.ECDH_ES_A256KW}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil || jwe.Header.KeyID != p.PortalSeal.KeyID || jwe.Header.ExtraHeaders["cty"] != "JWT" {
		t.Fatalf("%v: %+v", err, jwe.Header)
	}
	jws, err := jwe.Decrypt(p.PortalSeal.Key)
	if err != nil {
		t.Fatal(err)
	}
	d, err := audit.VerifyDelivery(jws, receipt.KeySet(p.Keys.ReceiptKeys()))
	if err != nil || d.Release != a.header.Get("Accord-Release-Id") || !strings.Contains(string(d.Data), `"valeur":742`) {
		t.Fatalf("inside: %v %+v", err, d)
	}
	digest, err := d.Digest()
	if last := lastOf(t, p.Country, audit.ReleaseCompleted).event; err != nil || last.Release != d.Release || last.ResponseDigest != digest {
		t.Errorf("the log's digest is %s, the statement's %s, %v", last.ResponseDigest, digest, err)
	}
	signed, err := p.Signed(t.Context(), token, quotientResource)
	if err != nil || strings.Count(string(signed.JWS), ".") != 2 {
		t.Errorf("our own client: %v", err)
	}
	if plain, err := p.Data(t.Context(), token, quotientResource); err != nil || !strings.Contains(string(plain.Data), `"valeur":742`) {
		t.Errorf("the JSON envelope: %v", err)
	}
}

// Another's key opens nothing, and who expects a sealed delivery takes no other.
func TestASealedDeliveryIsForItsClientAlone(t *testing.T) {
	p := newPortal(t)
	other := *p.PortalSeal
	other.KeyID = "another"
	for name, keys := range map[string][]jose.JSONWebKey{"another key's name": {other}, "none": nil} {
		client, err := p.Portal(t.TempDir(), func(c *serviceprovider.Config) { c.Decryption, c.DPoP = keys, p.held })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Signed(t.Context(), p.token(t), quotientResource); !errors.Is(err, serviceprovider.ErrDelivery) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
