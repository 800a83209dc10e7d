package issuer

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	coreos "github.com/coreos/go-oidc/v3/oidc"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"golang.org/x/oauth2"
)

// serve puts a fixture on a loopback port.
func serve(t *testing.T) (*fixture, *httptest.Server) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := newFixtureAt(t, "http://"+listener.Addr().String(), time.Time{})
	server := httptest.NewUnstartedServer(f.handler)
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	return f, server
}

// A client we did not write: discovery, code with PKCE, exchange by each
// method with a secret, ID token in both algorithms, userinfo.
func TestThirdPartyClientGoesThrough(t *testing.T) {
	f, server := serve(t)
	f.journey.claims = map[string]any{"family_name": "Tournesol"}
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, server.Client())
	provider, err := coreos.NewProvider(ctx, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for id, style := range map[string]oauth2.AuthStyle{"basic": oauth2.AuthStyleInHeader, "post": oauth2.AuthStyleInParams, "loose": oauth2.AuthStyleInHeader} {
		endpoint := provider.Endpoint()
		endpoint.AuthStyle = style
		config := oauth2.Config{ClientID: id, ClientSecret: testSecret, Endpoint: endpoint, RedirectURL: redirectOf(id), Scopes: []string{"openid", "family_name"}}
		thirdPartyLogin(ctx, t, provider, config, id)
	}
}

func thirdPartyLogin(ctx context.Context, t *testing.T, provider *coreos.Provider, config oauth2.Config, id string) {
	t.Helper()
	v := oauth2.GenerateVerifier()
	code := follow(ctx, t, config.AuthCodeURL("state-1", coreos.Nonce("nonce-1"), oauth2.S256ChallengeOption(v)))
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(v))
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	raw, _ := token.Extra("id_token").(string)
	idToken, err := provider.Verifier(&coreos.Config{ClientID: id}).Verify(ctx, raw)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	if err := idToken.VerifyAccessToken(token.AccessToken); err != nil || idToken.Nonce != "nonce-1" || idToken.Subject == "" {
		t.Errorf("%s: at_hash %v, nonce %q, sub %q", id, err, idToken.Nonce, idToken.Subject)
	}
	info, err := provider.UserInfo(ctx, config.TokenSource(ctx, token))
	if err != nil || info.Subject != idToken.Subject {
		t.Fatalf("%s: userinfo %v, %v", id, info, err)
	}
	var claims struct {
		Name string `json:"family_name"`
	}
	if err := info.Claims(&claims); err != nil || (claims.Name == "Tournesol") != (id == "post") {
		t.Errorf("%s: claims %+v, %v", id, claims, err)
	}
	if receipt, _ := token.Extra("receipt").(string); receipt == "" {
		t.Errorf("%s: no receipt", id)
	}
}

// follow plays the browser up to the client's redirect URI.
func follow(ctx context.Context, t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	to, err := answer.Location()
	if err != nil || to.Query().Get("state") != "state-1" {
		t.Fatalf("no redirect to the client: %d %v", answer.StatusCode, err)
	}
	return to.Query().Get("code")
}

// Zitadel's relying party: the way, userinfo, revocation and logout.
func TestZitadelsRelyingPartyGoesThrough(t *testing.T) {
	f, server := serve(t)
	party, err := rp.NewRelyingPartyOIDC(t.Context(), server.URL, "post", testSecret, redirectOf("post"), []string{"openid", "family_name"},
		rp.WithHTTPClient(server.Client()), rp.WithVerifierOpts(rp.WithSupportedSigningAlgorithms("ES256"), rp.WithNonce(func(context.Context) string { return "" })))
	if err != nil {
		t.Fatal(err)
	}
	code := follow(t.Context(), t, rp.AuthURL("state-1", party, rp.WithCodeChallenge(challengeOf(verifier))))
	tokens, err := rp.CodeExchange[*oidc.IDTokenClaims](t.Context(), code, party, rp.WithCodeVerifier(verifier))
	if err != nil {
		t.Fatal(err)
	}
	info, err := rp.Userinfo[*oidc.UserInfo](t.Context(), tokens.AccessToken, tokens.TokenType, tokens.IDTokenClaims.Subject, party)
	if err != nil || info.Subject != "subject-at-recipient" {
		t.Errorf("userinfo: %v %+v", err, info)
	}
	if err := rp.RevokeToken(t.Context(), party, tokens.AccessToken, "access_token"); err != nil {
		t.Errorf("revocation: %v", err)
	}
	if _, err := rp.Userinfo[*oidc.UserInfo](t.Context(), tokens.AccessToken, tokens.TokenType, tokens.IDTokenClaims.Subject, party); err == nil {
		t.Error("the revoked token reads userinfo")
	}
	if _, err := rp.EndSession(t.Context(), party, tokens.IDToken, "https://post.example/bye", "state-1", "", nil); err != nil {
		t.Errorf("logout: %v", err)
	}
	if len(f.journey.ended) != 1 || f.journey.ended[0].Hint != "subject-at-recipient" || f.journey.ended[0].RedirectURL() != "https://post.example/bye?state=state-1" {
		t.Errorf("ended %+v", f.journey.ended)
	}
}
