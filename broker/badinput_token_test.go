package broker_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// agreed is a citizen's agreement, its code not yet used.
func agreed(t *testing.T, c watched) (headless.Request, url.Values) {
	t.Helper()
	w := walk(t, c.Country, canteen(t, c.Country))
	see(t, w, "camille")
	do(t, w, "accept")
	return w.Request, url.Values{
		"grant_type": {"authorization_code"}, "code": {w.Page.Stopped.Query().Get("code")},
		"redirect_uri": {w.Request.RedirectURI}, "code_verifier": {w.Request.Verifier},
	}
}

// Attack list, rows 48 and the shape of the form: none of these touches the
// code, which is good afterwards.
func TestAWrongTokenRequestLeavesTheCodeAsItWas(t *testing.T) {
	c := watch(t)
	r, form := agreed(t, c)
	auth := basic(r.ID, r.Secret)
	bad := func(code string) shape { return wantOAuth(http.StatusBadRequest, code) }
	rows := []probe{
		{name: "no grant_type", form: without(form, "grant_type"), want: bad("invalid_request")},
		{name: "grant_type password", form: with(form, "grant_type", "password"), want: bad("unsupported_grant_type")},
		{name: "grant_type refresh_token", form: with(form, "grant_type", "refresh_token", "refresh_token", "acr_x"), want: bad("invalid_grant")},
		{name: "grant_type client_credentials", form: with(form, "grant_type", "client_credentials"), want: bad("invalid_scope")},
		{name: "grant_type with NUL", form: with(form, "grant_type", "authorization_code\x00"), want: bad("unsupported_grant_type")},
		{name: "no code", form: without(form, "code"), want: bad("invalid_request")},
		{name: "unknown code", form: with(form, "code", "inconnu"), want: bad("invalid_grant")},
		{name: "code cut", form: with(form, "code", form.Get("code")[1:]), want: bad("invalid_grant")},
		{name: "code with NUL", form: with(form, "code", form.Get("code")+"\x00"), want: bad("invalid_grant")},
		{name: "code of 1 KiB", form: with(form, "code", many(1<<10)), want: bad("invalid_grant")},
		{name: "63 code twice", form: twice(form, "code", "x"), want: bad("invalid_request")},
		{name: "63 verifier twice", form: twice(form, "code_verifier", "x"), want: bad("invalid_request")},
	}
	for i := range rows {
		rows[i].target, rows[i].header = "/token", auth
	}
	c.play(t, rows...)
	c.play(t, probe{name: "48 another client", target: "/token", form: form, header: basic(country.Region, c.Secrets[country.Region]), want: bad("invalid_grant")},
		probe{name: "wrong secret", target: "/token", form: form, header: basic(r.ID, r.Secret+"x"), want: wantOAuth(http.StatusUnauthorized, "invalid_client")},
		probe{name: "55 in the query", target: "/token?" + form.Encode(), form: url.Values{}, header: auth, want: bad("invalid_request")},
		probe{name: "54 GET", method: http.MethodGet, target: "/token?" + form.Encode(), header: auth, want: wantOAuth(http.StatusMethodNotAllowed, "invalid_request")},
		probe{name: "control", target: "/token", form: form, header: auth, want: wantOnly(http.StatusOK, `"access_token":"acc_`)},
		probe{name: "46 replay revokes", target: "/token", form: form, header: auth, want: bad("invalid_grant"), leaves: trace{leaves: 1}})
}

// Attack list, rows 49, 50 and 52: a wrong binding burns the code.
func TestACodeRedeemedWithAWrongBindingIsBurnt(t *testing.T) {
	c := watch(t)
	for name, change := range map[string]func(url.Values) url.Values{
		"49 no verifier":           func(f url.Values) url.Values { return without(f, "code_verifier") },
		"50 wrong verifier":        func(f url.Values) url.Values { return with(f, "code_verifier", many(43)) },
		"50 verifier with NUL":     func(f url.Values) url.Values { return with(f, "code_verifier", many(43)+"\x00") },
		"50 verifier of 32 KiB":    func(f url.Values) url.Values { return with(f, "code_verifier", many(32<<10)) },
		"52 other redirect_uri":    func(f url.Values) url.Values { return with(f, "redirect_uri", f.Get("redirect_uri")+"/") },
		"52 no redirect_uri":       func(f url.Values) url.Values { return without(f, "redirect_uri") },
		"52 redirect_uri with NUL": func(f url.Values) url.Values { return with(f, "redirect_uri", f.Get("redirect_uri")+"\x00") },
	} {
		t.Run(name, func(t *testing.T) {
			r, form := agreed(t, c)
			auth, want := basic(r.ID, r.Secret), wantOAuth(http.StatusBadRequest, "invalid_grant")
			c.play(t, probe{name: "wrong", target: "/token", form: change(form), header: auth, want: want},
				probe{name: "then right", target: "/token", form: form, header: auth, want: want, leaves: trace{leaves: 1}})
		})
	}
}

