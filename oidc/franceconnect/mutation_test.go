package franceconnect_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/franceconnect"
)

// others are values of every JSON type, none of which any claim has.
func others() []any {
	return []any{nil, true, -1, 0, 1e18, "", "other", []string{}, []any{1}, map[string]any{}, map[string]any{"x": 1}}
}

// everyClaimIsJudged gives each claim that must be checked each other value.
// Only what the standards say may be absent may be null.
func everyClaimIsJudged(t *testing.T) {
	p := newProvider(t)
	rp := p.relyingParty(t)
	play := func(name string, claims map[string]any, claim string, v any, mayPass bool) {
		good := claims[claim]
		claims[claim] = v
		defer func() { claims[claim] = good }()
		if _, err := exchange(rp); err == nil && !mayPass {
			t.Errorf("%s %s = %v is accepted", name, claim, v)
		}
	}
	for _, v := range others() {
		for _, claim := range []string{"iss", "aud", "sub", "exp", "iat", "nonce", "acr"} {
			play("ID token", p.id, claim, v, false)
		}
		play("ID token", p.id, "auth_time", v, v == nil)
		for _, claim := range []string{"iss", "aud", "sub", "exp", "iat"} {
			play("userinfo", p.info, claim, v, false)
		}
		for _, claim := range []string{"birthdate", "gender", "birthplace", "birthcountry"} {
			play("userinfo", p.info, claim, v, v == nil || v == "")
		}
	}
}

// everyByteIsSigned changes one character of a token at a time: what still
// passes says the same.
func everyByteIsSigned(t *testing.T) {
	p := newProvider(t)
	rp := p.relyingParty(t)
	good, err := exchange(rp)
	if err != nil {
		t.Fatal(err)
	}
	sign := p.sign
	for at := range len(sign(p.info)) {
		if at%5 != 0 {
			continue
		}
		p.signInfo = func(claims map[string]any) string { return flip(sign(claims), at) }
		if l, err := exchange(rp); err == nil && !sameIdentity(l.Identity, good.Identity) {
			t.Errorf("character %d changed the identity", at)
		}
	}
}

func flip(s string, at int) string {
	b := []byte(s)
	if at < len(b) {
		b[at] = "AB"[b2i(b[at] == 'A')]
	}
	return string(b)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// headersAreNotBelieved: a key, or an address of one, inside the token counts
// for nothing, and a critical extension nobody knows ends it.
func headersAreNotBelieved(t *testing.T) {
	other := otherKey(t)
	public, err := json.Marshal(jose.JSONWebKey{Key: other.Public(), KeyID: "kid-1"})
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]any{
		"jwk": json.RawMessage(public), "jku": "https://other.example/jwks", "x5u": "https://other.example/cert", "crit": []string{"x"},
	} {
		p, key := newProvider(t), other
		if name == "crit" {
			key = testKey()
		}
		p.sign = func(claims map[string]any) string {
			options := (&jose.SignerOptions{}).WithHeader(jose.HeaderKey(name), v)
			return signedWith(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "kid-1"}}, options, claims)
		}
		_, err := exchange(p.relyingParty(t))
		t.Run(fmt.Sprint("header ", name), func(t *testing.T) { refused(t, err, franceconnect.Invalid) })
	}
}

func signedWith(key jose.SigningKey, options *jose.SignerOptions, claims map[string]any) string {
	s, err := jose.NewSigner(key, options)
	if err != nil {
		panic(err)
	}
	payload, _ := json.Marshal(claims)
	jws, err := s.Sign(payload)
	if err != nil {
		panic(err)
	}
	compact, _ := jws.CompactSerialize()
	return compact
}
