package issuer

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// A clock that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// memory is Memory over maps.
type memory struct {
	mu     sync.Mutex
	now    func() time.Time
	values map[string][]byte
	until  map[string]time.Time
	fault  error
}

func (m *memory) name(space string, key [32]byte) string { return space + string(key[:]) }

func (m *memory) alive(name string) bool {
	until, ok := m.until[name]
	return ok && m.now().Before(until)
}

func (m *memory) Once(_ context.Context, space string, key [32]byte, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := m.name(space, key)
	if m.fault != nil || m.alive(name) {
		return false, m.fault
	}
	m.until[name] = until
	return true, nil
}

func (m *memory) Put(_ context.Context, space string, key [32]byte, value []byte, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[m.name(space, key)], m.until[m.name(space, key)] = value, until
	return m.fault
}

func (m *memory) Get(_ context.Context, space string, key [32]byte) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := m.name(space, key)
	if m.fault != nil {
		return nil, m.fault
	}
	if !m.alive(name) || m.values[name] == nil {
		return nil, ErrAbsent
	}
	return m.values[name], nil
}

func (m *memory) Take(ctx context.Context, space string, key [32]byte) ([]byte, error) {
	value, err := m.Get(ctx, space, key)
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, m.name(space, key))
	return value, err
}

// keys is Keys with one key of each algorithm.
type keys struct {
	ec    *ecdsa.PrivateKey
	rsa   *rsa.PrivateKey
	fault error
}

func (k *keys) SigningKey(alg string) (string, crypto.Signer, error) {
	if alg == "RS256" {
		return "rs-1", k.rsa, k.fault
	}
	return "es-1", k.ec, k.fault
}

func (k *keys) Public() []jose.JSONWebKey {
	return []jose.JSONWebKey{
		{Key: k.ec.Public(), KeyID: "es-1", Algorithm: "ES256", Use: "sig"},
		{Key: k.rsa.Public(), KeyID: "rs-1", Algorithm: "RS256", Use: "sig"},
		{Key: k.ec, KeyID: "private-1", Algorithm: "ES256", Use: "sig"}, // a careless keyring
	}
}

// sharedKeys are made once: RSA keys are slow.
var sharedKeys = sync.OnceValue(func() *keys {
	ec, err1 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rs, err2 := rsa.GenerateKey(rand.Reader, 2048)
	if err1 != nil || err2 != nil {
		panic("no test keys")
	}
	return &keys{ec: ec, rsa: rs}
})

// journey is Hooks with a citizen who agrees at once.
type journey struct {
	mu      sync.Mutex
	f       *fixture
	codes   map[string]*grantedCode
	away    error // the store cannot tell
	tokens  map[string]*TokenInfo
	begun   []*AuthorizationRequest
	ended   []EndSession
	minted  int // codes and tokens given out
	review  func(*Client, *AuthorizationRequest) *Error
	claims  map[string]any
	failure error
	leaves  bool // the citizen reads the page and closes it

	known     bool   // a session names the citizen
	silent    string // code given where prompt=none is asked
	forgetful bool   // binds no token
	delivered int    // calls of UserinfoClaims

	refreshing []Refreshing
}

type grantedCode struct {
	binding Binding
	expires time.Time
	used    bool
	tokens  []string
}

func random(prefix string) string {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	return prefix + base64.RawURLEncoding.EncodeToString(b)
}

func (j *journey) Review(_ context.Context, c *Client, req *AuthorizationRequest) *Error {
	if j.review != nil {
		return j.review(c, req)
	}
	return nil
}

func (j *journey) Begin(w http.ResponseWriter, r *http.Request, _ *Client, req *AuthorizationRequest) {
	if j.leaves {
		_, _ = io.WriteString(w, "a page")
		return
	}
	first, err := j.f.issuer.ConsumePushed(r.Context(), req)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.begun = append(j.begun, req)
	if err != nil || !first {
		http.Redirect(w, r, j.f.issuer.ErrorURL(req, "access_denied", "answered already"), http.StatusSeeOther)
		return
	}
	code := random("")
	j.codes[code] = &grantedCode{binding: req.Binding(), expires: j.f.clock.now().Add(time.Minute)}
	j.minted++
	http.Redirect(w, r, j.f.issuer.SuccessURL(req, code), http.StatusSeeOther)
}

