package franceconnect_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/franceconnect"
)

// Marks that no error may repeat.
const (
	secretMark = "client-secret-of-the-tests-000000000000"
	tokenMark  = "access-token-of-the-tests-0000000000000000"
	codeMark   = "code-of-the-tests"
	nonceMark  = "6a1f7c52e0b94d38a7d05c4be2f19860"
	nameMark   = "ZZQUENOUILLE"
	stateMark  = "state-of-the-tests"
	clientID   = "accord-test"
)

// A provider is a stand-in for FranceConnect that a test may falsify member by
// member. It shares nothing with fcsim, which only tells the truth.
type provider struct {
	server    *httptest.Server
	id, info  map[string]any              // claims of the next ID token and userinfo
	token     map[string]any              // members laid over the token answer; nil removes one
	discovery map[string]any              // members laid over the discovery document
	keys      jose.JSONWebKeySet          // published
	sign      func(map[string]any) string // both tokens
	signInfo  func(map[string]any) string // userinfo, when not sign
	answer    map[string]http.HandlerFunc // in place of an endpoint, by path
	asked     chan *http.Request          // of /token, parsed
}

var testKey = sync.OnceValue(func() *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return k
})

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{token: map[string]any{}, discovery: map[string]any{}, answer: map[string]http.HandlerFunc{}, asked: make(chan *http.Request, 10)}
	p.server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.server.Close)
	now := time.Now().Unix()
	p.id = map[string]any{
		"iss": p.server.URL, "aud": clientID, "sub": "subject-1", "nonce": nonceMark, "acr": "eidas1",
		"iat": now, "exp": now + 60, "auth_time": now,
	}
	p.info = map[string]any{
		"iss": p.server.URL, "aud": clientID, "sub": "subject-1", "iat": now, "exp": now + 60,
		"family_name": nameMark, "given_name": "Camille", "given_name_array": []string{"Camille"},
		"birthdate": "1980-02-29", "gender": "female", "birthplace": "2A004", "birthcountry": "99100",
	}
	p.publish("kid-1", testKey())
	p.sign = signer("kid-1", testKey())
	return p
}

// publish makes key the only published one.
func (p *provider) publish(kid string, key *ecdsa.PrivateKey) {
	p.keys = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: kid, Algorithm: "ES256", Use: "sig"}}}
}

func signer(kid string, key *ecdsa.PrivateKey) func(map[string]any) string {
	return signedBy(jose.ES256, jose.JSONWebKey{Key: key, KeyID: kid})
}

func signedBy(alg jose.SignatureAlgorithm, key any) func(map[string]any) string {
	return func(claims map[string]any) string {
		s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, nil)
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
}

func (p *provider) serve(w http.ResponseWriter, r *http.Request) {
	if h := p.answer[r.URL.Path]; h != nil {
		h(w, r)
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		p.json(w, p.document())
	case "/jwks":
		p.json(w, p.keys)
	case "/token":
		_ = r.ParseForm()
		select {
		case p.asked <- r:
		default: // nobody looks
		}
		p.json(w, p.tokens())
	case "/userinfo":
		sign := p.sign
		if p.signInfo != nil {
			sign = p.signInfo
		}
		w.Header().Set("Content-Type", "application/jwt; charset=utf-8")
		_, _ = w.Write([]byte(sign(p.info)))
	default:
		http.NotFound(w, r)
	}
}

func (p *provider) document() map[string]any {
	u := p.server.URL
	return lay(map[string]any{
		"issuer": u, "authorization_endpoint": u + "/authorize", "token_endpoint": u + "/token",
		"userinfo_endpoint": u + "/userinfo", "jwks_uri": u + "/jwks", "end_session_endpoint": u + "/session/end",
		"code_challenge_methods_supported": []string{"S256"},
	}, p.discovery)
}

func (p *provider) tokens() map[string]any {
	return lay(map[string]any{
		"access_token": tokenMark, "expires_in": 60, "id_token": p.sign(p.id), "scope": "openid", "token_type": "Bearer",
	}, p.token)
}

// lay gives base with over's members; a nil one removes.
func lay(base, over map[string]any) map[string]any {
	maps.Copy(base, over)
	maps.DeleteFunc(base, func(_ string, v any) bool { return v == nil })
	return base
}

func (p *provider) json(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *provider) config() franceconnect.Config {
	return franceconnect.Config{
		Issuer: p.server.URL, ClientID: clientID, ClientSecret: secretMark, RedirectURI: "https://accord.example/callback",
		PostLogoutRedirectURI: "https://accord.example/", ACR: "eidas1", SigningAlg: "ES256",
	}
}

func (p *provider) relyingParty(t *testing.T, change ...func(*franceconnect.Config)) *franceconnect.RelyingParty {
	t.Helper()
	c := p.config()
	for _, f := range change {
		f(&c)
	}
	rp, err := franceconnect.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return rp
}

// refused checks an error's kind, and that its text, causes included, repeats
// nothing.
func refused(t *testing.T, err error, want franceconnect.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted, want %s", want)
	}
	if got := franceconnect.KindOf(err); got != want {
		t.Errorf("kind %q, want %q (%v)", got, want, err)
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, mark := range []string{secretMark, tokenMark, codeMark, nonceMark, nameMark, stateMark, "subject-1", "1980-02-29"} {
			if strings.Contains(e.Error(), mark) {
				t.Errorf("error text repeats %q", mark)
			}
		}
	}
}

func exchange(rp *franceconnect.RelyingParty) (*franceconnect.Login, error) {
	return rp.Exchange(context.Background(), codeMark, nonceMark, "")
}
