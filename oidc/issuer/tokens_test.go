package issuer

import (
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

func (f *fixture) userinfo(method, authorization, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, testIssuer+pathUserinfo, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return f.send(r)
}

func TestTokenAnswerCarriesGrantAndReceipt(t *testing.T) {
	f := newFixture(t)
	w := f.post(pathToken, "basic", exchangeForm("basic", f.code("basic")))
	body := object(t, w)
	for name, want := range map[string]any{
		"token_type": "Bearer", "expires_in": 600.0, "scope": "openid family_name", "grant_id": "g_1",
		"receipt": "header.payload.signature", "receipt_uri": "http://localhost:8080/recu/1",
	} {
		if body[name] != want {
			t.Errorf("%s is %v, want %v", name, body[name], want)
		}
	}
	if _, there := body["refresh_token"]; there {
		t.Error("a refresh token was given")
	}
	if w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("content type %q", w.Header().Get("Content-Type"))
	}
}

func TestIDTokenIsSignedAsTheClientRegistered(t *testing.T) {
	f := newFixture(t)
	for client, alg := range map[string]jose.SignatureAlgorithm{"basic": jose.ES256, "loose": jose.RS256} {
		compact := member(t, f.post(pathToken, client, exchangeForm(client, f.code(client))), "id_token")
		jws, err := jose.ParseSignedCompact(compact, []jose.SignatureAlgorithm{alg})
		if err != nil {
			t.Fatalf("%s: %v", client, err)
		}
		var key any = f.keys.rsa.Public()
		if alg == jose.ES256 {
			key = f.keys.ec.Public().(*ecdsa.PublicKey)
		}
		payload, err := jws.Verify(key)
		if err != nil {
			t.Fatalf("%s: %v", client, err)
		}
		checkIDToken(t, payload, client)
	}
}

// checkIDToken also finds that no data claim stands in it.
func checkIDToken(t *testing.T, payload []byte, client string) {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	if got["iss"] != testIssuer || got["sub"] != "subject-at-recipient" || got["nonce"] != "no" || got["acr"] != "eidas1" || got["at_hash"] == nil {
		t.Errorf("ID token says %s", payload)
	}
	if exp, iat := got["exp"].(float64), got["iat"].(float64); exp-iat < 299 || exp-iat > 301 {
		t.Errorf("lives %v s", exp-iat)
	}
	allowed := []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash"}
	for name := range got {
		if !strings.Contains(" "+strings.Join(allowed, " ")+" ", " "+name+" ") {
			t.Errorf("claim %s stands in an ID token of %s", name, client)
		}
	}
}

func TestMissingSigningKeyCostsNoCode(t *testing.T) {
	f := newFixture(t)
	f.keys = &keys{ec: f.keys.ec, rsa: f.keys.rsa, fault: errors.New("locked /keys/id_token.pem")}
	f.issuer.config.Keys = f.keys
	form := exchangeForm("basic", f.code("basic"))
	w := f.post(pathToken, "basic", form)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "pem") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	f.keys.fault = nil
	if w := f.post(pathToken, "basic", form); w.Code != http.StatusOK {
		t.Errorf("the code was lost: %d %s", w.Code, w.Body)
	}
}

func TestUserinfoGivesSubjectAndRegisteredClientsTheirClaims(t *testing.T) {
	f := newFixture(t)
	f.journey.claims = map[string]any{"family_name": "Tournesol", "sub": "another's"}
	plain := f.userinfo(http.MethodGet, "Bearer "+f.token("basic"), "")
	if body := object(t, plain); len(body) != 1 || body["sub"] != "subject-at-recipient" {
		t.Errorf("a client without userinfo_claims got %v", body)
	}
	full := f.userinfo(http.MethodPost, "bearer "+f.token("post"), "")
	if body := object(t, full); body["family_name"] != "Tournesol" || body["sub"] != "subject-at-recipient" {
		t.Errorf("a client with userinfo_claims got %v", body)
	}
	if full.Header().Get("Accord-Release-Id") != "release-1" {
		t.Errorf("headers %v", full.Header())
	}
}

