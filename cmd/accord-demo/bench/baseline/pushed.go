package baseline

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// pushed is an authorization request a client pushed (RFC 9126).
type pushed struct {
	request oidc.AuthRequest
	jkt     string // thumbprint of the key the tokens are bound to
	until   time.Time
}

const pushedLife = 60 * time.Second

func (s *server) push(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil || repeated(r.PostForm) {
		refuse(w, http.StatusBadRequest, "invalid_request")
		return
	}
	if _, err := s.verifyAssertion(r.PostForm.Get("client_assertion")); err != nil {
		refuse(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	jkt, err := s.proofs.verify(r.Header, http.MethodPost, s.config.Issuer+"/par", "")
	if err != nil {
		refuse(w, http.StatusBadRequest, "invalid_dpop_proof")
		return
	}
	request, ok := s.read(r.PostForm)
	if !ok {
		refuse(w, http.StatusBadRequest, "invalid_request")
		return
	}
	uri := "urn:ietf:params:oauth:request_uri:" + random()
	s.storage.push(uri, pushed{request: request, jkt: jkt, until: time.Now().Add(pushedLife)})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]any{"request_uri": uri, "expires_in": int(pushedLife.Seconds())})
}

// read judges what the library will not see before the citizen does.
func (s *server) read(form url.Values) (oidc.AuthRequest, bool) {
	a := oidc.AuthRequest{
		Scopes: strings.Fields(form.Get("scope")), ResponseType: oidc.ResponseType(form.Get("response_type")),
		ClientID: form.Get("client_id"), RedirectURI: form.Get("redirect_uri"), State: form.Get("state"), Nonce: form.Get("nonce"),
		CodeChallenge: form.Get("code_challenge"), CodeChallengeMethod: oidc.CodeChallengeMethod(form.Get("code_challenge_method")),
	}
	ok := form.Get("request") == "" && form.Get("request_uri") == "" && a.ClientID == s.config.ClientID &&
		a.ResponseType == oidc.ResponseTypeCode && a.CodeChallengeMethod == oidc.CodeChallengeMethodS256 && len(a.CodeChallenge) == 43 &&
		op.ValidateAuthReqRedirectURI(client{s.config}, a.RedirectURI, a.ResponseType) == nil
	return a, ok
}

func repeated(form url.Values) bool {
	for _, values := range form {
		if len(values) != 1 {
			return true
		}
	}
	return false
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code})
}

// jktKey carries a pushed request's thumbprint to the storage.
type jktKey struct{}

// VerifyAuthRequest takes the pushed request and no other parameter.
func (s *server) VerifyAuthRequest(_ context.Context, r *op.Request[oidc.AuthRequest]) (*op.ClientRequest[oidc.AuthRequest], error) {
	p, ok := s.storage.pushedAs(r.Form.Get("request_uri"))
	if !ok || r.Form.Get("client_id") != p.request.ClientID || time.Now().After(p.until) {
		return nil, oidc.ErrInvalidRequest().WithDescription("request_uri")
	}
	request := p.request
	r.Data = &request
	return &op.ClientRequest[oidc.AuthRequest]{Request: r, Client: client{s.config}}, nil
}

// Authorize lets the library store the request, with the key it is bound to.
func (s *server) Authorize(ctx context.Context, r *op.ClientRequest[oidc.AuthRequest]) (*op.Redirect, error) {
	p, _ := s.storage.takePushed(r.Form.Get("request_uri"))
	return s.LegacyServer.Authorize(context.WithValue(ctx, jktKey{}, p.jkt), r)
}
