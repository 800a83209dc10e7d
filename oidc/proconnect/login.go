package proconnect

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/client/rp"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"golang.org/x/oauth2"
)

// An Agent is a clerk as the provider vouches for them.
type Agent struct {
	Issuer   string
	Subject  string // sub at the provider
	SIRET    string // of the body they work for, 14 digits
	Name     string // for display
	ACR      string // level of the login; "none" when the provider tells none
	AuthTime time.Time
}

// An Attempt is one login begun: what its callback must match. The caller
// keeps it sealed in the agent's browser or memory, once.
type Attempt struct {
	State, Nonce string
	Verifier     string // of PKCE, "" where the provider does not offer it
	URL          string // where to send the browser
}

// Begin makes an authorization request.
func (r *RelyingParty) Begin(ctx context.Context) (Attempt, error) {
	known, err := r.discovered(ctx)
	if err != nil {
		return Attempt{}, err
	}
	a := Attempt{State: rand.Text() + rand.Text(), Nonce: rand.Text() + rand.Text()}
	options := []rp.AuthURLOpt{rp.AuthURLOpt(rp.WithURLParam("nonce", a.Nonce))}
	if r.config.ACR != "" {
		options = append(options, rp.AuthURLOpt(rp.WithURLParam("acr_values", r.config.ACR)))
	}
	if known.IsPKCE() {
		a.Verifier = rand.Text() + rand.Text()
		options = append(options, rp.WithCodeChallenge(oidc.NewSHACodeChallenge(a.Verifier)))
	}
	a.URL = rp.AuthURL(a.State, known, options...)
	return a, nil
}

// discovered reads the provider's discovery document, once it answers.
func (r *RelyingParty) discovered(ctx context.Context) (rp.RelyingParty, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known != nil {
		return r.known, nil
	}
	known, err := rp.NewRelyingPartyOIDC(
		ctx, r.config.Issuer, r.config.ClientID, r.config.ClientSecret, r.config.RedirectURI, scopes(),
		rp.WithHTTPClient(r.client), rp.WithPKCEFromDiscovery(nil),
		rp.WithVerifierOpts(
			rp.WithNonce(nonceOf), rp.WithACRVerifier(r.checkACR), rp.WithIssuedAtOffset(skew),
			rp.WithSupportedSigningAlgorithms("ES256", "RS256"),
		),
	)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	r.known = known
	return known, nil
}

const skew = 10 * time.Second // accepted between the two clocks

func scopes() []string { return []string{"openid", "given_name", "usual_name", "siret"} }

type nonceKey struct{}

// nonceOf hands the attempt's nonce to the library's verifier, which is made
// once for all logins.
func nonceOf(ctx context.Context) string {
	nonce, _ := ctx.Value(nonceKey{}).(string)
	return nonce
}

func (r *RelyingParty) checkACR(acr string) error {
	if r.config.ACR != "" && acr != r.config.ACR {
		return fmt.Errorf("acr is not the one asked: %w", oidc.ErrAcrInvalid)
	}
	return nil
}

// Finish turns the callback's parameters into the agent.
func (r *RelyingParty) Finish(ctx context.Context, query url.Values, a Attempt) (Agent, error) {
	code, err := r.codeOf(query, a)
	if err != nil {
		return Agent{}, err
	}
	known, err := r.discovered(ctx)
	if err != nil {
		return Agent{}, err
	}
	options := []rp.CodeExchangeOpt(nil)
	if a.Verifier != "" {
		options = append(options, rp.WithCodeVerifier(a.Verifier))
	}
	ctx = context.WithValue(ctx, nonceKey{}, a.Nonce)
	tokens, err := rp.CodeExchange[*oidc.IDTokenClaims](ctx, code, known, options...)
	if err != nil {
		return Agent{}, exchangeError(err)
	}
	return r.agentOf(ctx, known, tokens)
}

// codeOf holds the callback to its attempt: state, each parameter once, the
// issuer where it is named (RFC 9207).
func (r *RelyingParty) codeOf(query url.Values, a Attempt) (string, error) {
	for _, name := range []string{"state", "code", "error", "iss"} {
		if len(query[name]) > 1 {
			return "", fmt.Errorf("%w: a parameter stands twice", ErrInvalid)
		}
	}
	if a.State == "" || a.Nonce == "" || subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(a.State)) != 1 {
		return "", fmt.Errorf("%w: another state", ErrInvalid)
	}
	if iss := query.Get("iss"); iss != "" && iss != r.config.Issuer {
		return "", fmt.Errorf("%w: another issuer", ErrInvalid)
	}
	if e := query.Get("error"); e != "" {
		if slices.Contains([]string{"temporarily_unavailable", "server_error"}, e) {
			return "", ErrUnavailable
		}
		return "", ErrCancelled
	}
	if query.Get("code") == "" {
		return "", fmt.Errorf("%w: no code", ErrInvalid)
	}
	return query.Get("code"), nil
}

// exchangeError tells why no login came of a code, without the body the library
// quotes: it goes to the operator's log.
func exchangeError(err error) error {
	var answered *oauth2.RetrieveError
	var unreached *url.Error
	switch {
	case errors.As(err, &answered) && answered.Response != nil && answered.Response.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("%w: token endpoint: HTTP %d", ErrUnavailable, answered.Response.StatusCode)
	case errors.As(err, &answered):
		return fmt.Errorf("%w: token endpoint: %.40q", ErrInvalid, answered.ErrorCode)
	case errors.As(err, &unreached):
		return fmt.Errorf("%w: token endpoint", ErrUnavailable)
	}
	return fmt.Errorf("%w: ID token: %w", ErrInvalid, err)
}
