package pcsim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// An Agent is an invented clerk.
type Agent struct {
	ID                    string // the form value, and sub
	SIRET                 string // of the invented body
	Body                  string // its name
	GivenName, FamilyName string
}

// Options sets a Simulator. All members are mandatory but those said optional.
type Options struct {
	Issuer       string // where it is served, path included; loopback only
	ClientID     string
	ClientSecret string
	RedirectURIs []string
	Agents       []Agent
	NoPKCE       bool // optional: do not offer PKCE
	// Lie is optional and for tests: it may change the claims of the ID token
	// (what "id_token") and of userinfo ("userinfo") before they are signed.
	Lie func(what string, claims map[string]any)
}

// A Simulator is an http.Handler for everything below its issuer's path.
type Simulator struct {
	Options
	path string
	key  jose.JSONWebKey

	mu     sync.Mutex // guards what follows
	codes  map[string]login
	tokens map[string]login
}

// A login is what a code, then a token, stands for.
type login struct {
	agent                      Agent
	nonce, redirect, challenge string
	acr                        string
	at, until                  time.Time
}

const (
	codeLife  = 30 * time.Second
	tokenLife = 60 * time.Second
)

// New makes a simulator. A mistake in o is the programmer's: it panics.
func New(o Options) *Simulator {
	u, err := url.Parse(o.Issuer)
	if err != nil || !net.ParseIP(u.Hostname()).IsLoopback() || len(o.ClientSecret) < 16 {
		panic("pcsim: the issuer must be on a loopback address, the secret of 16 characters")
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return &Simulator{
		Options: o, path: u.Path, codes: map[string]login{}, tokens: map[string]login{},
		key: jose.JSONWebKey{Key: private, KeyID: rand.Text(), Algorithm: "ES256", Use: "sig"},
	}
}

func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	switch path := strings.TrimPrefix(r.URL.Path, s.path); {
	case path == "/.well-known/openid-configuration":
		s.discovery(w)
	case path == "/jwks":
		writeJSON(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{s.key.Public()}})
	case path == "/authorize" && r.Method == http.MethodGet:
		s.choose(w, r)
	case path == "/authorize" && r.Method == http.MethodPost:
		s.chosen(w, r)
	case path == "/token" && r.Method == http.MethodPost:
		s.token(w, r)
	case path == "/userinfo":
		s.userinfo(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *Simulator) discovery(w http.ResponseWriter) {
	d := map[string]any{
		"issuer": s.Issuer, "authorization_endpoint": s.Issuer + "/authorize", "token_endpoint": s.Issuer + "/token",
		"userinfo_endpoint": s.Issuer + "/userinfo", "jwks_uri": s.Issuer + "/jwks",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"ES256"}, "userinfo_signing_alg_values_supported": []string{"ES256"},
		"scopes_supported": []string{"openid", "given_name", "usual_name", "siret"}, "acr_values_supported": []string{"eidas1"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
	}
	if !s.NoPKCE {
		d["code_challenge_methods_supported"] = []string{"S256"}
	}
	writeJSON(w, d)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a reader that has gone is no error of ours
}

// sign gives a compact JWS of the simulator's key, after the lie.
func (s *Simulator) sign(what string, claims map[string]any) (string, error) {
	if s.Lie != nil {
		s.Lie(what, claims)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: s.key}, nil)
	if err != nil {
		return "", err
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}
