package fcsim_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/oidc/franceconnect/fcsim"
)

// TestSimulatorFollowsFranceConnect goes through what a faithful simulator of
// an ordinary login must do, one subtest an item.
func TestSimulatorFollowsFranceConnect(t *testing.T) {
	for _, item := range []struct {
		name string
		test func(*testing.T)
	}{
		{"1 discovery", discoveryIsFranceConnects},
		{"2 whitelist", otherParametersAreRefusedByAPage},
		{"3 nonce, state and acr are needed", mandatoryParameters},
		{"4 the weakest acr counts", weakestACRCounts},
		{"5 scopes", scopeRules},
		{"6 client and redirect URI", clientAndRedirectURIAreExact},
		{"7 callback", callbackCarriesCodeStateAndIssuer},
		{"8 code", codeIsShortBoundAndUsedOnce},
		{"9 client_secret_post", onlyPostedSecretsAuthenticate},
		{"10 token answer", tokenAnswerHasFiveMembers},
		{"11 ID token", idTokenHasEightClaims},
		{"12 userinfo", userinfoIsSignedAndShortLived},
		{"13 identity", identityIsCompleted},
		{"14 sub", subjectIsPairwise},
		{"15 logout", logoutNeedsHintAndSession},
		{"16 revocation", revocationEndsTheToken},
		{"18 error shapes", errorShapes},
		{"20 RS256", rs256IsAnOption},
		{"21 keys", bothKeysArePublished},
	} {
		t.Run(item.name, item.test)
	}
}

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

// grantRefused checks a token answer's error, word for word.
func grantRefused(t *testing.T, a answer, detail string) {
	t.Helper()
	e := object(t, a.body)
	if a.StatusCode != 400 || e["error"] != "invalid_grant" || e["error_description"] != "grant request is invalid ("+detail+")" {
		t.Errorf("HTTP %d %v, want %s", a.StatusCode, e, detail)
	}
}

func codeIsShortBoundAndUsedOnce(t *testing.T) {
	b := newBench(t)
	grantRefused(t, b.post(b.issuer+"/token", tokenForm("unknown")), "authorization code not found")
	code := b.login("lise", "openid").Get("code")
	other := tokenForm(code)
	other.Set("redirect_uri", redirect+"?tab=1")
	grantRefused(t, b.post(b.issuer+"/token", other), "authorization code redirect_uri mismatch")
	verifier := tokenForm(code)
	verifier.Set("code_verifier", strings.Repeat("v", 43))
	if a := b.post(b.issuer+"/token", verifier); a.StatusCode != 400 {
		t.Errorf("a code verifier out of nowhere: HTTP %d", a.StatusCode)
	}
	b.clock.pass(29 * time.Second)
	got := b.tokens(code)
	if a := b.userinfo(got["access_token"]); a.StatusCode != 200 {
		t.Errorf("userinfo: HTTP %d", a.StatusCode)
	}
	grantRefused(t, b.post(b.issuer+"/token", tokenForm(code)), "authorization code already consumed")
	if a := b.userinfo(got["access_token"]); a.StatusCode != 401 {
		t.Errorf("userinfo after the replay: HTTP %d", a.StatusCode)
	}
	late := b.login("lise", "openid").Get("code")
	b.clock.pass(30 * time.Second)
	grantRefused(t, b.post(b.issuer+"/token", tokenForm(late)), "authorization code not found")
}

func onlyPostedSecretsAuthenticate(t *testing.T) {
	b := newBench(t)
	code := b.login("lise", "openid").Get("code")
	cases := map[string]func(*http.Request, url.Values){
		"basic":        func(r *http.Request, f url.Values) { r.SetBasicAuth(clientID, secret); f.Del("client_secret") },
		"wrong secret": func(_ *http.Request, f url.Values) { f.Set("client_secret", strings.Repeat("x", 32)) },
		"no secret":    func(_ *http.Request, f url.Values) { f.Del("client_secret") },
		"other client": func(_ *http.Request, f url.Values) { f.Set("client_id", "other") },
		"assertion":    func(_ *http.Request, f url.Values) { f.Set("client_assertion", "a.b.c") },
	}
	for name, change := range cases {
		r, _ := http.NewRequest(http.MethodPost, b.issuer+"/token", nil)
		form := tokenForm(code)
		change(r, form)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Body = io.NopCloser(strings.NewReader(form.Encode()))
		a := b.read(http.DefaultClient.Do(r))
		if e := object(t, a.body); a.StatusCode != 401 || e["error"] != "invalid_client" {
			t.Errorf("%s: HTTP %d %v", name, a.StatusCode, e["error"])
		}
	}
	b.tokens(code)
}

