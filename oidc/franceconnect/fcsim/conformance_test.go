package fcsim_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"accord/oidc/franceconnect/fcsim"
)

func discoveryIsFranceConnects(t *testing.T) {
	b := newBench(t)
	a := b.get(b.issuer + "/.well-known/openid-configuration")
	d := object(t, a.body)
	if a.Header.Get("Cache-Control") != "public, max-age=600" {
		t.Error("cache", a.Header.Get("Cache-Control"))
	}
	want := map[string]string{
		"issuer": "", "authorization_endpoint": "/authorize", "token_endpoint": "/token", "userinfo_endpoint": "/userinfo",
		"jwks_uri": "/jwks", "end_session_endpoint": "/session/end", "revocation_endpoint": "/token/revocation",
	}
	for name, path := range want {
		if d[name] != b.issuer+path {
			t.Errorf("%s is %v", name, d[name])
		}
	}
	for name, want := range map[string]string{
		"acr_values_supported": `["eidas1"]`, "subject_types_supported": `["pairwise"]`, "response_types_supported": `["code"]`,
		"token_endpoint_auth_methods_supported": `["client_secret_post","private_key_jwt"]`, "code_challenge_methods_supported": `["S256"]`,
		"authorization_response_iss_parameter_supported": `true`,
	} {
		if got, _ := json.Marshal(d[name]); string(got) != want {
			t.Errorf("%s is %s", name, got)
		}
	}
	if _, there := d["introspection_endpoint"]; there {
		t.Error("introspection is advertised")
	}
}

// page checks that a request is answered by a page with this code, and no
// redirect to the client.
func page(t *testing.T, a answer, status int, code string) {
	t.Helper()
	if a.StatusCode != status || !strings.Contains(a.body, `<code id="error-code">`+code+`</code>`) || a.Header.Get("Location") != "" {
		t.Errorf("HTTP %d, want %d with %s", a.StatusCode, status, code)
	}
}

func otherParametersAreRefusedByAPage(t *testing.T) {
	b := newBench(t)
	for _, name := range []string{"code_challenge", "code_challenge_method", "login_hint", "max_age", "response_mode", "request", "request_uri", "dpop_jkt", "id_token_hint", "display", "lang"} {
		q := request("openid")
		q.Set(name, "x")
		page(t, b.authorize(q), 400, "Y030007")
	}
	for _, ok := range []url.Values{{"prompt": {"login"}}, {"prompt": {"login consent"}}, {"ui_locales": {"en"}}, {"claims": {`{"userinfo":{}}`}}} {
		q := request("openid")
		maps.Copy(q, ok)
		if a := b.authorize(q); a.StatusCode != 200 {
			t.Errorf("%v: HTTP %d", ok, a.StatusCode)
		}
	}
}

func mandatoryParameters(t *testing.T) {
	b := newBench(t)
	for _, name := range []string{"client_id", "response_type", "redirect_uri", "scope", "acr_values", "nonce", "state"} {
		q := request("openid")
		q.Del(name)
		page(t, b.authorize(q), 400, "Y030007")
		q = request("openid")
		q.Add(name, "again")
		page(t, b.authorize(q), 400, "Y030007")
	}
	for name, value := range map[string]string{"nonce": nonce[:21], "prompt": "none", "redirect_uri": "callback"} {
		q := request("openid")
		q.Set(name, value)
		page(t, b.authorize(q), 400, "Y030007")
	}
	q := request("openid")
	q.Set("prompt", "")
	page(t, b.authorize(q), 400, "Y030007")
	q = request("openid")
	q.Set("nonce", nonce[:22])
	if a := b.authorize(q); a.StatusCode != 200 {
		t.Errorf("22 characters of nonce: HTTP %d", a.StatusCode)
	}
}

func weakestACRCounts(t *testing.T) {
	b := newBench(t)
	for acr, refused := range map[string]bool{"eidas1": false, "eidas3 eidas1": false, "loa-9": false, "eidas2": true, "eidas3 eidas2": true, "loa-9 eidas3": true} {
		q := request("openid")
		q.Set("acr_values", acr)
		a := b.authorize(q)
		if refused {
			sent(t, b.back(a), b.issuer, "invalid_acr")
		} else if a.StatusCode != 200 {
			t.Errorf("%s: HTTP %d", acr, a.StatusCode)
		}
	}
}

// sent checks an error that came back through the browser.
func sent(t *testing.T, q url.Values, issuer, code string) {
	t.Helper()
	if q.Get("error") != code || q.Get("state") != state || q.Get("iss") != issuer || q.Get("error_description") == "" || q.Has("code") {
		t.Errorf("came back with %v, want %s", q, code)
	}
}

