package issuer

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

func tokenAttacks() []attack {
	return []attack{
		{46, "replay", func(f *fixture) *httptest.ResponseRecorder {
			form := exchangeForm("basic", f.code("basic"))
			first := member(f.t, f.post(pathToken, "basic", form), "access_token")
			f.journey.minted = 0
			w := f.post(pathToken, "basic", form)
			if f.journey.tokens[first] != nil {
				f.t.Error("the first token outlived the replay")
			}
			return w
		}, "json 400 invalid_grant"},
		{48, "code of another client", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathToken, "other", exchangeForm("basic", f.code("basic")))
		}, "json 400 invalid_grant"},
		{49, "no verifier", exchanging("code_verifier", ""), "json 400 invalid_grant"},
		{50, "wrong verifier", exchanging("code_verifier", verifier+"x"), "json 400 invalid_grant"},
		{50, "right verifier after a wrong one", func(f *fixture) *httptest.ResponseRecorder {
			form := exchangeForm("basic", f.code("basic"))
			f.post(pathToken, "basic", with(form, "code_verifier", verifier+"x"))
			return f.post(pathToken, "basic", with(form, "code_verifier", verifier))
		}, "json 400 invalid_grant"},
		{50, "verifier of 42 characters", exchanging("code_verifier", verifier[:42]), "json 400 invalid_grant"},
		{51, "verifier without challenge", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathToken, "loose", exchangeForm("loose", f.code("loose", "code_challenge", "", "code_challenge_method", "")))
		}, "json 400 invalid_grant"},
		{52, "other redirect_uri", exchanging("redirect_uri", redirectOf("basic")+"?b=2&a=1"), "json 400 invalid_grant"},
		{52, "no redirect_uri", exchanging("redirect_uri", ""), "json 400 invalid_grant"},
		{53, "at 61 s", func(f *fixture) *httptest.ResponseRecorder {
			form := exchangeForm("basic", f.code("basic"))
			f.clock.add(61e9)
			return f.post(pathToken, "basic", form)
		}, "json 400 invalid_grant"},
		{54, "GET", func(f *fixture) *httptest.ResponseRecorder {
			return f.send(httptest.NewRequest(http.MethodGet, testIssuer+pathToken+"?"+exchangeForm("basic", f.code("basic")).Encode(), nil))
		}, "json 405 invalid_request"},
		{54, "PUT", func(f *fixture) *httptest.ResponseRecorder {
			r := f.form(pathToken, "basic", exchangeForm("basic", f.code("basic")))
			r.Method = http.MethodPut
			return f.send(r)
		}, "json 405 invalid_request"},
		{54, "JSON", func(f *fixture) *httptest.ResponseRecorder {
			r := f.form(pathToken, "basic", exchangeForm("basic", f.code("basic")))
			r.Header.Set("Content-Type", "application/json")
			return f.send(r)
		}, "json 415 invalid_request"},
		{54, "other grant", exchanging("grant_type", "password"), "json 400 unsupported_grant_type"},
		{54, "client_credentials without registration", exchanging("grant_type", "client_credentials", "scope", "grant_management_query"), "json 400 unauthorized_client"},
		{54, "refresh without registration", exchanging("grant_type", "refresh_token", "refresh_token", "acr_x"), "json 400 unauthorized_client"},
		{65, "unknown refresh token", refreshing("refresh_token", "acr_unknown"), "json 400 invalid_grant"},
		{65, "no refresh token", refreshing(), "json 400 invalid_request"},
		{65, "4 KiB refresh token", refreshing("refresh_token", strings.Repeat("a", 4<<10)), "json 400 invalid_grant"},
		{65, "two refresh tokens", func(f *fixture) *httptest.ResponseRecorder {
			f.clients["basic"].GrantTypes = []string{"authorization_code", "refresh_token"}
			return f.post(pathToken, "basic", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"acr_a", "acr_b"}})
		}, "json 400 invalid_request"},
		{66, "malformed details", refreshing("refresh_token", "acr_a", "authorization_details", "{}"), "json 400 invalid_authorization_details"},
		{66, "scope with control characters", refreshing("refresh_token", "acr_a", "scope", "a\x00b"), "json 400 invalid_scope"},
		{54, "no grant", exchanging("grant_type", ""), "json 400 invalid_request"},
		{54, "no code", exchanging("code", ""), "json 400 invalid_request"},
		{55, "credentials in the query", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathToken+"?client_id=post&client_secret="+testSecret, "nobody", exchangeForm("post", f.code("post")))
		}, "json 400 invalid_request"},
		{55, "code in the query", func(f *fixture) *httptest.ResponseRecorder {
			code := f.code("basic")
			return f.post(pathToken+"?code="+code, "basic", exchangeForm("basic", code))
		}, "json 400 invalid_request"},
		{63, "parameter twice", func(f *fixture) *httptest.ResponseRecorder {
			form := exchangeForm("basic", f.code("basic"))
			form.Add("code", "x")
			return f.post(pathToken, "basic", form)
		}, "json 400 invalid_request"},
		{64, "10 MiB", exchanging("pad", strings.Repeat("x", 10<<20)), "json 413 invalid_request"},
		{64, "10^5 parameters", func(f *fixture) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodPost, testIssuer+pathToken, strings.NewReader(strings.Repeat("&", 60000)))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return f.send(r)
		}, "json 400 invalid_request"},
	}
}