func tokenAnswerHasFiveMembers(t *testing.T) {
	b := newBench(t)
	got := b.tokens(b.login("lise", "openid").Get("code"))
	names := slices.Sorted(maps.Keys(got))
	if !slices.Equal(names, []string{"access_token", "expires_in", "id_token", "scope", "token_type"}) {
		t.Errorf("members %v", names)
	}
	if got["expires_in"] != 60.0 || got["token_type"] != "Bearer" {
		t.Errorf("%v %v", got["expires_in"], got["token_type"])
	}
	if token, _ := got["access_token"].(string); len(token) != 43 {
		t.Errorf("access token of %d characters", len(token))
	}
}

func idTokenHasEightClaims(t *testing.T) {
	b := newBench(t)
	got := b.tokens(b.login("lise", "openid").Get("code"))["id_token"]
	claims := part(t, got, 1)
	if names := slices.Sorted(maps.Keys(claims)); !slices.Equal(names, []string{"acr", "aud", "auth_time", "exp", "iat", "iss", "nonce", "sub"}) {
		t.Errorf("claims %v", names)
	}
	iat, _ := claims["iat"].(float64)
	if claims["exp"] != iat+60 || claims["acr"] != "eidas1" || claims["nonce"] != nonce || claims["aud"] != clientID || claims["iss"] != b.issuer {
		t.Errorf("claims %v", claims)
	}
	header := part(t, got, 0)
	if names := slices.Sorted(maps.Keys(header)); !slices.Equal(names, []string{"alg", "kid"}) || header["alg"] != "ES256" {
		t.Errorf("header %v", header)
	}
	amr := request("openid")
	amr.Set("claims", `{"id_token":{"amr":{"essential":true}}}`)
	page(t, b.authorize(amr), 400, "Y100009")
	entitled := newBench(t, func(o *fcsim.Options) { o.AMR = true })
	if c := part(t, entitled.tokens(entitled.loginWith("lise", amr).Get("code"))["id_token"], 1); len(c) != 9 || c["amr"] == nil {
		t.Errorf("claims with amr %v", c)
	}
}

func userinfoIsSignedAndShortLived(t *testing.T) {
	b := newBench(t)
	token := b.tokens(b.login("lise", "openid identite_pivot").Get("code"))["access_token"]
	a := b.userinfo(token)
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/jwt; charset=utf-8" {
		t.Errorf("HTTP %d %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	for _, name := range []string{"iss", "aud", "sub", "iat", "exp"} {
		if part(t, a.body, 1)[name] == nil {
			t.Errorf("no %s", name)
		}
	}
	text, _ := token.(string)
	if q := b.get(b.issuer + "/userinfo?access_token=" + text); q.StatusCode != 200 {
		t.Errorf("token in the query: HTTP %d", q.StatusCode)
	}
	if p := b.post(b.issuer+"/userinfo", url.Values{"access_token": {text}}); p.StatusCode < 400 {
		t.Errorf("POST: HTTP %d", p.StatusCode)
	}
	b.clock.pass(30 * time.Second)
	unauthorised(t, b.userinfo(token), "invalid token provided (grant is expired)")
	if _, _, ok := b.sim.Introspect(text); !ok {
		t.Error("a data provider sees no token after 30 s")
	}
	b.clock.pass(30 * time.Second)
	unauthorised(t, b.userinfo(token), "invalid token provided (access token not found)")
	if _, _, ok := b.sim.Introspect(text); ok {
		t.Error("the token outlives its 60 s")
	}
}

func unauthorised(t *testing.T, a answer, description string) {
	t.Helper()
	if e := object(t, a.body); a.StatusCode != 401 || e["error"] != "invalid_token" || e["error_description"] != description {
		t.Errorf("HTTP %d %v", a.StatusCode, e)
	}
}

