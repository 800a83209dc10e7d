package issuer

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// toldBy are the claims of an ID token, unverified.
func toldBy(t testing.TB, compact string) map[string]any {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(compact, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var told map[string]any
	if err := json.Unmarshal(payload, &told); err != nil {
		t.Fatal(err)
	}
	return told
}

// A basicRequest is one of the plan oidcc-basic: parameters a provider need not
// know, must take, or must refuse.
type basicRequest struct {
	module string
	pairs  []string
	want   string // error, "" for a code
}

// Requests as the conformance plan oidcc-basic sends them, by module, with a
// client registered without PKCE.
func TestRequestsOfOpenIDConnectBasicAreAnsweredByTheBook(t *testing.T) {
	for _, row := range []basicRequest{
		{"oidcc-server", nil, ""},
		{"oidcc-ensure-request-without-nonce-succeeds-for-code-flow", []string{"nonce", ""}, ""},
		{"oidcc-ensure-request-with-valid-pkce-succeeds", []string{"code_challenge", challengeOf(verifier), "code_challenge_method", "S256"}, ""},
		{"oidcc-ensure-request-with-unknown-parameter-succeeds", []string{"extra", "foobar"}, ""},
		{"oidcc-ensure-other-scope-order-succeeds", []string{"scope", "family_name openid"}, ""},
		{"oidcc-ensure-request-with-acr-values-succeeds", []string{"acr_values", "eidas1"}, ""},
		{"oidcc-display-page", []string{"display", "page"}, ""},
		{"oidcc-display-popup", []string{"display", "popup"}, ""},
		{"oidcc-login-hint", []string{"login_hint", "bob@example.com"}, ""},
		{"oidcc-ui-locales", []string{"ui_locales", "se"}, ""},
		{"oidcc-claims-locales", []string{"claims_locales", "se"}, ""},
		{"oidcc-claims-essential", []string{"claims", `{"userinfo":{"name":{"essential":true}}}`}, ""},
		{"oidcc-prompt-login", []string{"prompt", "login"}, ""},
		{"oidcc-max-age-1", []string{"max_age", "1"}, ""},
		{"oidcc-prompt-none-not-logged-in", []string{"prompt", "none"}, "login_required"},
		{"oidcc-response-type-missing", []string{"response_type", ""}, "invalid_request"},
		{"oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", []string{"request", "eyJhbGciOiJub25lIn0.e30.", "state", "", "nonce", ""}, "request_not_supported"},
	} {
		f := newFixture(t)
		bare := []string{"code_challenge", "", "code_challenge_method", ""}
		v := with(f.request("loose"), append(bare, row.pairs...)...)
		for method, w := range map[string]*httptest.ResponseRecorder{
			"GET":  f.authorize(v),
			"POST": f.post(pathAuthorize, "nobody", v), // oidcc-ensure-post-request-succeeds
		} {
			q := location(t, w).Query()
			if q.Get("error") != row.want || q.Has("code") != (row.want == "") || q.Get("state") != v.Get("state") {
				t.Errorf("%s by %s: %v", row.module, method, q)
				continue
			}
			if row.want != "" {
				continue
			}
			form := with(exchangeForm("loose", q.Get("code")), "code_verifier", "")
			if v.Has("code_challenge") {
				form.Set("code_verifier", verifier)
			}
			f.basicTokens(row.module, v, form)
		}
	}
}

// Two modules of oidcc-basic send an address nobody registered, one of them
// beside the good one in a request object: the browser goes nowhere.
func TestAnUnregisteredRedirectURIOfOpenIDConnectBasicEndsOnAPage(t *testing.T) {
	for module, pairs := range map[string][]string{
		"oidcc-ensure-registered-redirect-uri":          nil,
		"oidcc-ensure-request-object-with-redirect-uri": {"request", "eyJhbGciOiJub25lIn0.e30."},
	} {
		f := newFixture(t)
		v := with(f.request("loose"), append(pairs, "redirect_uri", redirectOf("loose")+"_invalid")...)
		if w := f.authorize(v); w.Code != http.StatusBadRequest || w.Header().Get("Location") != "" {
			t.Errorf("%s: %d to %q", module, w.Code, w.Header().Get("Location"))
		}
	}
}

// basicTokens redeems a code as the plan does and looks at what it gave.
func (f *fixture) basicTokens(module string, asked, form url.Values) {
	f.t.Helper()
	w := f.post(pathToken, "loose", form)
	if w.Code != http.StatusOK {
		f.t.Errorf("%s: token: %d %s", module, w.Code, w.Body)
		return
	}
	told, access := toldBy(f.t, member(f.t, w, "id_token")), member(f.t, w, "access_token")
	sum := sha256.Sum256([]byte(access))
	if told["at_hash"] != base64.RawURLEncoding.EncodeToString(sum[:16]) || told["iss"] != testIssuer {
		f.t.Errorf("%s: ID token %v", module, told)
	}
	if nonce, there := told["nonce"]; there != asked.Has("nonce") || there && nonce != asked.Get("nonce") {
		f.t.Errorf("%s: nonce %v", module, nonce)
	}
	if aud, _ := told["aud"].([]any); !slices.Equal(aud, []any{"loose"}) && told["aud"] != "loose" || told["azp"] != nil && told["azp"] != "loose" {
		f.t.Errorf("%s: aud %v, azp %v", module, told["aud"], told["azp"])
	}
	if _, there := told["family_name"]; there {
		f.t.Errorf("%s: the ID token carries what userinfo is for", module)
	}
	if told["auth_time"] == nil || told["exp"] == nil || told["iat"] == nil || told["acr"] != "eidas1" {
		f.t.Errorf("%s: ID token %v", module, told)
	}
	for way, info := range map[string]*httptest.ResponseRecorder{
		"oidcc-userinfo-get":         f.userinfo(http.MethodGet, "Bearer "+access, ""),
		"oidcc-userinfo-post-header": f.userinfo(http.MethodPost, "Bearer "+access, ""),
		"oidcc-userinfo-post-body":   f.userinfo(http.MethodPost, "", "access_token="+access),
	} {
		if info.Code != http.StatusOK || object(f.t, info)["sub"] != told["sub"] || !strings.HasPrefix(info.Header().Get("Content-Type"), "application/json") {
			f.t.Errorf("%s, %s: %d %s", module, way, info.Code, info.Body)
		}
	}
	if inspected := object(f.t, f.post(pathIntrospect, "loose", url.Values{"token": {access}})); inspected["sub"] != told["sub"] {
		f.t.Errorf("%s: introspection says %v", module, inspected)
	}
}

// An id and secret with what a form would encode come by HTTP Basic encoded
// (RFC 6749 §2.3.1).
func TestBasicCredentialsAreReadAsForms(t *testing.T) {
	f := newFixture(t)
	odd := *f.clients["basic"]
	odd.ID = "mairie de valombreuse+1:é"
	secret := "an invented+secret/of:100%=entropy & more"
	sum := sha256.Sum256([]byte(secret))
	odd.SecretHash = "sha-256:" + base64.RawURLEncoding.EncodeToString(sum[:])
	f.clients[odd.ID] = &odd
	r := f.form(pathIntrospect, "nobody", url.Values{"token": {"x"}})
	r.SetBasicAuth(url.QueryEscape(odd.ID), url.QueryEscape(secret))
	if w := f.send(r); w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != `{"active":false}` {
		t.Errorf("encoded: %d %s", w.Code, w.Body)
	}
	r = f.form(pathIntrospect, "nobody", url.Values{"token": {"x"}})
	r.SetBasicAuth(odd.ID, secret)
	if w := f.send(r); w.Code != http.StatusUnauthorized {
		t.Errorf("not encoded: %d %s", w.Code, w.Body)
	}
}

// prompt=none begins no interaction, whatever the journey answers: its code
// comes with state and iss, like any other.
func TestPromptNoneGivesTheJourneysCodeAndShowsNoPage(t *testing.T) {
	f := newFixture(t)
	f.journey.silent = "silent-code"
	for how, w := range map[string]*httptest.ResponseRecorder{
		"plain": f.authorize(with(f.request("basic"), "prompt", "none")),
		"pushed": f.authorize(url.Values{
			"client_id":   {"basic"},
			"request_uri": {member(t, f.post(pathPush, "basic", with(f.request("basic"), "prompt", "none")), "request_uri")},
		}),
	} {
		q := location(t, w).Query()
		if w.Code != http.StatusSeeOther || q.Get("code") != "silent-code" || q.Get("state") != "st" || q.Get("iss") != testIssuer {
			t.Errorf("%s: %d %v", how, w.Code, q)
		}
	}
	if f.journey.given() != 0 {
		t.Error("an interaction was begun")
	}
}