func (j *journey) ErrorPage(w http.ResponseWriter, _ *http.Request, e *Error) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(e.HTTPStatus())
	_, _ = fmt.Fprintf(w, "page %s %s", e.Page, e.Code)
}

func (j *journey) Redeem(_ context.Context, c *Client, rd Redemption) (*Issued, *Error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	row, ok := j.codes[rd.Code]
	if !ok || row.binding.ClientID != c.ID || j.f.clock.now().After(row.expires) {
		return nil, NewError("invalid_grant", "the code is not valid")
	}
	if row.used {
		for _, token := range row.tokens {
			delete(j.tokens, token)
		}
		return nil, NewError("invalid_grant", "the code was used before")
	}
	row.used = true
	if e := row.binding.Check(rd, c); e != nil {
		return nil, e
	}
	if row.binding.DPoPJKT = rd.DPoPJKT; j.forgetful {
		row.binding.DPoPJKT = ""
	}
	return j.mint(row), nil
}

func (j *journey) mint(row *grantedCode) *Issued {
	token, now := random("acc_"), j.f.clock.now()
	row.tokens = append(row.tokens, token)
	j.tokens[token] = &TokenInfo{
		ClientID: row.binding.ClientID, Subject: "subject-at-recipient", Scopes: row.binding.Scopes,
		GrantID: "g_1", IssuedAt: now, ExpiresAt: now.Add(10 * time.Minute),
		DPoPJKT: row.binding.DPoPJKT,
	}
	j.minted++
	return &Issued{
		Binding: row.binding, AccessToken: token, ExpiresIn: 10 * time.Minute, Subject: "subject-at-recipient",
		ACR: "eidas1", AMR: []string{"fc"}, AuthTime: now, Scopes: row.binding.Scopes,
		GrantID: "g_1", ReceiptJWS: "header.payload.signature", ReceiptURI: "http://localhost:8080/recu/1",
	}
}

// Refresh knows no refresh token: those that live are broker's to test.
func (j *journey) Refresh(_ context.Context, _ *Client, r Refreshing) (*Issued, *Error) {
	j.refreshing = append(j.refreshing, r)
	return nil, NewError("invalid_grant", "the refresh token is not valid")
}

func (j *journey) Token(_ context.Context, token string) (*TokenInfo, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.tokens[token], j.away
}

func (j *journey) UserinfoClaims(context.Context, *Client, string) (map[string]any, http.Header, *Error) {
	j.mu.Lock()
	j.delivered++
	j.mu.Unlock()
	return j.claims, http.Header{"accord-release-id": {"release-1"}}, nil
}

func (j *journey) RevokeToken(_ context.Context, c *Client, token string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if info, ok := j.tokens[token]; ok && info.ClientID == c.ID {
		delete(j.tokens, token)
	}
	return j.failure
}

func (j *journey) Grant(context.Context, *Client, string) (*GrantInfo, error) { return nil, j.away }

func (j *journey) RevokeGrant(context.Context, *Client, string) (bool, error) { return false, j.away }

func (j *journey) Silently(*http.Request, *Client, *AuthorizationRequest) (string, *Error) {
	switch {
	case j.silent != "":
		return j.silent, nil
	case j.known:
		return "", NewError("consent_required", "")
	}
	return "", NewError("login_required", "")
}

func (j *journey) EndSession(w http.ResponseWriter, r *http.Request, e EndSession) {
	if e.Refused != nil {
		j.ErrorPage(w, r, e.Refused)
		return
	}
	j.ended = append(j.ended, e)
	_, _ = io.WriteString(w, "logout")
}

func (j *journey) given() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.minted
}
