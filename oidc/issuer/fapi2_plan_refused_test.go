package issuer

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// planPushing is a push of client fapi with changes; planRedeeming a good code
// sent to the token endpoint with changes.
func planPushing(flow planFlow) func(*fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder {
		_, w := f.planPush(flow)
		return w
	}
}

func planRedeeming(flow planFlow, pairs ...string) func(*fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder {
		form := with(exchangeForm("fapi", f.boundCode(flow.push...)), pairs...)
		return f.proved(pathToken, "fapi", form, f.proof(http.MethodPost, pathToken, flow.proofs))
	}
}

// planAsserting redeems a good code with an assertion of these changes.
func planAsserting(changes claims) func(*fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder {
		return planRedeeming(planFlow{}, "client_assertion_type", assertionType, "client_assertion", f.assertion("fapi", changes))(f)
	}
}

// planAtPAR are the modules that end at the PAR endpoint.
func planAtPAR(t *testing.T, now int64) map[string]attack {
	another := thumbprintOf(t, strangerKey.Public())
	ahead := claims{"iat": now + 62, "nbf": now + 62, "exp": now + 122}
	refused := func(code string, flow planFlow) attack { return attack{want: "json " + code, try: planPushing(flow)} }
	pushed := func(code string, pairs ...string) attack { return refused(code, planFlow{push: pairs}) }
	audience := func(aud any) attack {
		return refused("401 invalid_client", planFlow{assertion: claims{"aud": aud}})
	}
	return map[string]attack{
		"ensure-mismatched-dpop-jkt-fails":                                         refused("400 invalid_dpop_proof", planFlow{bind: true, push: []string{"dpop_jkt", another}}),
		"ensure-request-object-without-redirect-uri-fails":                         pushed("400 invalid_request", "redirect_uri", ""),
		"ensure-redirect-uri-in-authorization-request":                             pushed("400 invalid_request", "redirect_uri", ""),
		"plain-fapi-tolerate-unregistered-redirect-uri":                            pushed("400 invalid_request", "redirect_uri", redirectOf("fapi")+"/Ab3dEf6hIj"),
		"ensure-response-type-code-idtoken-fails":                                  pushed("400 unsupported_response_type", "response_type", "code id_token"),
		"ensure-response-type-token-fails":                                         pushed("400 unsupported_response_type", "response_type", "token"),
		"par-authorization-request-containing-request_uri-form-param":              pushed("400 invalid_request", "request_uri", "urn:ietf:params:oauth:request_uri:bad"),
		"par-ensure-pkce-required":                                                 pushed("400 invalid_request", "code_challenge", "", "code_challenge_method", ""),
		"par-plain-pkce-rejected":                                                  pushed("400 invalid_request", "code_challenge", verifier, "code_challenge_method", "plain"),
		"par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails": refused("401 invalid_client", planFlow{assertion: ahead}),
		"par-test-array-as-audience-fails":                                         audience([]string{testIssuer, "https://other.example"}),
		"par-test-par-endpoint-url-as-audience-fails":                              audience(testIssuer + pathPush),
		"par-test-token-endpoint-url-as-audience-fails":                            audience(testIssuer + pathToken),
		"par-attempt-invalid-http-method": {want: "json 405 invalid_request", try: func(f *fixture) *httptest.ResponseRecorder {
			r := f.form(pathPush, "fapi", f.request("fapi"))
			r.Method = http.MethodPut
			return f.send(r)
		}},
	}
}

