package issuer

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// pushing is a pushed request of client fapi with changes.
func pushing(pairs ...string) func(f *fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder {
		return f.post(pathPush, "fapi", with(f.request("fapi"), pairs...))
	}
}

// fapiAttacks are the rows of requests and of authentication for a client of
// profile fapi2, and what that profile demands.
func fapiAttacks() []attack {
	fetch := func(client string) func(*fixture) *httptest.ResponseRecorder {
		return func(f *fixture) *httptest.ResponseRecorder {
			return f.authorize(url.Values{"client_id": {client}, "request_uri": {f.pushed("fapi")}})
		}
	}
	return []attack{
		{9, "not pushed", func(f *fixture) *httptest.ResponseRecorder { return f.authorize(f.request("fapi")) }, "page 400"},
		{9, "not pushed, by POST", func(f *fixture) *httptest.ResponseRecorder {
			return f.send(httptest.NewRequest(http.MethodPost, testIssuer+pathAuthorize+"?"+f.request("fapi").Encode(), nil))
		}, "page 400"},
		{12, "pushed without PKCE", pushing("code_challenge", "", "code_challenge_method", ""), "json 400 invalid_request"},
		{13, "pushed with plain", pushing("code_challenge_method", "plain"), "json 400 invalid_request"},
		{13, "pushed without method", pushing("code_challenge_method", ""), "json 400 invalid_request"},
		{14, "pushed challenge of 42", pushing("code_challenge", strings.Repeat("a", 42)), "json 400 invalid_request"},
		{14, "pushed challenge of 44", pushing("code_challenge", strings.Repeat("a", 44)), "json 400 invalid_request"},
		{10, "pushed for a token", pushing("response_type", "token"), "json 400 unsupported_response_type"},
		{16, "by another client of its profile", fetch("fapi2"), "page 400"},
		{16, "by a client of profile oidc", fetch("basic"), "page 400"},
		{17, "pushed, expired", func(f *fixture) *httptest.ResponseRecorder {
			uri := f.pushed("fapi")
			f.clock.add(pushedLifetime)
			return f.authorize(url.Values{"client_id": {"fapi"}, "request_uri": {uri}})
		}, "page 400"},
		{19, "elsewhere", func(f *fixture) *httptest.ResponseRecorder {
			return f.authorize(url.Values{"client_id": {"fapi"}, "request_uri": {"https://internal/request"}})
		}, "page 400"},
		{57, "fapi2 with a secret", func(f *fixture) *httptest.ResponseRecorder {
			r := f.form(pathPush, "nobody", f.request("fapi"))
			r.SetBasicAuth("fapi", testSecret)
			return f.send(r)
		}, "json 401 invalid_client"},
		{57, "fapi2 with a secret in the form", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathPush, "nobody", with(f.request("fapi"), "client_secret", testSecret))
		}, "json 401 invalid_client"},
		{59, "aud an array of one, which fapi2 refuses", pushingWith(claims{"aud": []string{testIssuer}}), "json 401 invalid_client"},
		{59, "aud the PAR endpoint", pushingWith(claims{"aud": testIssuer + pathPush}), "json 401 invalid_client"},
		{60, "replayed from PAR to PAR", func(f *fixture) *httptest.ResponseRecorder {
			assertion := f.assertion("fapi", nil)
			f.post(pathPush, "fapi", with(f.request("fapi"), "client_assertion_type", assertionType, "client_assertion", assertion))
			return f.post(pathPush, "fapi", with(f.request("fapi"), "client_assertion_type", assertionType, "client_assertion", assertion))
		}, "json 401 invalid_client"},
		{61, "exp far away", pushingWith(claims{"exp": float64(1 << 40)}), "json 401 invalid_client"},
		{63, "an unknown parameter twice at PAR", func(f *fixture) *httptest.ResponseRecorder {
			v := f.request("fapi")
			v["colour"] = []string{"red", "blue"}
			return f.post(pathPush, "fapi", v)
		}, "json 400 invalid_request"},
		{63, "scope twice at PAR", func(f *fixture) *httptest.ResponseRecorder {
			v := f.request("fapi")
			v.Add("scope", "openid")
			return f.post(pathPush, "fapi", v)
		}, "json 400 invalid_request"},
		{64, "65 KiB at PAR", pushing("pad", strings.Repeat("x", 65<<10)), "json 413 invalid_request"},
		{64, "201 parameters at PAR", func(f *fixture) *httptest.ResponseRecorder {
			v := f.request("fapi")
			for n := range 201 {
				v.Set(fmt.Sprint("p", n), "x")
			}
			return f.post(pathPush, "fapi", v)
		}, "json 400 invalid_request"},
		{0, "PAR by GET", func(f *fixture) *httptest.ResponseRecorder {
			return f.send(httptest.NewRequest(http.MethodGet, testIssuer+pathPush+"?"+f.request("fapi").Encode(), nil))
		}, "json 405 invalid_request"},
		{0, "PAR by PUT", func(f *fixture) *httptest.ResponseRecorder {
			r := f.form(pathPush, "fapi", f.request("fapi"))
			r.Method = http.MethodPut
			return f.send(r)
		}, "json 405 invalid_request"},
		{0, "a resource elsewhere", pushing("resource", "https://api.example/"), "json 400 invalid_target"},
		{0, "a second resource elsewhere", func(f *fixture) *httptest.ResponseRecorder {
			v := f.request("fapi")
			v["resource"] = []string{testIssuer + pathResource, testIssuer}
			return f.post(pathPush, "fapi", v)
		}, "json 400 invalid_target"},
		{0, "a resource elsewhere, not pushed", authorizing("resource", "https://api.example/"), "redirect invalid_target"},
		{54, "a resource elsewhere", exchanging("resource", "https://api.example/"), "json 400 invalid_target"},
		{0, "no scope at all", pushing("scope", ""), "json 400 invalid_scope"},
	}
}

