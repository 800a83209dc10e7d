package issuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"maps"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// mutants are a signed object's texts, and its header's and payload's with one
// thing wrong each, signed again by who may sign.
func mutants(t testing.TB, good string, signed func(header, payload string) string) map[string]string {
	t.Helper()
	j := partsOf(t, good)
	header, payload := string(j.bytes(0)), string(j.bytes(1))
	all := texts(t, good)
	for what, text := range objects(t, []byte(header)) {
		all["header "+what] = signed(text, payload)
	}
	for what, text := range objects(t, []byte(payload)) {
		all["claim "+what] = signed(header, text)
	}
	for what, h := range algorithms(header) {
		all["alg "+what] = signed(h, payload)
		all["alg "+what+", signed for the first"] = j.with(0, bytesOf([]byte(h)))
		all["alg "+what+", unsigned"] = bytesOf([]byte(h)) + "." + j[1] + "."
	}
	for name, value := range map[string]string{
		"jku": `"https://evil.example/jwks"`, "x5u": `"https://evil.example/x5"`, "crit": `["exp"]`, "b64": "false",
	} {
		all["header "+name] = signed(strings.TrimSuffix(header, "}")+`,"`+name+`":`+value+"}", payload)
	}
	return all
}

// algorithms name others than ES256 in a header.
func algorithms(header string) map[string]string {
	all := map[string]string{}
	for _, alg := range []string{"none", "None", "NONE", "", "HS256", "RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "es256", "ES256 ", "A256KW", "dir"} {
		all[alg] = strings.Replace(header, `"ES256"`, `"`+alg+`"`, 1)
	}
	return all
}

// otherJTI drops what is only another jti.
func otherJTI(mutants map[string]string) {
	for _, name := range []string{"claim jti a string", "claim jti as a string", "claim jti not UTF-8"} {
		delete(mutants, name)
	}
}