func clientAttacks() []attack {
	bearing := func(client string, change func(r *http.Request, v url.Values)) func(*fixture) *httptest.ResponseRecorder {
		return func(f *fixture) *httptest.ResponseRecorder {
			v := exchangeForm(client, f.code(client))
			r := f.form(pathToken, "nobody", v)
			change(r, v)
			w := f.form(pathToken, "nobody", v)
			w.Header = r.Header
			return f.send(w)
		}
	}
	return []attack{
		{56, "Basic and post", bearing("basic", func(r *http.Request, v url.Values) {
			r.SetBasicAuth("basic", testSecret)
			with(v, "client_id", "basic", "client_secret", testSecret)
		}), "json 400 invalid_request"},
		{56, "Basic and assertion", bearing("basic", func(r *http.Request, v url.Values) {
			r.SetBasicAuth("basic", testSecret)
			with(v, "client_assertion_type", assertionType, "client_assertion", "a.b.c")
		}), "json 400 invalid_request"},
		{56, "two Authorization headers", bearing("basic", func(r *http.Request, _ url.Values) {
			r.SetBasicAuth("basic", testSecret)
			r.Header.Add("Authorization", r.Header.Get("Authorization"))
		}), "json 400 invalid_request"},
		{57, "secret for a private_key_jwt client", bearing("jwt", func(r *http.Request, _ url.Values) { r.SetBasicAuth("jwt", testSecret) }), "json 401 invalid_client"},
		{57, "empty secret", bearing("jwt", func(r *http.Request, _ url.Values) { r.SetBasicAuth("jwt", "") }), "json 401 invalid_client"},
		{57, "post where Basic is registered", bearing("basic", func(_ *http.Request, v url.Values) {
			with(v, "client_id", "basic", "client_secret", testSecret)
		}), "json 401 invalid_client"},
		{57, "Basic where post is registered", bearing("post", func(r *http.Request, _ url.Values) { r.SetBasicAuth("post", testSecret) }), "json 401 invalid_client"},
		{57, "wrong secret", bearing("basic", func(r *http.Request, _ url.Values) { r.SetBasicAuth("basic", testSecret+"x") }), "json 401 invalid_client"},
		{57, "unknown client, known code", bearing("basic", func(r *http.Request, _ url.Values) { r.SetBasicAuth("nobody", testSecret) }), "json 401 invalid_client"},
		{57, "nothing", bearing("basic", func(*http.Request, url.Values) {}), "json 401 invalid_client"},
		{57, "client_id alone", bearing("basic", func(_ *http.Request, v url.Values) { with(v, "client_id", "basic") }), "json 401 invalid_client"},
		{57, "Bearer", bearing("basic", func(r *http.Request, _ url.Values) { r.Header.Set("Authorization", "Bearer x") }), "json 401 invalid_client"},
		{57, "profile fapi2", bearing("basic", func(r *http.Request, _ url.Values) { r.SetBasicAuth("fapi", testSecret) }), "json 401 invalid_client"},
		{57, "profile fapi2 registered with a secret", bearing("basic", func(r *http.Request, _ url.Values) { r.SetBasicAuth("lax", testSecret) }), "json 401 invalid_client"},
		{62, "client_id is not Basic's", bearing("basic", func(r *http.Request, v url.Values) {
			r.SetBasicAuth("other", testSecret)
			with(v, "client_id", "basic")
		}), "json 401 invalid_client"},
		{62, "client_id is not the assertion's", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathToken, "jwt", with(exchangeForm("jwt", f.code("jwt")), "client_id", "jwt2"))
		}, "json 401 invalid_client"},
		{62, "assertion of another type", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathToken, "jwt", with(exchangeForm("jwt", f.code("jwt")), "client_assertion", f.assertion("jwt", nil),
				"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"))
		}, "json 400 invalid_request"},
	}
}

// assertionAttacks are the rows 58, 59 and 61 at the token endpoint.
func assertionAttacks(f *fixture) []attack {
	var all []attack
	for name, assertion := range badAssertions(f) {
		var row int
		_, _ = fmt.Sscanf(name, "%d", &row)
		all = append(all, attack{row, name, func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathToken, "jwt", with(exchangeForm("jwt", f.code("jwt")), "client_assertion_type", assertionType, "client_assertion", assertion))
		}, "json 401 invalid_client"})
	}
	return append(all, attack{60, "replayed", func(f *fixture) *httptest.ResponseRecorder {
		assertion := f.assertion("jwt", nil)
		f.pushWith(assertion)
		return f.post(pathToken, "jwt", with(exchangeForm("jwt", f.code("jwt")), "client_assertion_type", assertionType, "client_assertion", assertion))
	}, "json 401 invalid_client"})
}

// refreshing is a refresh of client basic, registered for it.
func refreshing(pairs ...string) func(f *fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder {
		f.clients["basic"].GrantTypes = []string{"authorization_code", "refresh_token"}
		return f.post(pathToken, "basic", with(url.Values{"grant_type": {"refresh_token"}}, pairs...))
	}
}