func pushingWith(changes claims) func(f *fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder {
		return f.post(pathPush, "fapi", with(f.request("fapi"), "client_assertion_type", assertionType, "client_assertion", f.assertion("fapi", changes)))
	}
}

// redeeming is a token request of client fapi with a good code and DPoP
// headers made by proofs.
func redeeming(proofs func(f *fixture) []string, pairs ...string) func(f *fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder {
		form := exchangeForm("fapi", f.boundCode(pairs...))
		return f.proved(pathToken, "fapi", form, proofs(f)...)
	}
}

// proofAttacks are rows 68 to 75 at the token endpoint and at PAR.
func proofAttacks(sample *fixture) []attack {
	one := func(f *fixture) string { return f.proof(http.MethodPost, pathToken, nil) }
	atPush := func(changes claims) string { return sample.proof(http.MethodPost, pathPush, changes) }
	own := thumbprintOf(sample.t, holderKey.Public())
	all := []attack{
		{68, "none", redeeming(func(*fixture) []string { return nil }), "json 400 invalid_dpop_proof"},
		{69, "two", redeeming(func(f *fixture) []string { return []string{one(f), one(f)} }), "json 400 invalid_dpop_proof"},
		{69, "two in one header", redeeming(func(f *fixture) []string { return []string{one(f) + ", " + one(f)} }), "json 400 invalid_dpop_proof"},
		{70, "PAR's", redeeming(func(f *fixture) []string { return []string{f.proof(http.MethodPost, pathPush, nil)} }), "json 400 invalid_dpop_proof"},
		{72, "replayed", func(f *fixture) *httptest.ResponseRecorder {
			proof := one(f)
			f.proved(pathToken, "fapi", exchangeForm("fapi", "no code"), proof)
			return f.proved(pathToken, "fapi", exchangeForm("fapi", f.boundCode()), proof)
		}, "json 400 invalid_dpop_proof"},
		{75, "another key than dpop_jkt", redeeming(func(f *fixture) []string {
			return []string{proofBy(f.t, strangerKey, f.proofClaims(http.MethodPost, pathToken, nil))}
		}, "dpop_jkt", own), "json 400 invalid_grant"},
		{75, "another key than the proof at PAR", func(f *fixture) *httptest.ResponseRecorder {
			uri := member(f.t, f.proved(pathPush, "fapi", f.request("fapi"), f.proof(http.MethodPost, pathPush, nil)), "request_uri")
			code := location(f.t, f.authorize(url.Values{"client_id": {"fapi"}, "request_uri": {uri}})).Query().Get("code")
			return f.proved(pathToken, "fapi", exchangeForm("fapi", code), proofBy(f.t, strangerKey, f.proofClaims(http.MethodPost, pathToken, nil)))
		}, "json 400 invalid_grant"},
		{75, "no proof for a bound code", func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathToken, "basic", exchangeForm("basic", f.code("basic", "dpop_jkt", own)))
		}, "json 400 invalid_grant"},
		{75, "dpop_jkt and proof differ at PAR", func(f *fixture) *httptest.ResponseRecorder {
			proof := proofBy(f.t, strangerKey, f.proofClaims(http.MethodPost, pathPush, nil))
			return f.proved(pathPush, "fapi", with(f.request("fapi"), "dpop_jkt", own), proof)
		}, "json 400 invalid_dpop_proof"},
		{75, "dpop_jkt of 42", pushing("dpop_jkt", own[:42]), "json 400 invalid_request"},
		{75, "dpop_jkt padded", pushing("dpop_jkt", own+"="), "json 400 invalid_request"},
		{75, "dpop_jkt with stray bits", pushing("dpop_jkt", strings.Repeat("A", 42)+"B"), "json 400 invalid_request"},
		{69, "two at PAR", func(f *fixture) *httptest.ResponseRecorder {
			return f.proved(pathPush, "fapi", f.request("fapi"), atPush(nil), atPush(nil))
		}, "json 400 invalid_dpop_proof"},
		{72, "memory out of order", func(f *fixture) *httptest.ResponseRecorder {
			form := exchangeForm("basic", f.code("basic"))
			f.memory.fault = fmt.Errorf("broken")
			return f.proved(pathToken, "basic", form, one(f))
		}, "json 503 temporarily_unavailable"},
	}
	for name := range badProofs(sample, http.MethodPost, pathToken, nil) {
		var row int
		_, _ = fmt.Sscanf(name, "%d", &row)
		for _, path := range []string{pathToken, pathPush} {
			all = append(all, attack{row, name[3:] + " at " + path, func(f *fixture) *httptest.ResponseRecorder {
				proof := badProofs(f, http.MethodPost, path, nil)[name]
				if path == pathPush {
					return f.proved(path, "fapi", f.request("fapi"), proof)
				}
				return f.proved(path, "fapi", exchangeForm("fapi", f.boundCode()), proof)
			}, "json 400 " + wantOf(name)})
		}
	}
	return all
}