func scopeRules(t *testing.T) {
	b := newBench(t)
	sent(t, b.back(b.authorize(request("identite_pivot"))), b.issuer, "invalid_request")
	q := b.back(b.authorize(request("openid dgfip_nbpart")))
	sent(t, q, b.issuer, "invalid_scope")
	if q.Get("scope") != "dgfip_nbpart" {
		t.Error("the forbidden scope is not named")
	}
	got := b.tokens(b.login("lise", "openid email scope_of_nobody dgfip_rfr").Get("code"))
	if got["scope"] != "openid email dgfip_rfr" {
		t.Errorf("granted %v", got["scope"])
	}
}

func clientAndRedirectURIAreExact(t *testing.T) {
	b := newBench(t)
	with := func(name, value, scopes string) answer {
		q := request(scopes)
		q.Set(name, value)
		return b.authorize(q)
	}
	page(t, with("client_id", "other", "openid"), 400, "Y04EA6EF")
	for _, uri := range []string{redirect + "/", redirect + "?x=1", "http://127.0.0.1:2/callback", strings.ToUpper(redirect)} {
		page(t, with("redirect_uri", uri, "openid"), 400, "Y04C013C")
	}
	page(t, with("redirect_uri", redirect+"/", "openid dgfip_nbpart"), 400, "Y040001")
}

func callbackCarriesCodeStateAndIssuer(t *testing.T) {
	b := newBench(t)
	q := b.login("lise", "openid")
	if len(q) != 3 || q.Get("code") == "" || q.Get("state") != state || q.Get("iss") != b.issuer {
		t.Errorf("callback %v", q)
	}
	r := request("openid")
	r.Set("redirect_uri", redirect+"?tab=1")
	if q := b.loginWith("lise", r); len(q) != 4 || q.Get("tab") != "1" {
		t.Errorf("callback with a query of its own %v", q)
	}
}

func errorShapes(t *testing.T) {
	b := newBench(t)
	q := request("openid")
	q.Set("idp_hint", "x")
	sent(t, b.back(b.authorize(q)), b.issuer, "invalid_idp_hint")
	q = request("openid")
	q.Set("response_type", "id_token")
	u, err := b.authorize(q).Location()
	if err != nil || !strings.Contains(u.Fragment, "error=unsupported_response_type") || u.RawQuery != "" {
		t.Errorf("implicit flow answered at %v %v", u, err)
	}
	picker := b.authorize(request("openid"))
	back := b.back(b.get(picker.Request.URL.String() + "/cancel"))
	sent(t, back, b.issuer, "access_denied")
	if back.Get("error_description") != "User auth aborted" {
		t.Errorf("description %q", back.Get("error_description"))
	}
	missing := tokenForm("")
	missing.Del("code")
	a := b.post(b.issuer+"/token", missing)
	e := object(t, a.body)
	if a.StatusCode != 400 || e["error_description"] != "missing required parameter 'code' (undefined)" {
		t.Errorf("HTTP %d %v", a.StatusCode, e)
	}
	uri, _ := e["error_uri"].(string)
	if !regexp.MustCompile(`\?code=Y04[0-9A-F]{5}&id=[0-9a-f-]{36}$`).MatchString(uri) {
		t.Errorf("error_uri %q", uri)
	}
}

func rs256IsAnOption(t *testing.T) {
	b := newBench(t, func(o *fcsim.Options) { o.SigningAlg = "RS256" })
	got := b.tokens(b.login("lise", "openid").Get("code"))
	if alg := part(t, got["id_token"], 0)["alg"]; alg != "RS256" {
		t.Errorf("ID token by %v", alg)
	}
	if alg := part(t, b.userinfo(got["access_token"]).body, 0)["alg"]; alg != "RS256" {
		t.Errorf("userinfo by %v", alg)
	}
}

func bothKeysArePublished(t *testing.T) {
	b := newBench(t)
	a := b.get(b.issuer + "/jwks")
	if a.Header.Get("Content-Type") != "application/jwk-set+json" {
		t.Error(a.Header.Get("Content-Type"))
	}
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal([]byte(a.body), &set); err != nil || len(set.Keys) != 2 {
		t.Fatalf("%d keys %v", len(set.Keys), err)
	}
	for _, k := range set.Keys {
		if k["use"] != "sig" || k["kid"] == "" || k["d"] != nil {
			t.Errorf("key %v %v", k["kty"], k["use"])
		}
	}
	if set.Keys[0]["kty"] != "EC" || set.Keys[1]["kty"] != "RSA" {
		t.Error("EC and RSA are expected")
	}
}
