package issuer

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

func redirectAttacks() []attack {
	uri := redirectOf("basic")
	variants := map[int][]string{
		1: {"https://evil.example/cb", "https://basic.example.evil.example/cb"},
		2: {uri + "/more", uri + "/../cb"},
		3: {uri + "?x=1", uri + "?a=1&b=2"}, // the registered one is ?b=2&a=1
		4: {uri + "#f", uri + "#"},
		5: {
			"https://basic.example/%63b", "https://BASIC.example/cb", "HTTPS://basic.example/cb", uri + "/",
			"https://basic.example:443/cb", "https://user@basic.example/cb", "https://basic.example//cb",
			`https://basic.example\cb`, "https://bаsic.example/cb", " " + uri, uri + "\n", "//basic.example/cb",
		},
		6: {"http://basic.example/cb"},
	}
	var all []attack
	for row, list := range variants {
		for _, v := range list {
			all = append(all, attack{row, v, authorizing("redirect_uri", v), "page 400"})
		}
	}
	return all
}

func authorizeAttacks() []attack {
	request := (&fixture{}).request("basic")
	long := strings.Repeat("x", 64<<10)
	return []attack{
		{7, "two redirect_uri", rawAuthorize(request.Encode() + "&redirect_uri=https%3A%2F%2Fevil.example"), "page 400"},
		{8, "pushed without redirect_uri", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathPush, "basic", with(f.request("basic"), "redirect_uri", ""))
		}, "json 400 invalid_request"},
		{8, "plain without redirect_uri", authorizing("redirect_uri", ""), "page 400"},
		{9, "unknown client", authorizing("client_id", "nobody"), "page 400"},
		{9, "no client", authorizing("client_id", ""), "page 400"},
		{9, "client of profile fapi2", authorizing("client_id", "fapi"), "page 400"},
		{10, "token", authorizing("response_type", "token"), "redirect unsupported_response_type"},
		{10, "id_token", authorizing("response_type", "id_token"), "redirect unsupported_response_type"},
		{10, "code id_token", authorizing("response_type", "code id_token"), "redirect unsupported_response_type"},
		{10, "none given", authorizing("response_type", ""), "redirect invalid_request"},
		{11, "fragment", authorizing("response_mode", "fragment"), "redirect invalid_request"},
		{11, "web_message", authorizing("response_mode", "web_message"), "redirect invalid_request"},
		{11, "form_post", authorizing("response_mode", "form_post"), "redirect invalid_request"},
		{12, "no PKCE", authorizing("code_challenge", "", "code_challenge_method", ""), "redirect invalid_request"},
		{13, "plain", authorizing("code_challenge_method", "plain"), "redirect invalid_request"},
		{13, "method absent", authorizing("code_challenge_method", ""), "redirect invalid_request"},
		{13, "method alone", authorizing("code_challenge", ""), "redirect invalid_request"},
		{14, "42 characters", authorizing("code_challenge", strings.Repeat("a", 42)), "redirect invalid_request"},
		{14, "44 characters", authorizing("code_challenge", strings.Repeat("a", 44)), "redirect invalid_request"},
		{14, "129 characters", authorizing("code_challenge", strings.Repeat("a", 129)), "redirect invalid_request"},
		{14, "padding", authorizing("code_challenge", strings.Repeat("a", 42)+"="), "redirect invalid_request"},
		{20, "alg none", authorizing("request", "eyJhbGciOiJub25lIn0.e30."), "redirect request_not_supported"},
		{20, "HS256", authorizing("request", rawToken(`{"alg":"HS256"}`, claims{"state": "x"}, []byte("public"))), "redirect request_not_supported"},
		{20, "pushed", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathPush, "basic", with(f.request("basic"), "request", "eyJhbGciOiJub25lIn0.e30."))
		}, "json 400 invalid_request"},
		{21, "request and request_uri", func(f *fixture) *httptest.ResponseRecorder {
			return f.authorize(url.Values{"client_id": {"basic"}, "request": {"x"}, "request_uri": {f.pushed("basic")}})
		}, "page 400"},
		{22, "CRLF in state", authorizing("state", "a\r\nSet-Cookie: b=c"), "page 400"},
		{22, "NUL in nonce", authorizing("nonce", "a\x00"), "page 400"},
		{22, "64 KiB of state", authorizing("state", long), "page 400"},
		{22, "3 KiB of nonce", authorizing("nonce", long[:3<<10]), "page 400"},
		{22, "broken escape", rawAuthorize("client_id=basic&state=%zz"), "page 400"},
		{23, "none without session", authorizing("prompt", "none"), "redirect login_required"},
		{23, "none with a session", func(f *fixture) *httptest.ResponseRecorder {
			f.journey.known = true
			return f.authorize(with(f.request("basic"), "prompt", "none"))
		}, "redirect consent_required"},
		{23, "none, pushed", func(f *fixture) *httptest.ResponseRecorder {
			uri := member(f.t, f.post(pathPush, "basic", with(f.request("basic"), "prompt", "none")), "request_uri")
			return f.authorize(url.Values{"client_id": {"basic"}, "request_uri": {uri}})
		}, "redirect login_required"},
		{24, "none login", authorizing("prompt", "none login"), "redirect invalid_request"},
		{24, "unknown prompt", authorizing("prompt", "create"), "redirect invalid_request"},
		{25, "max_age -1", authorizing("max_age", "-1"), "redirect invalid_request"},
		{25, "max_age soon", authorizing("max_age", "soon"), "redirect invalid_request"},
		{25, "until alone", authorizing("until", "2027-08-31"), "redirect invalid_request"},
		{25, "fetches alone", authorizing("fetches", "4"), "redirect invalid_request"},
		{25, "until no day", authorizing("until", "2027-02-30", "fetches", "4"), "redirect invalid_request"},
		{25, "fetches 0", authorizing("until", "2027-08-31", "fetches", "0"), "redirect invalid_request"},
		{25, "fetches -1", authorizing("until", "2027-08-31", "fetches", "-1"), "redirect invalid_request"},
		{25, "fetches +4", authorizing("until", "2027-08-31", "fetches", "+4"), "redirect invalid_request"},
		{25, "fetches 1000", authorizing("until", "2027-08-31", "fetches", "1000"), "redirect invalid_request"},
		{26, "hint with alg none", authorizing("id_token_hint", rawToken(`{"alg":"none"}`, claims{"iss": testIssuer, "sub": "s", "aud": "basic"}, nil)), "redirect login_required"},
		{28, "authorization_details of nothing", detailing("[]"), "redirect invalid_authorization_details"},
		{28, "unknown type", detailing(`[{"type":"other","required":["a"]}]`), "redirect invalid_authorization_details"},
		{28, "extra field", detailing(`[{"type":"accord_data","required":["a"],"more":1}]`), "redirect invalid_authorization_details"},
		{28, "duplicate keys", detailing(`[{"type":"accord_data","required":["a"],"required":["b"]}]`), "redirect invalid_authorization_details"},
		{28, "nested 1000 deep", detailing(strings.Repeat("[", 1000) + strings.Repeat("]", 1000)), "redirect invalid_authorization_details"},
		{28, "20 KiB", detailing(`[{"type":"accord_data","required":["a"]}]` + strings.Repeat(" ", 20<<10)), "redirect invalid_authorization_details"},
		{28, "1 MiB", detailing(strings.Repeat(" ", 1<<20)), "page 400"},
		{28, "1 MiB, pushed", pushingDetails(strings.Repeat(" ", 1<<20)), "json 400 invalid_authorization_details"},
		{28, "10 MiB, pushed", pushingDetails(strings.Repeat(" ", 10<<20)), "json 400 invalid_authorization_details"},
		{64, "1 MiB of state, pushed", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathPush, "basic", with(f.request("basic"), "state", strings.Repeat("x", 1<<20), "authorization_details", "[]"))
		}, "json 413 invalid_request"},
		{28, "a data scope beside", authorizing("authorization_details", `[{"type":"accord_data","required":["a"]}]`), "redirect invalid_scope"},
		{28, "plain parameters beside", detailing(`[{"type":"accord_data","required":["a"]}]`, "purpose", "cantine"), "redirect invalid_request"},
		{29, "claims asks more", func(f *fixture) *httptest.ResponseRecorder {
			return f.authorize(with(f.request("basic"), "claims", `{"userinfo":{"birthdate":{"essential":true}}}`, "prompt", "none"))
		}, "redirect login_required"},
		{44, "error to an address not registered", authorizing("redirect_uri", "https://evil.example/", "prompt", "none login"), "page 400"},
		{44, "refused scope, address not registered", authorizing("redirect_uri", "https://evil.example/", "scope", ""), "page 400"},
		{44, "response type, address not registered", authorizing("redirect_uri", "https://evil.example/", "response_type", "token"), "page 400"},
		{0, "no openid", authorizing("scope", "family_name"), "redirect invalid_scope"},
		{0, "quote in scope", authorizing("scope", `openid "x"`), "redirect invalid_scope"},
		{0, "no scope", authorizing("scope", ""), "redirect invalid_scope"},
		{0, "SIRET of 13 digits", authorizing("recipient", "2130013100001"), "redirect invalid_request"},
		{0, "registration", authorizing("registration", "{}"), "redirect registration_not_supported"},
		{0, "PUT", func(f *fixture) *httptest.ResponseRecorder {
			return f.send(httptest.NewRequest(http.MethodPut, testIssuer+pathAuthorize+"?"+f.request("basic").Encode(), nil))
		}, "json 405 invalid_request"},
		{0, "POST with a query", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathAuthorize+"?state=other", "nobody", f.request("basic"))
		}, "page 400"},
	}
}

