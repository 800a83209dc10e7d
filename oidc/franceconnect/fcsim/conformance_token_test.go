package fcsim_test

import (
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
