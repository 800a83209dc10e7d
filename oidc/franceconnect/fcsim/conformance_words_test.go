package fcsim_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// descriptionsAreWordForWord: clients have been seen to read them.
func descriptionsAreWordForWord(t *testing.T) {
	b := newBench(t)
	authorize := func(name, value string) string {
		q := request("openid")
		q.Set(name, value)
		return b.back(b.authorize(q)).Get("error_description")
	}
	token := func(name, value string) string {
		f := tokenForm(b.login("lise", "openid").Get("code"))
		f.Set(name, value)
		text, _ := object(t, b.post(b.issuer+"/token", f).body)["error_description"].(string)
		return text
	}
	for want, got := range map[string]string{
		"requested scope is not allowed":                                      authorize("scope", "openid cnaf_adresse"),
		"openid scope must be requested when using the acr_values parameter":  authorize("scope", "email"),
		"An idp_hint was provided but is not allowed":                         authorize("idp_hint", "x"),
		"client authentication failed (invalid secret provided)":              token("client_secret", strings.Repeat("x", 32)),
		"grant request is invalid (authorization code redirect_uri mismatch)": token("redirect_uri", redirect+"?tab=1"),
		"grant request is invalid (authorization code not found)":             token("code", "unknown"),
		"missing required parameter 'code' (undefined)":                       token("code", ""),
		"unsupported grant_type requested (undefined)":                        token("grant_type", "password"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	noTokenAtUserinfo(t, b)
	malformedClaimsAreAPage(t, b)
}

func noTokenAtUserinfo(t *testing.T, b *bench) {
	t.Helper()
	a := b.get(b.issuer + "/userinfo")
	e := object(t, a.body)
	text, _ := e["error_description"].(string)
	if a.StatusCode < 400 || !strings.HasPrefix(text, "no access token provided (") || e["error_uri"] == "" {
		t.Errorf("HTTP %d %v", a.StatusCode, e)
	}
}

func malformedClaimsAreAPage(t *testing.T, b *bench) {
	t.Helper()
	page(t, b.authorize(url.Values{
		"response_type": {"code"}, "client_id": {clientID}, "redirect_uri": {redirect}, "scope": {"openid"},
		"acr_values": {"eidas1"}, "nonce": {nonce}, "state": {state}, "claims": {"{"},
	}), http.StatusInternalServerError, "Y030028")
}
