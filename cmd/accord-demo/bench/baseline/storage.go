package baseline

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

var errAbsent = errors.New("absent")

// storage is the part of op.Storage that one code flow calls, in maps; the
// rest is absent and would panic.
type storage struct {
	op.Storage
	config Config
	key    key

	mu       sync.Mutex // guards what follows
	pushes   map[string]pushed
	requests map[string]*authRequest
	codes    map[string]string // code → request id; a used one stays, with ""
	tokens   map[string]string // token id → subject
}

func newStorage(c Config) (*storage, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a signing key: %w", err)
	}
	return &storage{
		config: c, key: key{private}, pushes: map[string]pushed{}, requests: map[string]*authRequest{},
		codes: map[string]string{}, tokens: map[string]string{},
	}, nil
}

func (s *storage) push(uri string, p pushed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pushes[uri] = p
}

func (s *storage) pushedAs(uri string) (pushed, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.pushes[uri]
	return p, ok
}

func (s *storage) takePushed(uri string) (pushed, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.pushes[uri]
	delete(s.pushes, uri)
	return p, ok
}

func (s *storage) step(id string, change func(*authRequest)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.requests[id]
	if ok {
		change(a)
	}
	return ok
}

// boundTo is the thumbprint a code's request was pushed with.
func (s *storage) boundTo(code string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.requests[s.codes[code]]; a != nil {
		return a.jkt
	}
	return ""
}

func (s *storage) CreateAuthRequest(ctx context.Context, r *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	jkt, _ := ctx.Value(jktKey{}).(string)
	a := &authRequest{AuthRequest: r, id: random(), jkt: jkt, at: time.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[a.id] = a
	return a, nil
}

func (s *storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.requests[id]; ok {
		return a, nil
	}
	return nil, errAbsent
}

func (s *storage) SaveAuthCode(_ context.Context, id, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code] = id
	return nil
}

// AuthRequestByCode consumes the code.
func (s *storage) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.requests[s.codes[code]]
	s.codes[code] = ""
	if a == nil {
		return nil, errAbsent
	}
	return a, nil
}

func (s *storage) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.requests, id)
	return nil
}

func (s *storage) CreateAccessToken(_ context.Context, r op.TokenRequest) (string, time.Time, error) {
	id := random()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[id] = r.GetSubject()
	return id, time.Now().Add(10 * time.Minute), nil
}

func (s *storage) GetPrivateClaimsFromRequest(_ context.Context, r op.TokenRequest, _ []string) (map[string]any, error) {
	a, ok := r.(*authRequest)
	if !ok {
		return nil, errAbsent
	}
	return map[string]any{"cnf": map[string]string{"jkt": a.jkt}}, nil
}

func (s *storage) SetUserinfoFromToken(_ context.Context, u *oidc.UserInfo, id, subject, _ string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens[id] != subject {
		return errAbsent
	}
	u.Subject = subject
	return nil
}

// SetUserinfoFromScopes sets the subject, or the ID token would have none.
func (s *storage) SetUserinfoFromScopes(_ context.Context, u *oidc.UserInfo, subject, _ string, _ []string) error {
	u.Subject = subject
	return nil
}

func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.config.ClientID {
		return nil, errAbsent
	}
	return client{s.config}, nil
}

func (s *storage) SigningKey(context.Context) (op.SigningKey, error) { return s.key, nil }
func (s *storage) KeySet(context.Context) ([]op.Key, error)          { return []op.Key{publicKey{s.key}}, nil }

func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.ES256}, nil
}

type key struct{ private *ecdsa.PrivateKey }

func (k key) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.ES256 }
func (k key) Key() any                                    { return k.private }
func (k key) ID() string                                  { return "k" }

type publicKey struct{ key }

func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.ES256 }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                           { return &k.private.PublicKey }