// certificateOf is a self-signed one, as x5c holds it.
func certificateOf(t testing.TB, key *ecdsa.PrivateKey) string {
	t.Helper()
	named := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "fapi"}}
	der, err := x509.CreateCertificate(rand.Reader, named, named, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

// absent mutants are good ones without a claim that is optional: null is none.
func absent(mutants map[string]string, claims ...string) map[string]string {
	good := map[string]string{}
	for _, claim := range claims {
		for _, what := range []string{" away", " null", " in capitals"} {
			good[claim+what] = mutants["claim "+claim+what]
			delete(mutants, "claim "+claim+what)
		}
	}
	return good
}

// Every mutant of a client assertion authenticates nobody, is remembered
// nowhere, and leaves the good one good, which serves once.
func TestEveryMutantOfAnAssertionIsRefused(t *testing.T) {
	f := newFixture(t)
	now := f.clock.now().Unix()
	good := f.assertion("fapi", claims{"nbf": now})
	push := func(assertion string) string {
		w := f.post(pathPush, "fapi", with(f.request("fapi"), "client_assertion_type", assertionType, "client_assertion", assertion))
		if w.Code == http.StatusCreated {
			return "good"
		}
		return answered(t, w)
	}
	all := mutants(t, good, func(header, payload string) string { return signText(t, header, payload, f.key) })
	optional := absent(all, "iat", "nbf")
	maps.Copy(all, map[string]string{
		"another key":           signText(t, string(partsOf(t, good).bytes(0)), string(partsOf(t, good).bytes(1)), strangerKey),
		"its certificate in it": sign(t, f.assertionClaims("fapi", nil), jose.ES256, strangerKey, map[jose.HeaderKey]any{"kid": "k1", "x5c": []string{certificateOf(t, strangerKey)}}),
		"its own key in it":     sign(t, f.assertionClaims("fapi", nil), jose.ES256, strangerKey, map[jose.HeaderKey]any{"kid": "k1", "jwk": jose.JSONWebKey{Key: strangerKey.Public()}}),
	})
	otherJTI(all)
	for _, name := range []string{"away", "null", "in capitals"} { // OpenID Connect Core §9 asks for no typ
		delete(all, "header typ "+name)
	}
	for name, mutant := range all {
		if got := push(mutant); got != "json 401 invalid_client" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if len(f.memory.until) != 0 || len(f.memory.values) != 0 {
		t.Errorf("%d marks, %d requests were kept for refused assertions", len(f.memory.until), len(f.memory.values))
	}
	t.Logf("%d mutants", len(all))
	if got := push(good); got != "good" {
		t.Errorf("after all its mutants the good one is answered %s", got)
	}
	for name, twin := range optional {
		if got := push(twin); got != "json 401 invalid_client" { // its jti was used
			t.Errorf("used, then without an optional claim, %s: %s", name, got)
		}
	}
}

// Every mutant of a DPoP proof is refused before anything is used up: code,
// assertion and the good proof still serve.
func TestEveryMutantOfAProofIsRefused(t *testing.T) {
	f := newFixture(t)
	now := f.clock.now().Unix()
	good := f.proof(http.MethodPost, pathToken, claims{"nbf": now, "exp": now + 60})
	form := with(exchangeForm("fapi", f.boundCode()), "client_assertion_type", assertionType, "client_assertion", f.assertion("fapi", nil))
	all := mutants(t, good, func(header, payload string) string { return signText(t, header, payload, holderKey) })
	optional := absent(all, "nbf", "exp")
	header, payload := string(partsOf(t, good).bytes(0)), string(partsOf(t, good).bytes(1))
	all["another key"] = signText(t, header, payload, strangerKey)
	otherJTI(all)
	before := len(f.memory.until)
	for name, mutant := range all {
		want := "json 400 invalid_dpop_proof"
		for _, without := range []string{"away", "null", "an empty string", "a string", "in capitals", "as a string", "not UTF-8"} {
			if name == "claim nonce "+without {
				want = "json 400 use_dpop_nonce"
			}
		}
		if w := f.proved(pathToken, "fapi", form, mutant); w.Code == http.StatusOK || answered(t, w) != want {
			t.Errorf("%s: %d %s, want %s", name, w.Code, w.Body, want)
		}
	}
	if len(f.memory.until) != before || len(f.journey.tokens) != 0 {
		t.Errorf("%d marks were made, %d tokens given", len(f.memory.until)-before, len(f.journey.tokens))
	}
	t.Logf("%d mutants", len(all))
	if w := f.proved(pathToken, "fapi", form, good); w.Code != http.StatusOK {
		t.Errorf("after all its mutants the good one is answered %d %s", w.Code, w.Body)
	}
	for name, twin := range optional {
		w := f.proved(pathToken, "fapi", exchangeForm("fapi", f.boundCode()), twin)
		if w.Code != http.StatusBadRequest || member(t, w, "error") != "invalid_dpop_proof" { // its jti was used
			t.Errorf("used, then without an optional claim, %s: %d %s", name, w.Code, w.Body)
		}
	}
}

// Every mutant of an ID token is no hint, whether it was changed without a key
// or signed with a client's: nobody's journey begins, no session ends.
func TestEveryMutantOfAHintIsNobodys(t *testing.T) {
	f := newFixture(t)
	good := f.idToken("basic")
	f.journey.begun = nil
	for name, mutant := range mutants(t, good, func(header, payload string) string { return signText(t, header, payload, strangerKey) }) {
		if mutant == "" {
			continue // a hint that is empty is none
		}
		if got := answered(t, f.authorize(with(f.request("basic"), "id_token_hint", mutant))); got != "redirect login_required" {
			t.Errorf("%s, at /authorize: %s", name, got)
		}
		if w := f.logout("id_token_hint", mutant); answered(t, w) != "page 400" {
			t.Errorf("%s, at the logout: %d %s", name, w.Code, w.Body)
		}
	}
	if len(f.journey.begun) != 0 || len(f.journey.ended) != 0 {
		t.Errorf("%d requests began, %d sessions ended", len(f.journey.begun), len(f.journey.ended))
	}
}

// A signature of ES256 has a twin that anybody can make and that verifies as
// well: it is the same use of the same jti.
func TestTheTwinOfASignatureIsTheSameUse(t *testing.T) {
	f := newFixture(t)
	twin := func(compact string) string {
		j := partsOf(t, compact)
		r, s := new(big.Int).SetBytes(j.bytes(2)[:32]), new(big.Int).SetBytes(j.bytes(2)[32:])
		return j.with(2, bytesOf(fixed(r, s.Sub(elliptic.P256().Params().N, s))))
	}
	assertion := f.assertion("jwt", nil)
	if w := f.pushWith(assertion); w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := f.pushWith(twin(assertion)); answered(t, w) != "json 401 invalid_client" {
		t.Errorf("the twin of a used assertion: %d %s", w.Code, w.Body)
	}
	proof := f.proof(http.MethodPost, pathPush, nil)
	for _, c := range []struct{ proof, want string }{{twin(proof), ""}, {proof, "invalid_dpop_proof"}} {
		w := f.proved(pathPush, "fapi", url.Values(f.request("fapi")), c.proof)
		if c.want == "" && w.Code != http.StatusCreated || c.want != "" && member(t, w, "error") != c.want {
			t.Errorf("want %q: %d %s", c.want, w.Code, w.Body)
		}
	}
}