// planAtToken are those that end at the token endpoint.
func planAtToken(t *testing.T, now int64) map[string]attack {
	another := thumbprintOf(t, strangerKey.Public())
	return map[string]attack{
		"ensure-token-endpoint-fails-with-mismatched-dpop-jkt": {want: "json 400 invalid_grant", try: planRedeeming(planFlow{push: []string{"dpop_jkt", another}})},
		"ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt": {want: "json 400 invalid_grant", try: func(f *fixture) *httptest.ResponseRecorder {
			_, pushed := f.planPush(planFlow{bind: true})
			back := location(f.t, f.authorize(url.Values{"client_id": {"fapi"}, "request_uri": {member(f.t, pushed, "request_uri")}})).Query()
			return f.proved(pathToken, "fapi", exchangeForm("fapi", back.Get("code")), proofBy(f.t, strangerKey, f.proofClaims(http.MethodPost, pathToken, nil)))
		}},
		"ensure-holder-of-key-required": {want: "json 400 invalid_dpop_proof", try: func(f *fixture) *httptest.ResponseRecorder {
			return f.post(pathToken, "fapi", exchangeForm("fapi", f.boundCode()))
		}},
		"ensure-client-id-in-token-endpoint": {want: "json 401 invalid_client", try: func(f *fixture) *httptest.ResponseRecorder {
			f.clients["fapi2"].JWKS = JWKS{Keys: []jose.JSONWebKey{{Key: strangerKey.Public(), KeyID: "of-the-second"}}}
			return planRedeeming(planFlow{}, "client_id", "fapi2", "client_assertion_type", assertionType, "client_assertion", f.assertion("fapi2", nil))(f)
		}},
		"ensure-authorization-code-is-bound-to-client": {want: "json 400 invalid_grant", try: func(f *fixture) *httptest.ResponseRecorder {
			return f.proved(pathToken, "fapi2", exchangeForm("fapi", f.boundCode()), f.proof(http.MethodPost, pathToken, nil))
		}},
		"ensure-token-endpoint-fails-with-expired-auth-code": {want: "json 400 invalid_grant", try: func(f *fixture) *httptest.ResponseRecorder {
			form := exchangeForm("fapi", f.boundCode())
			f.clock.add(62 * time.Second)
			return f.proved(pathToken, "fapi", form, f.proof(http.MethodPost, pathToken, nil))
		}},
		"ensure-client-assertion-in-token-endpoint": {want: "json 401 invalid_client", try: func(f *fixture) *httptest.ResponseRecorder {
			return f.proved(pathToken, "nobody", with(exchangeForm("fapi", f.boundCode()), "client_id", "fapi"), f.proof(http.MethodPost, pathToken, nil))
		}},
		"ensure-signed-client-assertion-with-RS256-fails": {want: "json 401 invalid_client", try: func(f *fixture) *httptest.ResponseRecorder {
			signed := sign(f.t, f.assertionClaims("fapi", nil), jose.RS256, f.rsa, map[jose.HeaderKey]any{"kid": "ps"})
			return planRedeeming(planFlow{}, "client_assertion_type", assertionType, "client_assertion", signed)(f)
		}},
		"ensure-client-assertion-with-exp-is-5-minutes-in-past-fails": {want: "json 401 invalid_client", try: planAsserting(claims{"exp": now - 300})},
		"ensure-client-assertion-with-wrong-aud-fails":                {want: "json 401 invalid_client", try: planAsserting(claims{"aud": "https://other.example/token"})},
		"ensure-client-assertion-with-no-sub-fails":                   {want: "json 401 invalid_client", try: planAsserting(claims{"sub": nil})},
		"ensure-pkce-code-verifier-required":                          {want: "json 400 invalid_grant", try: planRedeeming(planFlow{}, "code_verifier", "")},
		"incorrect-pkce-code-verifier-rejected":                       {want: "json 400 invalid_grant", try: planRedeeming(planFlow{}, "code_verifier", verifier+"x")},
	}
}

// planOnAPage are those that end on a page of ours, never at the client: the
// browser that the plan drives waits there.
func planOnAPage() map[string]attack {
	open := func(f *fixture, client, uri string) *httptest.ResponseRecorder {
		return f.authorize(url.Values{"client_id": {client}, "request_uri": {uri}})
	}
	return map[string]attack{
		"ensure-unsigned-authorization-request-without-using-par-fails": {want: "page 400", try: func(f *fixture) *httptest.ResponseRecorder {
			return f.authorize(f.request("fapi"))
		}},
		"par-attempt-reuse-request_uri": {want: "page 400", try: func(f *fixture) *httptest.ResponseRecorder {
			uri := f.pushed("fapi")
			location(f.t, open(f, "fapi", uri))
			return open(f, "fapi", uri)
		}},
		"par-attempt-to-use-expired-request_uri": {want: "page 400", try: func(f *fixture) *httptest.ResponseRecorder {
			uri := f.pushed("fapi")
			f.clock.add(pushedLifetime)
			return open(f, "fapi", uri)
		}},
		"par-attempt-to-use-request_uri-for-different-client": {want: "page 400", try: func(f *fixture) *httptest.ResponseRecorder {
			return open(f, "fapi2", f.pushed("fapi"))
		}},
	}
}