func identityIsCompleted(t *testing.T) {
	b := newBench(t)
	all := "openid identite_pivot idp_birthdate idp_id preferred_username email dgfip_rfr"
	claims := func(persona, scopes string) map[string]any {
		return part(t, b.userinfo(b.tokens(b.login(persona, scopes).Get("code"))["access_token"]).body, 1)
	}
	if c := claims("lise", all); len(c) != 16 || c["given_name"] != "Lise Anne Zoé" || c["dgfip_rfr"] != nil {
		t.Errorf("%d claims %v", len(c), c)
	}
	if c := claims("lise", "openid birth"); len(c) != 7 || c["birthplace"] != "2A004" {
		t.Errorf("birth gives %v", c)
	}
	if c := claims("year", all); c["birthdate"] != "1962-01-01" || c["idp_birthdate"] != "1962-00-00" || c["birthplace"] != "" {
		t.Errorf("year alone: %v", c)
	}
	if c := claims("month", all); c["birthdate"] != "1962-03-01" || c["idp_birthdate"] != "1962-03-00" {
		t.Errorf("month: %v", c)
	}
	if c := claims("plain", all); c["preferred_username"] != nil {
		t.Error("a usage name out of nowhere")
	}
	if c := claims("european", all); c["given_name_array"] != nil || c["given_name"] != "Lise" {
		t.Errorf("european: %v", c)
	}
	for _, id := range []string{"no-mail", "bad-cog", "bad-month"} {
		picker := b.authorize(request("openid"))
		page(t, b.post(picker.Request.URL.String(), url.Values{"persona": {id}}), 400, "Y600006")
	}
}

func subjectIsPairwise(t *testing.T) {
	sub := func(b *bench, persona string) string {
		s, _ := part(t, b.tokens(b.login(persona, "openid").Get("code"))["id_token"], 1)["sub"].(string)
		return s
	}
	one, restarted := newBench(t), newBench(t)
	s := sub(one, "lise")
	if !regexp.MustCompile(`^[0-9a-f]{64}v1$`).MatchString(s) {
		t.Errorf("sub %q", s)
	}
	if sub(restarted, "lise") != s {
		t.Error("another sub after a restart")
	}
	if sub(one, "month") == s {
		t.Error("two persons share a sub")
	}
	b := newBench(t, func(o *fcsim.Options) { o.ClientID = "other" })
	q := request("openid")
	q.Set("client_id", "other")
	form := tokenForm(b.loginWith("lise", q).Get("code"))
	form.Set("client_id", "other")
	if part(t, object(t, b.post(b.issuer+"/token", form).body)["id_token"], 1)["sub"] == s {
		t.Error("two clients share a sub")
	}
}

func logoutNeedsHintAndSession(t *testing.T) {
	b := newBench(t)
	hint, _ := b.tokens(b.login("lise", "openid").Get("code"))["id_token"].(string)
	end := func(q url.Values) answer { return b.get(b.issuer + "/session/end?" + q.Encode()) }
	good := func() url.Values {
		return url.Values{"id_token_hint": {hint}, "state": {state}, "post_logout_redirect_uri": {after}}
	}
	for name, change := range map[string]func(url.Values){
		"no hint":       func(q url.Values) { q.Del("id_token_hint") },
		"forged hint":   func(q url.Values) { q.Set("id_token_hint", hint[:len(hint)-4]+"AAAA") },
		"other address": func(q url.Values) { q.Set("post_logout_redirect_uri", after+"/") },
		"parameter":     func(q url.Values) { q.Set("x", "1") },
	} {
		q := good()
		change(q)
		if a := end(q); a.StatusCode != 400 {
			t.Errorf("%s: HTTP %d", name, a.StatusCode)
		}
	}
	b.clock.pass(10 * time.Minute)
	if q := b.back(end(good())); q.Get("state") != state || len(q) != 1 {
		t.Errorf("came back with %v", q)
	}
	page(t, end(good()), 400, "Y100019")
}

func revocationEndsTheToken(t *testing.T) {
	b := newBench(t)
	token, _ := b.tokens(b.login("lise", "openid").Get("code"))["access_token"].(string)
	form := func() url.Values {
		return url.Values{"token": {token}, "client_id": {clientID}, "client_secret": {secret}}
	}
	more, short := form(), form()
	more.Set("token_type_hint", "access_token")
	short.Set("token", "short")
	for _, f := range []url.Values{more, short} {
		if a := b.post(b.issuer+"/token/revocation", f); a.StatusCode != 400 {
			t.Errorf("HTTP %d", a.StatusCode)
		}
	}
	wrong := form()
	wrong.Set("client_secret", strings.Repeat("x", 32))
	if a := b.post(b.issuer+"/token/revocation", wrong); a.StatusCode != 401 {
		t.Errorf("wrong secret: HTTP %d", a.StatusCode)
	}
	if a := b.post(b.issuer+"/token/revocation", form()); a.StatusCode != 200 || a.body != "" {
		t.Errorf("HTTP %d %q", a.StatusCode, a.body)
	}
	if a := b.userinfo(token); a.StatusCode != 401 {
		t.Errorf("userinfo after revocation: HTTP %d", a.StatusCode)
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