// Rows 79, 80, 83, 85, 86.
func TestNothingButALiveAccessTokenOpensUserinfo(t *testing.T) {
	f := newFixture(t)
	answer := f.post(pathToken, "basic", exchangeForm("basic", f.code("basic")))
	token, idToken := member(t, answer, "access_token"), member(t, answer, "id_token")
	flipped := []byte(token)
	flipped[20] ^= 1
	for name, authorization := range map[string]string{
		"79 alg none":        "Bearer " + rawToken(`{"alg":"none","kid":"../../k1"}`, claims{"sub": "x"}, nil),
		"79 HS256":           "Bearer " + rawToken(`{"alg":"HS256","kid":"' OR 1=1"}`, claims{"sub": "x"}, []byte("k")),
		"80 ID token":        "Bearer " + idToken,
		"83 signed JWT":      "Bearer " + sign(t, claims{"active": true}, jose.ES256, f.keys.ec, map[jose.HeaderKey]any{"kid": "es-1", "typ": "token-introspection+jwt"}),
		"86 truncated":       "Bearer " + token[:len(token)-1],
		"86 flipped":         "Bearer " + string(flipped),
		"no token":           "Bearer ",
		"another scheme":     "Basic " + token,
		"a space before":     "Bearer  " + token,
		"a header too much":  "Bearer " + token + ", Bearer x",
		"85 none":            "",
		"a token of 100 KiB": "Bearer " + strings.Repeat("a", 100<<10),
	} {
		w := f.userinfo(http.MethodGet, authorization, "")
		if w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer ") {
			t.Errorf("%s: %d %v %s", name, w.Code, w.Header(), w.Body)
		}
	}
	if w := f.send(httptest.NewRequest(http.MethodGet, testIssuer+pathUserinfo+"?access_token="+token, nil)); w.Code != http.StatusBadRequest {
		t.Errorf("85 in the query: %d %s", w.Code, w.Body)
	}
	for name, c := range map[string]struct {
		w    *httptest.ResponseRecorder
		want int
	}{
		"85 in the body of a GET":      {f.userinfo(http.MethodGet, "", "access_token="+token), http.StatusUnauthorized},
		"85 in body and header":        {f.userinfo(http.MethodPost, "Bearer "+token, "access_token="+token), http.StatusBadRequest},
		"85 twice in the body":         {f.userinfo(http.MethodPost, "", "access_token="+token+"&access_token="+token), http.StatusBadRequest},
		"86 truncated in the body":     {f.userinfo(http.MethodPost, "", "access_token="+token[1:]), http.StatusUnauthorized},
		"76 bound to a key, in a body": {f.userinfo(http.MethodPost, "", "access_token="+f.boundToken()), http.StatusUnauthorized},
		"64 of 10 MiB":                 {f.userinfo(http.MethodPost, "", "x="+strings.Repeat("a", 10<<20)), http.StatusRequestEntityTooLarge},
	} {
		if c.w.Code != c.want {
			t.Errorf("%s: %d %s", name, c.w.Code, c.w.Body)
		}
	}
	if w := f.userinfo(http.MethodPost, "", "access_token="+token); w.Code != http.StatusOK || object(t, w)["sub"] != "subject-at-recipient" {
		t.Errorf("the token itself in the body of a POST: %d %s", w.Code, w.Body)
	}
	if w := f.userinfo(http.MethodGet, "Bearer "+token, ""); w.Code != http.StatusOK {
		t.Errorf("the token itself: %d %s", w.Code, w.Body)
	}
}

// Rows 81 and 84.
func TestRevokedTokenIsDeadAtOnceAndOnlyByItsOwner(t *testing.T) {
	f := newFixture(t)
	token := f.token("basic")
	active := func(client string) any {
		return object(t, f.post(pathIntrospect, client, url.Values{"token": {token}}))["active"]
	}
	if w := f.post(pathRevoke, "other", url.Values{"token": {token}}); w.Code != http.StatusOK || active("basic") != true {
		t.Errorf("revoked by another client: %d, active %v", w.Code, active("basic"))
	}
	if w := f.post(pathRevoke, "basic", url.Values{"token": {token}, "token_type_hint": {"pear"}}); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("revoked by its own: %d %s", w.Code, w.Body)
	}
	if active("basic") != false || f.userinfo(http.MethodGet, "Bearer "+token, "").Code != http.StatusUnauthorized {
		t.Error("the token outlived its revocation")
	}
	if w := f.post(pathRevoke, "basic", url.Values{"token": {"never issued"}}); w.Code != http.StatusOK {
		t.Errorf("unknown token: %d", w.Code)
	}
}

// Row 82.
func TestIntrospectionTellsOnlyTheOwner(t *testing.T) {
	f := newFixture(t)
	form := url.Values{"token": {f.token("basic")}}
	if w := f.post(pathIntrospect, "nobody", form); w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("without authentication: %d", w.Code)
	}
	if w := f.post(pathIntrospect, "other", form); strings.TrimSpace(w.Body.String()) != `{"active":false}` {
		t.Errorf("another client: %s", w.Body)
	}
	body := object(t, f.post(pathIntrospect, "basic", form))
	for name, want := range map[string]any{
		"active": true, "client_id": "basic", "sub": "subject-at-recipient", "scope": "openid family_name",
		"token_type": "Bearer", "iss": testIssuer, "grant_id": "g_1",
	} {
		if body[name] != want {
			t.Errorf("%s is %v, want %v", name, body[name], want)
		}
	}
	if body["exp"] == nil || body["iat"] == nil || len(body) != 9 {
		t.Errorf("introspection answers %v", body)
	}
	if w := f.post(pathIntrospect, "basic", url.Values{}); member(t, w, "error") != "invalid_request" {
		t.Errorf("no token: %d %s", w.Code, w.Body)
	}
}

func TestFaultsAreUnavailableAndTellNothing(t *testing.T) {
	f := newFixture(t)
	f.journey.failure = errors.New("bolt: database not open")
	w := f.post(pathRevoke, "basic", url.Values{"token": {"x"}})
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "bolt") {
		t.Errorf("revocation: %d %s", w.Code, w.Body)
	}
	f.memory.fault = errors.New("bolt: database not open")
	for name, w := range map[string]*httptest.ResponseRecorder{
		"push":      f.post(pathPush, "basic", f.request("basic")),
		"assertion": f.post(pathPush, "jwt", f.request("jwt")),
	} {
		if w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "bolt") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}
