package fcsim_test

import (
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/franceconnect/fcsim"
)

func plusEncryptsRawIdentities(t *testing.T) {
	for _, alg := range []string{"ECDH-ES", "RSA-OAEP", "RSA-OAEP-256"} {
		private := encryptionKey(t, alg)
		b := newBench(t, func(o *fcsim.Options) {
			o.Plus = &fcsim.Plus{EncryptionKey: jose.JSONWebKey{Key: public(private), KeyID: "our-key", Algorithm: alg}}
			o.Personas = append(o.Personas, fcsim.EdgePersonas(time.Now())...)
		})
		got := b.tokens(b.loginWith("abroad-text", plusRequest("openid profile birth email", "eidas3 eidas2")).Get("code"))
		hint, id := b.unsealed(got["id_token"], private, alg)
		if id["acr"] != "eidas2" || id["nonce"] != nonce {
			t.Errorf("ID token %v", id)
		}
		_, c := b.unsealed(b.userinfo(got["access_token"]).body, private, alg)
		if len(c) != 13 || c["birthplace"] != "Porto-o-Velho" || c["given_name_array"] != nil {
			t.Errorf("%d claims: %v", len(c), c)
		}
		if a := b.logout(hint); a.StatusCode != 200 {
			t.Errorf("logout with the inner JWS: HTTP %d", a.StatusCode)
		}
	}
	birthsAreRawOnPlus(t)
}

// unsealed checks the JWE's header and gives what it holds, verified.
func (b *bench) unsealed(token, private any, alg string) (jws string, claims map[string]any) {
	b.t.Helper()
	text, _ := token.(string)
	h := object(b.t, decoded(b.t, text))
	delete(h, "epk")
	if members(h) != "alg aud cty enc iss kid" || h["cty"] != "JWT" || h["kid"] != "our-key" || h["enc"] != "A256GCM" || h["iss"] != b.issuer || h["aud"] != clientID {
		b.t.Errorf("JWE header %v", h)
	}
	sealed, err := jose.ParseEncryptedCompact(text, []jose.KeyAlgorithm{jose.KeyAlgorithm(alg)}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		b.t.Fatal(err)
	}
	inner, err := sealed.Decrypt(private)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(inner), b.verified(string(inner))
}

func birthsAreRawOnPlus(t *testing.T) {
	t.Helper()
	b := newBench(t, plus)
	token := b.tokens(b.loginWith("month", plusRequest("openid rnipp_identite_pivot", "eidas2")).Get("code"))["access_token"]
	c := part(t, b.userinfo(token).body, 1)
	want := "birthcountry birthdate birthplace family_name gender given_name rnipp_birthcountry rnipp_birthdate rnipp_birthplace " +
		"rnipp_family_name rnipp_gender rnipp_given_name rnipp_given_name_array"
	if c["birthdate"] != "1962-03-00" || c["rnipp_birthdate"] != "1962-03-01" {
		t.Errorf("births %v %v", c["birthdate"], c["rnipp_birthdate"])
	}
	if got := identityMembers(c); got != want {
		t.Errorf("claims %s", got)
	}
	for acr, refused := range map[string]bool{"eidas1": true, "eidas1 eidas3": true, "eidas2": false, "loa-9": false} {
		a := b.authorize(plusRequest("openid", acr))
		if refused {
			sent(t, b.back(a), b.issuer, "invalid_acr")
		} else if a.StatusCode != 200 {
			t.Errorf("%s: HTTP %d", acr, a.StatusCode)
		}
	}
}