func pushedAttacks() []attack {
	fetch := func(f *fixture, client, uri string) *httptest.ResponseRecorder {
		return f.authorize(url.Values{"client_id": {client}, "request_uri": {uri}})
	}
	return []attack{
		{16, "of another client", func(f *fixture) *httptest.ResponseRecorder { return fetch(f, "other", f.pushed("basic")) }, "page 400"},
		{17, "expired", func(f *fixture) *httptest.ResponseRecorder {
			uri := f.pushed("basic")
			f.clock.add(pushedLifetime)
			return fetch(f, "basic", uri)
		}, "page 400"},
		{18, "reused after a code", func(f *fixture) *httptest.ResponseRecorder {
			uri := f.pushed("basic")
			location(f.t, fetch(f, "basic", uri))
			f.journey.minted = 0
			return fetch(f, "basic", uri)
		}, "page 400"},
		{18, "never pushed", func(f *fixture) *httptest.ResponseRecorder { return fetch(f, "basic", pushedName+"x") }, "page 400"},
		{16, "memory out of order", func(f *fixture) *httptest.ResponseRecorder {
			uri := f.pushed("basic")
			f.memory.fault = fmt.Errorf("broken")
			return fetch(f, "basic", uri)
		}, "page 503"},
	}
}

// detailing is an authorization request of client basic by authorization_details.
func detailing(sent string, more ...string) func(f *fixture) *httptest.ResponseRecorder {
	return authorizing(append([]string{"scope", "openid", "authorization_details", sent}, more...)...)
}

// pushingDetails pushes a request of client basic by authorization_details, which come
// after all the rest of the form: a form in order of names has them first.
func pushingDetails(sent string) func(f *fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder {
		r := f.form(pathPush, "basic", nil)
		rest := with(f.request("basic"), "scope", "openid").Encode()
		r.Body = io.NopCloser(strings.NewReader(rest + "&authorization_details=" + sent))
		return f.send(r)
	}
}