// Attack list, rows 79, 80, 82 to 86 and 105: what is not a live token of this
// asker opens nothing.
func TestWhatIsNotALiveTokenOpensNothing(t *testing.T) {
	c := watch(t)
	_, tok := token(t, c.Country, canteen(t, c.Country), "camille")
	_, spent := agreed(t, c)
	editor, other := basic(country.Editor, c.Secrets[country.Editor]), basic(country.Region, c.Secrets[country.Region])
	refused := wantOAuth(http.StatusUnauthorized, "invalid_token")
	inactive := wantOnly(http.StatusOK, `{"active":false}`)
	for name, bad := range wrongTokens(tok, spent.Get("code")) {
		header := http.Header{"Authorization": {"Bearer " + bad}, "Origin": {"https://evil.example"}}
		c.play(t, probe{name: "userinfo " + name, target: "/userinfo", header: header, want: refused},
			probe{name: "data " + name, target: quotient + "?recipient=" + tok.Recipient, header: header, want: wantAPI(http.StatusUnauthorized, "00101")})
		if bad != "" {
			c.play(t, probe{name: "introspect " + name, target: "/introspect", form: values("token", bad), header: editor, want: inactive},
				probe{name: "revoke " + name, target: "/revoke", form: values("token", bad), header: editor, want: wantOnly(http.StatusOK, "")})
		}
	}
	live := http.Header{"Authorization": {"Bearer " + tok.Access}}
	two := http.Header{"Authorization": {"Bearer " + tok.Access, "Bearer x"}}
	c.play(t,
		probe{name: "85 userinfo in the query", target: "/userinfo?access_token=" + tok.Access, want: wantOAuth(http.StatusBadRequest, "invalid_request")},
		probe{name: "85 userinfo in both", target: "/userinfo?access_token=" + tok.Access, header: live, want: wantOAuth(http.StatusBadRequest, "invalid_request")},
		probe{name: "85 userinfo in header and body", target: "/userinfo", form: values("access_token", tok.Access), header: live, want: wantOAuth(http.StatusBadRequest, "invalid_request")},
		probe{name: "86 userinfo in the body, cut", target: "/userinfo", form: values("access_token", tok.Access[1:]), want: refused},
		probe{name: "userinfo in the body of a POST", target: "/userinfo", form: values("access_token", tok.Access), want: wantOnly(http.StatusOK, `"sub"`)},
		probe{name: "userinfo with two headers", target: "/userinfo", header: two, want: wantOAuth(http.StatusBadRequest, "invalid_request")},
		probe{name: "userinfo with Basic", target: "/userinfo", header: editor, want: refused},
		probe{name: "82 introspect by another", target: "/introspect", form: values("token", tok.Access), header: other, want: inactive},
		probe{name: "84 revoke by another", target: "/revoke", form: values("token", tok.Access), header: other, want: wantOnly(http.StatusOK, "")},
		probe{name: "introspect without token", target: "/introspect", form: values("x", "y"), header: editor, want: wantOAuth(http.StatusBadRequest, "invalid_request")},
		probe{name: "revoke without token", target: "/revoke", form: values("x", "y"), header: editor, want: wantOAuth(http.StatusBadRequest, "invalid_request")},
		probe{name: "control: still active", target: "/introspect", form: values("token", tok.Access), header: editor, want: wantOnly(http.StatusOK, `"active":true`)})
}

