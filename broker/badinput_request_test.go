package broker_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// An asked is one wrong parameter of an authorization request: how /par and
// /authorize must answer it.
type asked struct {
	name, key, value string
	par              string // OAuth error of /par; 401 with invalid_client
	page             string // code of the local page at /authorize; "" when it may be sent back
}

// Attack list, rows 1 to 14, 22 to 29, and the rest of what a request holds.
func wrongRequests(c watched) []asked {
	home := c.TownHallURL + "/retour"
	host := strings.TrimPrefix(c.TownHallURL, "http://")
	var all []asked
	for _, uri := range []string{
		"https://evil.example/retour", home + "/plus", home + "?plus=1", home + "#fragment", strings.Replace(home, "retour", "%72etour", 1),
		strings.ToUpper(home), home + "/", "http://user@" + host + "/retour", "http://" + host + "//retour", "http://" + host + `\retour`,
		strings.Replace(home, "127.0.0.1", "127.0.0.1.evil.example", 1), strings.Replace(home, "127.0.0.1", "localhost", 1), "//" + host + "/retour",
		"javascript:alert(1)", "", home + "\x00", home + "\r\nX-Split: 1",
	} {
		all = append(all, asked{"1-6 redirect_uri " + uri, "redirect_uri", uri, "invalid_request", "A05"})
	}
	for _, kind := range []string{"token", "id_token", "code id_token", "none"} {
		all = append(all, asked{"10 response_type " + kind, "response_type", kind, "unsupported_response_type", ""})
	}
	for _, n := range []int{42, 44, 129} {
		all = append(all, asked{"14 code_challenge of " + strconv.Itoa(n), "code_challenge", many(n), "invalid_request", ""})
	}
	for _, key := range []string{"state", "nonce"} {
		for name, value := range map[string]string{"CRLF": "a\r\nX-Split: 1", "NUL": "a\x00b", "3 KiB": many(3 << 10), "not ASCII": "é"} {
			all = append(all, asked{"22 " + key + " " + name, key, value, "invalid_request", "A02"})
		}
	}
	return append(all, []asked{
		{"9 unknown client", "client_id", "nobody", "invalid_client", "A02"},
		{"9 client of another shape", "client_id", "<script>\x00", "invalid_client", "A02"},
		{"10 no response_type", "response_type", "", "invalid_request", ""},
		{"11 fragment", "response_mode", "fragment", "invalid_request", ""},
		{"11 web_message", "response_mode", "web_message", "invalid_request", ""},
		{"11 form_post", "response_mode", "form_post", "invalid_request", ""},
		{"12 no PKCE", "code_challenge", "", "invalid_request", ""},
		{"13 plain", "code_challenge_method", "plain", "invalid_request", ""},
		{"13 no method", "code_challenge_method", "", "invalid_request", ""},
		{"14 not base64url", "code_challenge", many(42) + "!", "invalid_request", ""},
		{"20 request object", "request", "eyJhbGciOiJub25lIn0.e30.", "", ""},
		{"24 prompt none with login", "prompt", "none login", "invalid_request", ""},
		{"24 unknown prompt", "prompt", "<script>", "invalid_request", ""},
		{"25 max_age negative", "max_age", "-1", "invalid_request", ""},
		{"25 max_age a word", "max_age", "now", "invalid_request", ""},
		{"25 max_age too large", "max_age", "99999999999999999999", "invalid_request", ""},
		{"26 id_token_hint alg none", "id_token_hint", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "login_required", ""},
		{"26 id_token_hint of no claims", "id_token_hint", "eyJhbGciOiJFUzI1NiJ9.bnVsbA.AA", "login_required", ""},
		{"26 id_token_hint garbage", "id_token_hint", "\x00", "login_required", ""},
		{"27 acr above FranceConnect's", "acr_values", "eidas3", "unmet_authentication_requirements", ""},
		{"27 acr unknown", "acr_values", "eidas9 gold", "unmet_authentication_requirements", ""},
		{"28 authorization_details", "authorization_details", `[{"type":"x"}]`, "invalid_authorization_details", ""},
		{"28 authorization_details nested", "authorization_details", strings.Repeat("[", 1000), "invalid_authorization_details", ""},
		{"registration", "registration", "{}", "registration_not_supported", ""},
		{"no openid", "scope", "cnaf_quotient_familial", "invalid_scope", ""},
		{"openid alone", "scope", "openid", "invalid_scope", ""},
		{"no scope", "scope", "", "invalid_scope", ""},
		{"unknown scope", "scope", "openid casier_judiciaire", "invalid_scope", ""},
		{"over-asking", "scope", "openid cnaf_quotient_familial cnaf_adresse", "invalid_scope", "A06"},
		{"tax data without year", "scope", "openid dgfip_rfr", "invalid_scope", ""},
		{"scope with quotes", "scope", `openid "cnaf_enfants"`, "invalid_scope", ""},
		{"scope with NUL", "scope", "openid \x00", "invalid_scope", ""},
		{"scope of 3 KiB", "scope", "openid " + many(3<<10), "invalid_scope", ""},
		{"too many scopes", "scope", "openid" + manyScopes(65), "invalid_scope", ""},
		{"recipient of 13 digits", "recipient", "9990001020001", "invalid_request", ""},
		{"recipient with a wrong check digit", "recipient", "99900010200016", "invalid_request", ""},
		{"recipient of another client's", "recipient", "99900061500016", "invalid_request", ""},
		{"recipient with NUL", "recipient", "9990001020001\x00", "invalid_request", ""},
		{"no recipient where there are two", "recipient", "", "invalid_request", ""},
		{"unknown purpose", "purpose", "publicite", "invalid_request", ""},
		{"purpose of another client's", "purpose", "tarification-transport", "invalid_request", ""},
		{"purpose with CRLF", "purpose", "a\r\nb", "invalid_request", ""},
		{"purpose of 64 KiB", "purpose", many(60 << 10), "invalid_request", ""},
		{"ui_locales with NUL", "ui_locales", "fr\x00", "invalid_request", ""},
		{"annee a word", "annee", "cette", "invalid_request", ""},
		{"annee too old", "annee", "2001", "invalid_request", ""},
		{"annee of five digits", "annee", "02026", "invalid_request", ""},
		{"mois thirteen", "mois", "13", "invalid_request", ""},
		{"mois negative", "mois", "-1", "invalid_request", ""},
		{"mois with NUL", "mois", "1\x00", "invalid_request", ""},
		{"a month to come", "annee", strconv.Itoa(time.Now().Year() + 1), "invalid_request", ""},
		{"a campaign of what is not asked", "annee_campagne", "2024", "invalid_request", ""},
	}...)
}

