package issuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// holderKey is that of the service provider in these tests, another than the
// one it authenticates with.
var holderKey, strangerKey = newKey(), newKey()

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

// proofClaims are those of a good proof; nil in changes removes a claim.
func (f *fixture) proofClaims(method, path string, changes claims) claims {
	all := claims{"jti": random(""), "htm": method, "htu": f.issuer.config.Issuer + path, "iat": f.clock.now().Unix(), "nonce": f.issuer.Nonce()}
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	return all
}

func (f *fixture) proof(method, path string, changes claims) string {
	return proofBy(f.t, holderKey, f.proofClaims(method, path, changes))
}

func proofBy(t testing.TB, key *ecdsa.PrivateKey, payload any) string {
	return sign(t, payload, jose.ES256, key, proofHeaders(key.Public()))
}

func proofHeaders(public any) map[jose.HeaderKey]any {
	return map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": jose.JSONWebKey{Key: public}}
}

func thumbprintOf(t testing.TB, public any) string {
	t.Helper()
	sum, err := (&jose.JSONWebKey{Key: public}).Thumbprint(5) // crypto.SHA256
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(sum)
}

func athOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// proved posts a form with DPoP headers.
func (f *fixture) proved(path, client string, v url.Values, proofs ...string) *httptest.ResponseRecorder {
	r := f.form(path, client, v)
	for _, p := range proofs {
		r.Header.Add("DPoP", p)
	}
	return f.send(r)
}

// boundCode is a fresh code of client fapi, through a pushed request.
func (f *fixture) boundCode(pairs ...string) string {
	f.t.Helper()
	uri := member(f.t, f.post(pathPush, "fapi", with(f.request("fapi"), pairs...)), "request_uri")
	return location(f.t, f.authorize(url.Values{"client_id": {"fapi"}, "request_uri": {uri}})).Query().Get("code")
}

// boundToken is a fresh access token of client fapi, bound to holderKey.
func (f *fixture) boundToken(pairs ...string) string {
	f.t.Helper()
	w := f.proved(pathToken, "fapi", exchangeForm("fapi", f.boundCode(pairs...)), f.proof(http.MethodPost, pathToken, nil))
	return member(f.t, w, "access_token")
}

// present reads userinfo with a token and DPoP headers.
func (f *fixture) present(authorization string, proofs ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, testIssuer+pathUserinfo, nil)
	r.Header.Set("Authorization", authorization)
	for _, p := range proofs {
		r.Header.Add("DPoP", p)
	}
	return f.send(r)
}

