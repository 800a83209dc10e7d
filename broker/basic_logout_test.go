package broker_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// A basicLogout is one module of the plan oidcc-rp-initiated-logout.
type basicLogout struct {
	module string
	q      url.Values
	back   url.Values // what stands in the address the browser comes back to; nil: it comes nowhere
	signed bool       // the citizen must be told of the logout, once any question is answered
}

// odd is a state as the plan makes it: any printable character may stand there.
const odd = "!\"#$%&'()*~,-./09:;<=>?@AZ[\\]^_`az{|}~~~ and a second half as long"

// Logouts as the conformance plan oidcc-rp-initiated-logout asks for them, by
// module, from a browser with a session of « Mes accords » and from one without.
// What is registered comes back with its state and nothing else, and nobody is
// logged in any more; what is wrong comes back nowhere.
func TestLogoutsOfOpenIDConnectAreAnsweredByTheBook(t *testing.T) {
	c := theCountry(t)
	_, tok := identifier(t, c, "camille")
	bye := c.TownHallURL + "/"
	for _, row := range []basicLogout{
		{"oidcc-rp-initiated-logout", values("id_token_hint", tok.ID, "post_logout_redirect_uri", bye, "state", odd), values("state", odd), true},
		{"oidcc-rp-initiated-logout-no-state", values("id_token_hint", tok.ID, "post_logout_redirect_uri", bye), values(), true},
		{"oidcc-rp-initiated-logout-no-post-logout-redirect-uri", values("id_token_hint", tok.ID, "state", odd), nil, true},
		{"oidcc-rp-initiated-logout-no-params", values(), nil, true},
		{"oidcc-rp-initiated-logout-only-state", values("state", odd), nil, true},
		{"oidcc-rp-initiated-logout-no-id-token-hint", values("post_logout_redirect_uri", bye, "state", odd), nil, false},
		{"oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", values("id_token_hint", tok.ID, "post_logout_redirect_uri", bye+"fin", "state", odd), nil, false},
		{"oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", values("id_token_hint", tok.ID, "post_logout_redirect_uri", bye+"?foo=bar", "state", odd), nil, false},
		{"oidcc-rp-initiated-logout-modified-id-token-hint", values("id_token_hint", unsignedAgain(tok.ID), "post_logout_redirect_uri", bye, "state", odd), nil, false},
		{"oidcc-rp-initiated-logout-bad-id-token-hint", values("id_token_hint", signedByAnother(t, tok.ID), "post_logout_redirect_uri", bye, "state", odd), nil, false},
	} {
		for _, session := range []bool{true, false} {
			b := headless.New()
			if session {
				if _, err := c.LookBack(b, "camille"); err != nil {
					t.Fatal(err)
				}
			}
			row.play(t, c, b.StopAt(bye), session)
		}
	}
}

func (row basicLogout) play(t *testing.T, c *country.Country, b *headless.Browser, session bool) {
	t.Helper()
	p, err := b.Get(c.Accord + "/session/end?" + row.q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if asked := p.Has("accept") && p.Has("refuse"); asked != (session && (row.q.Get("id_token_hint") == "" || !row.signed)) {
		t.Errorf("%s, session %t: asked %t: %s", row.module, session, asked, p.Words())
	}
	for _, button := range []string{"accept", "continue", "continue"} { // Accord's question, FranceConnect's own pages
		if p.Stopped == nil && p.Has(button) {
			if p, err = b.Press(p, button, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	switch {
	case row.back == nil && p.Stopped != nil:
		t.Errorf("%s, session %t: it came back to %s", row.module, session, p.Stopped)
	case row.back != nil && (p.Stopped == nil || p.Stopped.Path != "/" || p.Stopped.RawQuery != row.back.Encode()):
		t.Errorf("%s, session %t: back at %v", row.module, session, p.Stopped)
	case row.back == nil && (row.signed || session) != strings.Contains(p.Words(), "Vous êtes déconnecté"):
		t.Errorf("%s, session %t: %d %s", row.module, session, p.Status, p.Words())
	case row.back == nil && !row.signed && !session && p.Status != http.StatusBadRequest:
		t.Errorf("%s: %d %s", row.module, p.Status, p.Words())
	}
	again := account(t, c).Begin()
	none, err := b.Get(again.URL(values("prompt", "none")))
	if err != nil || none.Stopped == nil || none.Stopped.Query().Get("error") != "login_required" {
		t.Errorf("%s, session %t: prompt=none after it: %v, %v", row.module, session, err, none.Stopped)
	}
}

// unsignedAgain is the token with alg none and no signature.
func unsignedAgain(jwt string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + strings.Split(jwt, ".")[1] + "."
}

// signedByAnother is the token's payload under its kid, by a key of nobody's.
func signedByAnother(t *testing.T, jwt string) string {
	t.Helper()
	old, err := jose.ParseSignedCompact(jwt, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: old.Signatures[0].Protected.KeyID}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	jws, err := signer.Sign(old.UnsafePayloadWithoutVerification())
	if err != nil {
		t.Fatal(err)
	}
	compact, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}
