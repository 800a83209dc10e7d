package broker_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/oidc/issuer"
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

// publishing registers the portal anew, by an address that answers with keys as
// long as there are any.
func publishing(t *testing.T, p portal, change func(*issuer.Client)) (keys *atomic.Pointer[[]jose.JSONWebKey]) {
	t.Helper()
	keys = new(atomic.Pointer[[]jose.JSONWebKey])
	keys.Store(&[]jose.JSONWebKey{p.PortalKey.Public(), p.PortalSeal.Public()})
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		set := keys.Load()
		if set == nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.Header().Set("Cache-Control", "max-age=60")
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: *set})
	}))
	t.Cleanup(site.Close)
	for _, c := range p.Clients {
		if c.ID == country.FamilyPortal {
			before := *c
			t.Cleanup(func() { *c = before })
			c.JWKS, c.JWKSURI = issuer.JWKS{}, site.URL+"/jwks.json"
			if change != nil {
				change(c)
			}
			if problems := c.Validate(); len(problems) > 0 {
				t.Fatal(problems)
			}
		}
	}
	return keys
}

// signedAnswer asks for a signed delivery.
func (p portal) signedAnswer(t *testing.T, access string) answer {
	t.Helper()
	header := presenting("DPoP "+access, p.proof(t, quotientPath, access, nil))
	header.Set("Accept", "application/jwt")
	return p.send(probe{target: quotientPath + "?recipient=" + valbrume(p.Country), header: header}, "fr")
}

// A key that a client publishes seals its deliveries like one it registered.
func TestASignedDeliveryIsSealedToAPublishedKey(t *testing.T) {
	p := newPortal(t)
	publishing(t, p, nil)
	a := p.signedAnswer(t, p.token(t).Access)
	jwe, err := jose.ParseEncryptedCompact(a.body, []jose.KeyAlgorithm{jose.ECDH_ES_A256KW}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil || a.status != http.StatusOK || jwe.Header.KeyID != p.PortalSeal.KeyID {
		t.Fatalf("%d %v %.80s", a.status, err, a.body)
	}
	jws, err := jwe.Decrypt(p.PortalSeal.Key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.VerifyDelivery(jws, receipt.KeySet(p.Keys.ReceiptKeys())); err != nil {
		t.Errorf("inside: %v", err)
	}
}

// A client that wants its deliveries encrypted gets none in clear, none is in the
// log, and JSON, which it asks for knowingly, stays as it was.
func TestWithoutItsKeyADeliveryToBeSealedDoesNotLeave(t *testing.T) {
	for name, one := range map[string]struct {
		keys     func(p portal) []jose.JSONWebKey
		declared bool
		want     int
	}{
		"declared, none published":     {func(p portal) []jose.JSONWebKey { return []jose.JSONWebKey{p.PortalKey.Public()} }, true, http.StatusServiceUnavailable},
		"not declared, none published": {func(p portal) []jose.JSONWebKey { return []jose.JSONWebKey{p.PortalKey.Public()} }, false, http.StatusOK},
		"published with an alg that is not had": {func(p portal) []jose.JSONWebKey {
			weak := p.PortalSeal.Public()
			weak.Algorithm = "ECDH-ES+A128KW"
			return []jose.JSONWebKey{p.PortalKey.Public(), weak}
		}, false, http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPortal(t)
			published := publishing(t, p, func(c *issuer.Client) { c.EncryptedDeliveries = one.declared })
			keys := one.keys(p)
			published.Store(&keys)
			token := p.token(t)
			before := p.trace(t)
			a := p.signedAnswer(t, token.Access)
			if a.status != one.want {
				t.Fatalf("%d %s", a.status, a.body)
			}
			if one.want == http.StatusOK {
				return
			}
			if strings.Contains(a.body, "valeur") || !strings.Contains(a.body, "00504") || a.header.Get("Retry-After") != "10" || a.header.Get("Accord-Release-Id") != "" {
				t.Errorf("answered %v %s", a.header, a.body)
			}
			if got := p.trace(t).minus(before); got.leaves != 0 {
				t.Errorf("left %+v", got)
			}
			if plain, err := p.Data(t.Context(), token, quotientResource); err != nil || !strings.Contains(string(plain.Data), `"valeur":742`) {
				t.Errorf("the JSON envelope: %v", err)
			}
		})
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