func TestProfileFAPI2GivesATokenBoundToItsHoldersKey(t *testing.T) {
	f := newFixture(t)
	f.journey.claims = map[string]any{"family_name": "Tournesol"}
	w := f.proved(pathToken, "fapi", exchangeForm("fapi", f.boundCode("dpop_jkt", thumbprintOf(t, holderKey.Public()))), f.proof(http.MethodPost, pathToken, nil))
	if object(t, w)["token_type"] != "DPoP" || w.Header().Get("DPoP-Nonce") != f.issuer.Nonce() {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	token := member(t, w, "access_token")
	told := object(t, f.post(pathIntrospect, "fapi", url.Values{"token": {token}}))
	if cnf, _ := told["cnf"].(map[string]any); told["token_type"] != "DPoP" || cnf["jkt"] != thumbprintOf(t, holderKey.Public()) {
		t.Errorf("introspection says %v", told)
	}
	for _, scheme := range []string{"DPoP", "dpop", "DPOP"} {
		w := f.present(scheme+" "+token, f.proof(http.MethodGet, pathUserinfo, claims{"ath": athOf(token)}))
		if w.Code != http.StatusOK || object(t, w)["family_name"] != "Tournesol" || w.Header().Get("DPoP-Nonce") == "" {
			t.Errorf("%s: %d %s", scheme, w.Code, w.Body)
		}
	}
}

// What the suite calls a good proof, and one of each algorithm.
func TestGoodProofsAreTaken(t *testing.T) {
	f := newFixture(t)
	now := f.clock.now().Unix()
	body := f.proofClaims(http.MethodPost, pathToken, nil)
	for name, proof := range map[string]string{
		"ES256":               f.proof(http.MethodPost, pathToken, nil),
		"PS256":               sign(t, body, jose.PS256, f.rsa, proofHeaders(f.rsa.Public())),
		"iat 10 s ahead":      f.proof(http.MethodPost, pathToken, claims{"iat": now + 10, "nbf": now + 10}),
		"iat 10 s ago":        f.proof(http.MethodPost, pathToken, claims{"iat": now - 10, "exp": now + 50}),
		"iat 4 min ago":       f.proof(http.MethodPost, pathToken, claims{"iat": now - 240}),
		"70 htu with a query": f.proof(http.MethodPost, pathToken, claims{"htu": testIssuer + pathToken + "?x=1#y"}),
		"70 htu in capitals":  f.proof(http.MethodPost, pathToken, claims{"htu": "HTTP://LOCALHOST:8080" + pathToken}),
		"jti of 256":          f.proof(http.MethodPost, pathToken, claims{"jti": strings.Repeat("j", 256)}),
	} {
		if w := f.proved(pathToken, "fapi", exchangeForm("fapi", f.boundCode()), proof); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// Row 76 and every bad proof, where a token is presented: 401 in the scheme
// DPoP, the nonce beside it, and no delivery.
func TestBoundTokenIsOfUseOnlyWithItsKey(t *testing.T) {
	f := newFixture(t)
	token := f.boundToken()
	other := f.boundToken()
	ath := claims{"ath": athOf(token)}
	f.journey.claims = map[string]any{"family_name": "Tournesol"}
	refused := map[string]*httptest.ResponseRecorder{
		"76 as Bearer":                  f.present("Bearer "+token, f.proof(http.MethodGet, pathUserinfo, ath)),
		"76 no proof":                   f.present("DPoP " + token),
		"69 two proofs":                 f.present("DPoP "+token, f.proof(http.MethodGet, pathUserinfo, ath), f.proof(http.MethodGet, pathUserinfo, ath)),
		"76 another key":                f.present("DPoP "+token, proofBy(t, strangerKey, f.proofClaims(http.MethodGet, pathUserinfo, ath))),
		"76 no ath":                     f.present("DPoP "+token, f.proof(http.MethodGet, pathUserinfo, nil)),
		"76 ath of another token":       f.present("DPoP "+token, f.proof(http.MethodGet, pathUserinfo, claims{"ath": athOf(other)})),
		"76 the token endpoint's proof": f.present("DPoP "+token, f.proof(http.MethodPost, pathToken, ath)),
	}
	for name, proof := range badProofs(f, http.MethodGet, pathUserinfo, ath) {
		w := f.present("DPoP "+token, proof)
		if got := member(t, w, "error"); got != wantOf(name) {
			t.Errorf("%s: %s", name, w.Body)
		}
		refused[name] = w
	}
	for name, w := range refused {
		challenge := w.Header().Get("WWW-Authenticate")
		if w.Code != http.StatusUnauthorized || !strings.HasPrefix(challenge, "DPoP error=") || !strings.HasSuffix(challenge, `algs="ES256 PS256 EdDSA"`) {
			t.Errorf("%s: %d %q %s", name, w.Code, challenge, w.Body)
		}
		if w.Header().Get("DPoP-Nonce") == "" || strings.Contains(w.Body.String(), "Tournesol") {
			t.Errorf("%s: %v %s", name, w.Header(), w.Body)
		}
	}
	if f.journey.delivered != 0 {
		t.Errorf("%d deliveries were made", f.journey.delivered)
	}
	once := f.proof(http.MethodGet, pathUserinfo, ath)
	if first, second := f.present("DPoP "+token, once), f.present("DPoP "+token, once); first.Code != 200 || second.Code != 401 || member(t, second, "error") != "invalid_dpop_proof" {
		t.Errorf("72: %d, then %d %s", first.Code, second.Code, second.Body)
	}
}

func TestTokenBoundToNoKeyIsForBearerAlone(t *testing.T) {
	f := newFixture(t)
	token := f.token("basic")
	w := f.present("DPoP "+token, f.proof(http.MethodGet, pathUserinfo, claims{"ath": athOf(token)}))
	if w.Code != http.StatusUnauthorized || member(t, w, "error") != "invalid_token" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	bare := httptest.NewRequest(http.MethodGet, testIssuer+pathUserinfo, nil)
	if told := f.send(bare).Header().Values("WWW-Authenticate"); len(told) != 2 || !strings.HasPrefix(told[0], "Bearer ") || told[1] != `DPoP algs="ES256 PS256 EdDSA"` {
		t.Errorf("a request without a token is told %q", told)
	}
}

// A client of profile oidc may hold a key too.
func TestStockClientMayBindItsToken(t *testing.T) {
	f := newFixture(t)
	w := f.proved(pathToken, "basic", exchangeForm("basic", f.code("basic")), f.proof(http.MethodPost, pathToken, nil))
	token := member(t, w, "access_token")
	if object(t, w)["token_type"] != "DPoP" || f.present("Bearer "+token).Code != http.StatusUnauthorized {
		t.Errorf("%s", w.Body)
	}
}

// Row 74: being told the nonce costs neither the assertion, nor the code, nor
// the proof's jti.
func TestUseDPoPNonceConsumesNothing(t *testing.T) {
	f := newFixture(t)
	form := with(exchangeForm("fapi", f.boundCode()), "client_assertion_type", assertionType, "client_assertion", f.assertion("fapi", nil))
	body := f.proofClaims(http.MethodPost, pathToken, nil)
	delete(body, "nonce")
	before := len(f.memory.until)
	w := f.proved(pathToken, "fapi", form, proofBy(t, holderKey, body))
	if w.Code != http.StatusBadRequest || member(t, w, "error") != "use_dpop_nonce" || len(f.memory.until) != before {
		t.Fatalf("%d %s, %d entries", w.Code, w.Body, len(f.memory.until)-before)
	}
	body["nonce"] = w.Header().Get("DPoP-Nonce")
	if w := f.proved(pathToken, "fapi", form, proofBy(t, holderKey, body)); w.Code != http.StatusOK {
		t.Errorf("the same request with the nonce: %d %s", w.Code, w.Body)
	}
}

func TestNonceIsTakenInTheNextWindowAndThenNoMore(t *testing.T) {
	f := newFixture(t)
	try := func(nonce string) string {
		w := f.proved(pathPush, "fapi", f.request("fapi"), f.proof(http.MethodPost, pathPush, claims{"nonce": nonce}))
		if w.Code == http.StatusCreated {
			return ""
		}
		return member(t, w, "error")
	}
	old := f.issuer.Nonce()
	f.clock.add(nonceWindow)
	if f.issuer.Nonce() == old {
		t.Error("the nonce did not rotate")
	}
	if got := try(old); got != "" {
		t.Errorf("in the next window: %s", got)
	}
	f.clock.add(nonceWindow)
	if got := try(old); got != "use_dpop_nonce" {
		t.Errorf("two windows later: %q", got)
	}
	if another := newFixture(t); another.issuer.Nonce() == f.issuer.Nonce() {
		t.Error("two starts have one secret")
	}
}

// Row 77: a proof made today for tomorrow has no nonce of tomorrow's.
func TestProofMadeAheadIsStoppedByTheNonce(t *testing.T) {
	f := newFixture(t)
	code := f.boundCode()
	stolen := f.proof(http.MethodPost, pathToken, claims{"iat": f.clock.now().Add(10 * time.Minute).Unix()})
	f.clock.add(10 * time.Minute)
	if w := f.proved(pathToken, "fapi", exchangeForm("fapi", code), stolen); member(t, w, "error") != "use_dpop_nonce" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// Row 78.
func TestNoHeaderMovesTheAddressOfAProof(t *testing.T) {
	f := newFixture(t)
	for _, htu := range []string{"https://evil.example" + pathToken, testIssuer + pathToken} {
		r := f.form(pathToken, "fapi", exchangeForm("fapi", f.boundCode()))
		r.Host = "evil.example"
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("X-Forwarded-Proto", "https")
		r.Header.Set("DPoP", f.proof(http.MethodPost, pathToken, claims{"htu": htu}))
		if w := f.send(r); (w.Code == http.StatusOK) != strings.HasPrefix(htu, testIssuer) {
			t.Errorf("%s: %d %s", htu, w.Code, w.Body)
		}
	}
}

// Row 72.
func TestRaceOnOneProofHasOneWinner(t *testing.T) {
	f := newFixture(t)
	token := f.boundToken()
	proof := f.proof(http.MethodGet, pathUserinfo, claims{"ath": athOf(token)})
	var won, lost int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			w := f.present("DPoP "+token, proof)
			mu.Lock()
			defer mu.Unlock()
			if w.Code == http.StatusOK {
				won++
			} else if member(t, w, "error") == "invalid_dpop_proof" {
				lost++
			}
		})
	}
	all.Wait()
	if won != 1 || lost != 49 {
		t.Errorf("%d won, %d lost", won, lost)
	}
	// The same jti under another key is another proof.
	body := f.proofClaims(http.MethodPost, pathPush, claims{"jti": "one"})
	for _, key := range []*ecdsa.PrivateKey{holderKey, strangerKey} {
		if w := f.proved(pathPush, "fapi", f.request("fapi"), proofBy(t, key, body)); w.Code != http.StatusCreated {
			t.Errorf("one jti of two keys: %d %s", w.Code, w.Body)
		}
	}
}

func TestRaceOnOneAssertionHasOneWinner(t *testing.T) {
	f := newFixture(t)
	assertion := f.assertion("jwt", nil)
	codes := make(chan int, 50)
	for range 50 {
		go func() { codes <- f.pushWith(assertion).Code }()
	}
	count := map[int]int{}
	for range 50 {
		count[<-codes]++
	}
	if count[http.StatusCreated] != 1 || count[http.StatusUnauthorized] != 49 {
		t.Errorf("answers by status: %v", count)
	}
}
