package fcsim_test

import (
	"net/url"
	"strings"
	"testing"

	"accord/oidc/franceconnect/fcsim"
)

func tokenTakesAFormOnly(t *testing.T) {
	b := newBench(t)
	code := b.login("lise", "openid").Get("code")
	a := b.read(b.browser.Post(b.issuer+"/token", "application/json", strings.NewReader(`{"code":"`+code+`"}`)))
	if e := object(t, a.body); a.StatusCode != 400 || e["error"] != "invalid_request" {
		t.Errorf("JSON: HTTP %d %v", a.StatusCode, e)
	}
	for _, name := range []string{"grant_type", "code", "redirect_uri"} {
		f := tokenForm(code)
		f.Del(name)
		e := object(t, b.post(b.issuer+"/token", f).body)
		if e["error"] != "invalid_request" || e["error_description"] != "missing required parameter '"+name+"' (undefined)" {
			t.Errorf("without %s: %v", name, e)
		}
	}
	f := tokenForm(code)
	f.Set("grant_type", "refresh_token")
	if e := object(t, b.post(b.issuer+"/token", f).body); e["error"] != "unsupported_grant_type" {
		t.Errorf("refresh: %v", e)
	}
	b.tokens(code) // none of it consumed the code
}

func hintNamesAKnownProvider(t *testing.T) {
	b := newBench(t, func(o *fcsim.Options) { o.SSO = true })
	hinted := func(id string) answer {
		q := request("openid")
		q.Set("idp_hint", id)
		return b.authorize(q)
	}
	sent(t, b.back(hinted("unknown")), b.issuer, "invalid_idp_hint")
	id, _ := b.claimsOf("lise", "openid idp_id")["idp_id"].(string)
	other := newBrowserOf(b)
	if a := other.authorize(withHint(id)); a.StatusCode != 200 {
		t.Errorf("a known provider: HTTP %d", a.StatusCode)
	}
	if !onConsentPage(hinted("unknown")) {
		t.Error("the hint counts although single sign-on answers")
	}
}

func withHint(id string) url.Values {
	q := request("openid")
	q.Set("idp_hint", id)
	return q
}

func redirectURIsAreOfOneHost(t *testing.T) {
	b := newBench(t, func(o *fcsim.Options) { o.RedirectURIs = []string{redirect, "http://localhost:1/callback"} })
	page(t, b.authorize(request("openid")), 400, "Y04A8220")
}
