package fcsim_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/zitadel/oidc/v3/pkg/client/rp"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"golang.org/x/oauth2"
)

// Simulator and relying party come from one hand and could share a mistake: a
// library that knows neither must get through too.
func TestStockLibraryLogsInThroughTheSimulator(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	party, err := rp.NewRelyingPartyOIDC(ctx, b.issuer, clientID, secret, redirect, []string{"openid", "identite_pivot"},
		rp.WithHTTPClient(&http.Client{}), rp.WithAuthStyle(oauth2.AuthStyleInParams),
		rp.WithVerifierOpts(
			rp.WithSupportedSigningAlgorithms("ES256"),
			rp.WithNonce(func(context.Context) string { return nonce }),
			rp.WithACRVerifier(oidc.DefaultACRVerifier([]string{"eidas1"})),
		))
	if err != nil {
		t.Fatal(err)
	}
	at := rp.AuthURL(state, party, rp.AuthURLOpt(rp.WithURLParam("nonce", nonce)), rp.AuthURLOpt(rp.WithURLParam("acr_values", "eidas1")))
	picker := b.get(at)
	consent := b.post(picker.Request.URL.String(), map[string][]string{"persona": {"lise"}})
	code := b.back(b.post(consent.Request.URL.JoinPath("../login").String(), nil)).Get("code")
	tokens, err := rp.CodeExchange[*oidc.IDTokenClaims](ctx, code, party)
	if err != nil {
		t.Fatal(err)
	}
	if len(tokens.IDTokenClaims.Subject) != 66 || tokens.IDTokenClaims.AuthenticationContextClassReference != "eidas1" {
		t.Errorf("sub of %d characters", len(tokens.IDTokenClaims.Subject))
	}
}
