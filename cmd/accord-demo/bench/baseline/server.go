package baseline

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"

	"github.com/go-jose/go-jose/v4"
	oidchttp "github.com/zitadel/oidc/v3/pkg/http"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Config is one issuer with one client.
type Config struct {
	Issuer      string // http on loopback, no path
	ClientID    string
	ClientKey   jose.JSONWebKey // public half of the client's ES256 key
	RedirectURI string
}

// A server is the library's with the edges of FAPI 2.0 put over it.
type server struct {
	*op.LegacyServer
	config  Config
	storage *storage
	proofs  *proofs
	seen    *onceSet // jti of client assertions
}

// New makes the handler of one issuer.
func New(c Config) (http.Handler, error) {
	st, err := newStorage(c)
	if err != nil {
		return nil, err
	}
	plain, err := op.NewProvider(&op.Config{CodeMethodS256: true, AuthMethodPrivateKeyJWT: true}, st, op.StaticIssuer(c.Issuer), op.WithAllowInsecure())
	if err != nil {
		return nil, fmt.Errorf("making the library's provider: %w", err)
	}
	with := provider{Provider: plain, issuer: c.Issuer}
	s := &server{LegacyServer: op.NewLegacyServer(with, *op.DefaultEndpoints), config: c, storage: st, proofs: newProofs(), seen: newOnceSet()}
	library := op.RegisterServer(s, *op.DefaultEndpoints, op.WithServerCORSOptions(nil), op.WithEncoder(with.Encoder()))
	mux := http.NewServeMux()
	mux.HandleFunc("POST /par", s.push)
	mux.HandleFunc("GET /login", s.login)
	mux.HandleFunc("GET /consent", s.consent)
	mux.HandleFunc("GET /authorize/callback", op.AuthorizeCallbackHandler(with))
	mux.Handle("GET /userinfo", s.bound(library))
	mux.Handle("/", library)
	return op.NewIssuerInterceptor(plain.IssuerFromRequest).Handler(s.edge(mux)), nil
}

// edge forbids storing tokens and hands out the nonce of the next proof.
func (s *server) edge(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/par", "/oauth/token", "/userinfo":
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("DPoP-Nonce", s.proofs.nonce(0))
		}
		next.ServeHTTP(w, r)
	})
}

// provider adds iss to every authorization response (RFC 9207).
type provider struct {
	*op.Provider
	issuer string
}

func (p provider) Encoder() oidchttp.Encoder { return withIssuer{p.Provider.Encoder(), p.issuer} }

type withIssuer struct {
	oidchttp.Encoder
	issuer string
}

func (e withIssuer) Encode(src any, dst map[string][]string) error {
	dst["iss"] = []string{e.issuer}
	return e.Encoder.Encode(src, dst)
}

// login knows the citizen at once.
func (s *server) login(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	if !s.storage.step(id, func(a *authRequest) { a.subject = "citizen" }) {
		http.Error(w, "no such request", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, "/consent?id="+id, http.StatusSeeOther)
}

// consent agrees at once.
func (s *server) consent(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	if !s.storage.step(id, func(a *authRequest) { a.done = a.subject != "" }) {
		http.Error(w, "no such request", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, "/authorize/callback?id="+id, http.StatusSeeOther)
}

// CodeExchange wants what FAPI 2.0 wants before the library mints: a verifier
// (the library takes none for yes), and the key that was bound at the push.
func (s *server) CodeExchange(ctx context.Context, r *op.ClientRequest[oidc.AccessTokenRequest]) (*op.Response, error) {
	jkt, err := s.proofs.verify(r.Header, http.MethodPost, s.config.Issuer+"/oauth/token", "")
	if err != nil {
		return nil, oidc.ErrInvalidRequest().WithDescription("proof").WithParent(err)
	}
	if r.Data.CodeVerifier == "" || s.storage.boundTo(r.Data.Code) != jkt {
		return nil, oidc.ErrInvalidGrant()
	}
	answer, err := s.LegacyServer.CodeExchange(ctx, r)
	if err != nil {
		return nil, err
	}
	if tokens, ok := answer.Data.(*oidc.AccessTokenResponse); ok {
		tokens.TokenType = "DPoP"
	}
	return answer, nil
}

func random() string { return rand.Text() + rand.Text() }
