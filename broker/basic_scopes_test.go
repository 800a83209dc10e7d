package broker_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/oidc/issuer"
)

// OpenID Connect Basic asks for "openid email" in both orders and reads userinfo
// twice: the address stands there, each time, and not in the ID token. FranceConnect
// does not say whether it is verified, so email_verified is not said either.
func TestTheScopeEmailGivesItsClaimInAnyOrder(t *testing.T) {
	c := ownCountry(t, func(b *broker.Config) {
		at := slices.IndexFunc(b.Clients, func(c *issuer.Client) bool { return c.ID == country.MediaLibrary })
		b.Clients[at].UserinfoClaims, b.Clients[at].AuthMethod = true, issuer.ClientSecretBasic
	})
	client, err := c.Client(country.MediaLibrary, "valbrume-mediatheque", "email")
	if err != nil {
		t.Fatal(err)
	}
	for _, scope := range []string{"openid email", "email openid"} {
		tok := agreedTo(t, c, client, url.Values{"scope": {scope}}, "email")
		if slices.Contains(claims(t, tok.ID), "email") {
			t.Errorf("%s: the ID token says %v", scope, claims(t, tok.ID))
		}
		for range 2 {
			status, _, body, err := headless.Read(c.Accord+"/userinfo", tok.Access)
			var told map[string]any
			if err != nil || json.Unmarshal(body, &told) != nil || status != http.StatusOK || told["email"] != "camille.tremblin@courriel.example" || told["sub"] != tok.Subject || len(told) != 2 {
				t.Errorf("%s: userinfo: %v, %d %s", scope, err, status, body)
			}
		}
	}
}

// agreedTo walks through a request with other parameters, ticking what is named.
func agreedTo(t *testing.T, c *country.Country, client headless.Client, more url.Values, ticked ...string) headless.Token {
	t.Helper()
	w := &country.Walk{Browser: headless.New().StopAt(client.RedirectURI), Country: c, Request: client.Begin()}
	var err error
	if w.Page, err = w.Get(w.Request.URL(more)); err != nil {
		t.Fatal(err)
	}
	see(t, w, "camille")
	page, err := w.Press(w.Page, "accept", url.Values{"item": ticked})
	if err != nil || page.Stopped == nil {
		t.Fatalf("agreeing: %v, %.300s", err, page.Words())
	}
	tok, err := w.Request.Exchange(page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}