// wrongTokens are all but the live one.
func wrongTokens(tok headless.Token, code string) map[string]string {
	flipped := []byte(tok.Access)
	flipped[len(flipped)-1] ^= 1
	return map[string]string{
		"86 cut": tok.Access[:len(tok.Access)-1], "86 flipped": string(flipped), "86 longer": tok.Access + "A", "prefix alone": "acc_",
		"a code": code, "79 alg none": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "80 the ID token": tok.ID, "80 the receipt": tok.Receipt,
		"FranceConnect's": strings.TrimPrefix(tok.Access, "acc_"), "of 8 KiB": "acc_" + many(8<<10), "with NUL": tok.Access + "\x00",
		"SQL": "acc_' OR '1'='1", "path": "acc_../../etc/passwd", "empty": "",
	}
}

// Attack list, rows 90 to 94.
func TestALogoutGoesNowhereUnregisteredAndAsksFirst(t *testing.T) {
	c := watch(t)
	_, tok := token(t, c.Country, canteen(t, c.Country), "camille")
	lost := wantPage(http.StatusBadRequest, "A02")
	at := func(kv ...string) string { return "/session/end?" + values(kv...).Encode() }
	rows := []probe{
		{name: "91 nothing", target: "/session/end", want: wantOnly(http.StatusOK, "<html")},
		{name: "90 no client", target: at("post_logout_redirect_uri", c.TownHallURL), want: lost},
		{name: "9 unknown client", target: at("client_id", "personne"), want: lost},
		{name: "92 hint of garbage", target: at("id_token_hint", "\x00"), want: lost},
		{name: "92 hint alg none", target: at("id_token_hint", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."), want: lost},
		{name: "92 hint of no claims", target: at("id_token_hint", "eyJhbGciOiJFUzI1NiJ9.bnVsbA.AA"), want: lost},
		{name: "92 hint altered", target: at("id_token_hint", tok.ID[:len(tok.ID)-4]+"AAAA"), want: lost},
		{name: "92 hint of another client", target: at("id_token_hint", tok.ID, "client_id", country.Region), want: lost},
		{name: "92 access token as hint", target: at("id_token_hint", tok.Access), want: lost},
		{name: "93 state with CRLF", target: at("client_id", country.Editor, "state", "a\r\nX-Split: 1"), want: lost},
		{name: "93 state of 60 KiB", target: at("client_id", country.Editor, "state", many(60<<10)), want: lost},
		{name: "63 state twice", target: at("state", "a") + "&state=b", want: lost},
		{name: "a form with a query", target: at("state", "a"), form: url.Values{}, want: lost},
	}
	for _, uri := range []string{"https://evil.example/", c.TownHallURL + "/retour", c.TownHallURL + "/\x00", "javascript:alert(1)", "//evil.example"} {
		rows = append(rows, probe{name: "90 to " + uri, target: at("client_id", country.Editor, "post_logout_redirect_uri", uri), want: lost})
	}
	c.play(t, rows...)
	b := headless.New()
	if _, err := c.LookBack(b, "camille"); err != nil {
		t.Fatal(err)
	}
	_, sabine := token(t, c.Country, canteen(t, c.Country), "sabine")
	asks := wantOnly(http.StatusOK, "<form")
	c.play(t, probe{name: "91 no hint", target: "/session/end", jar: jar(b, c.Accord), want: asks},
		probe{name: "91 a client and no hint", target: at("client_id", country.Editor), jar: jar(b, c.Accord), want: asks},
		probe{name: "92 another citizen's hint", target: at("id_token_hint", sabine.ID), jar: jar(b, c.Accord), want: asks},
		probe{name: "92 hint altered", target: at("id_token_hint", tok.ID[:len(tok.ID)-4]+"AAAA"), jar: jar(b, c.Accord), want: asks},
		probe{name: "90 unregistered", target: at("id_token_hint", tok.ID, "post_logout_redirect_uri", "https://evil.example/"), jar: jar(b, c.Accord), want: asks},
		probe{name: "94 by an image of another site", target: at("client_id", country.Editor), want: wantOnly(http.StatusOK, "<html")})
	if p, err := b.Get(c.Accord + "/mes-accords"); err != nil || p.Has("submit") && !strings.Contains(p.Body, "/deconnexion") {
		t.Errorf("94: the session ended without a click: %v", err)
	}
}