func TestModulesOfTheFAPI2PlanThatMustBeRefusedAre(t *testing.T) {
	now := newFixture(t).clock.now().Unix()
	for _, some := range []map[string]attack{planAtPAR(t, now), planAtToken(t, now), planOnAPage()} {
		for module, a := range some {
			t.Run(planNamed+module, func(t *testing.T) {
				f := newFixture(t)
				w := a.try(f)
				if got := answered(t, w); got != a.want {
					t.Errorf("%s, want %s: %s", got, a.want, w.Body)
				}
				if len(f.journey.tokens) != 0 {
					t.Error("a token was given")
				}
			})
		}
	}
}

// Module attempt-reuse-authorization-code-after-one-second: the second use is
// refused, and ends what the first one gave.
func TestACodeOfFAPI2UsedAgainEndsItsToken(t *testing.T) {
	f := newFixture(t)
	form := exchangeForm("fapi", f.boundCode())
	token := member(t, f.proved(pathToken, "fapi", form, f.proof(http.MethodPost, pathToken, nil)), "access_token")
	f.clock.add(time.Second)
	form.Del("client_assertion") // used
	again := f.proved(pathToken, "fapi", form, f.proof(http.MethodPost, pathToken, nil))
	read := f.present("DPoP "+token, f.proof(http.MethodGet, pathUserinfo, claims{"ath": athOf(token)}))
	if got := answered(t, again); got != "json 400 invalid_grant" || read.Code != http.StatusUnauthorized {
		t.Errorf("used again: %s, then its token: %d", got, read.Code)
	}
}

// Module dpop-negative-tests, at the resource: what it refuses, and what it
// takes however it is written.
func TestProofsOfTheFAPI2PlanAreJudgedAtTheResource(t *testing.T) {
	f := newFixture(t)
	token := f.boundToken()
	own := claims{"ath": athOf(token)}
	fine := func() string { return f.proof(http.MethodGet, pathUserinfo, own) }
	with := func(name string, value any) []string {
		return []string{f.proof(http.MethodGet, pathUserinfo, claims{"ath": own["ath"], name: value})}
	}
	header := func(edit func(map[jose.HeaderKey]any)) []string {
		h := proofHeaders(holderKey.Public())
		edit(h)
		return []string{sign(t, f.proofClaims(http.MethodGet, pathUserinfo, own), jose.ES256, holderKey, h)}
	}
	withoutAlg := rawSigned(t, fmt.Sprintf(`{"typ":"dpop+jwt","alg2":"ES256","jwk":%s}`, publicJSON(holderKey.Public())), f.proofClaims(http.MethodGet, pathUserinfo, own), holderKey)
	for name, c := range map[string]struct {
		want   int
		proofs []string
	}{
		"htu in capitals":           {200, with("htu", "HTTP://LOCALHOST:8080"+pathUserinfo)},
		"htu with query, fragment":  {200, with("htu", testIssuer+pathUserinfo+"?all#some")},
		"claims nobody knows":       {200, with("tx_id_key", 1)},
		"headers nobody knows":      {200, header(func(h map[jose.HeaderKey]any) { h["tx_id"] = 1 })},
		"two":                       {401, []string{fine(), fine()}},
		"two parts":                 {401, []string{"eyJ0eXAiOiJkcG9wK2p3dCJ9.e30"}},
		"no typ":                    {401, header(func(h map[jose.HeaderKey]any) { delete(h, "typ") })},
		"another typ":               {401, header(func(h map[jose.HeaderKey]any) { h["typ"] = "dpop+jwt+wrong" })},
		"no alg":                    {401, []string{withoutAlg}},
		"no ath":                    {401, with("ath", nil)},
		"another ath":               {401, with("ath", athOf("another"))},
		"htu elsewhere":             {401, with("htu", testIssuer+pathUserinfo+"elsewhere")},
		"iat in an hour, no nonce":  {401, []string{f.proof(http.MethodGet, pathUserinfo, claims{"ath": own["ath"], "iat": f.clock.now().Unix() + 3600, "nonce": nil})}},
		"iat an hour ago, no nonce": {401, []string{f.proof(http.MethodGet, pathUserinfo, claims{"ath": own["ath"], "iat": f.clock.now().Unix() - 3600, "nonce": nil})}},
		"signed by another key":     {401, []string{proofBy(t, strangerKey, f.proofClaims(http.MethodGet, pathUserinfo, own))}},
		"none":                      {401, nil},
		"a correct one, at the end": {200, []string{fine()}},
	} {
		if w := f.present("DPoP "+token, c.proofs...); w.Code != c.want {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	for name, proof := range badProofs(f, http.MethodGet, pathUserinfo, own) {
		if w := f.present("DPoP "+token, proof); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}