func manyScopes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(" s" + strings.Repeat("x", i))
	}
	return b.String()
}

// knownParameters may each stand in a request once.
func knownParameters() []string {
	return []string{
		"client_id", "response_type", "response_mode", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
		"request", "request_uri", "registration", "prompt", "max_age", "ui_locales", "id_token_hint", "login_hint", "acr_values", "claims",
		"authorization_details", "dpop_jkt", "recipient", "purpose", "annee", "mois", "annee_campagne",
	}
}

// good is a request that is answered; every row changes one thing of it.
func good(t *testing.T, c watched) (headless.Request, url.Values) {
	t.Helper()
	r := canteen(t, c.Country).Begin()
	u, err := url.Parse(r.URL(nil))
	if err != nil {
		t.Fatal(err)
	}
	return r, u.Query()
}

func (a asked) change(base url.Values) url.Values {
	if a.value == "" {
		return without(base, a.key)
	}
	return with(base, a.key, a.value)
}

func (a asked) pushed(c watched, base url.Values) probe {
	p := probe{
		name: a.name, target: "/par", form: a.change(base), header: basic(country.Editor, c.Secrets[country.Editor]),
		want: wantOAuth(http.StatusBadRequest, a.par),
	}
	switch {
	case a.par == "invalid_client":
		p.want.status = http.StatusUnauthorized
	case a.par == "":
		p.want.oauth = "invalid_request"
	}
	return p
}

func (a asked) shown(base url.Values) shape {
	code := a.par
	if a.key == "request" {
		code = "request_not_supported"
	}
	if a.page == "A06" {
		return wantPage(http.StatusForbidden, a.page)
	}
	if a.page != "" {
		return wantPage(http.StatusBadRequest, a.page)
	}
	return shape{status: http.StatusSeeOther, back: code, state: base.Get("state")}
}

func basic(id, secret string) http.Header {
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	return r.Header
}

func TestAWrongAuthorizationRequestMeetsNoCitizen(t *testing.T) {
	c := watch(t)
	_, base := good(t, c)
	auth := basic(country.Editor, c.Secrets[country.Editor])
	var pushed, asked, posted []probe
	for _, a := range wrongRequests(c) {
		pushed = append(pushed, a.pushed(c, base))
		asked = append(asked, probe{name: a.name, target: "/authorize?" + a.change(base).Encode(), want: a.shown(base)})
		posted = append(posted, probe{name: a.name, target: "/authorize", form: a.change(base), want: a.shown(base)})
	}
	for _, name := range knownParameters() {
		double := twice(with(base, name, base.Get(name)+"a"), name, "b")
		pushed = append(pushed, probe{
			name: "63 " + name + " twice", target: "/par", form: double, header: auth,
			want: wantOAuth(http.StatusBadRequest, "invalid_request"),
		})
		asked = append(asked, probe{name: "7 " + name + " twice", target: "/authorize?" + double.Encode(), want: wantPage(http.StatusBadRequest, "A02")})
		posted = append(posted, probe{name: "7 " + name + " twice", target: "/authorize", form: double, want: wantPage(http.StatusBadRequest, "A02")})
	}
	none := with(base, "prompt", "none")
	asked = append(asked, probe{
		name: "23 prompt none", target: "/authorize?" + none.Encode(),
		want: shape{status: http.StatusSeeOther, back: "login_required", state: base.Get("state")},
	})
	t.Run("pushed", func(t *testing.T) { c.play(t, pushed...) })
	t.Run("asked", func(t *testing.T) { c.play(t, asked...) })
	t.Run("posted", func(t *testing.T) { c.play(t, posted...) })
	t.Run("control", func(t *testing.T) {
		c.play(t, probe{name: "pushed", target: "/par", form: base, header: auth, want: wantOnly(http.StatusCreated, "request_uri"), leaves: trace{kept: 1}},
			probe{name: "asked", target: "/authorize?" + base.Encode(), want: wantTo("/connexion?i="), leaves: trace{kept: 1}},
			probe{
				name: "29 claims ask for more", target: "/authorize?" + with(base, "claims", `{"userinfo":{"cnaf_adresse":null}}`).Encode(),
				want: wantTo("/connexion?i="), leaves: trace{kept: 1},
			})
	})
}
