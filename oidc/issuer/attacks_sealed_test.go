package issuer

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// sealedTokens are JWEs of the kinds that make a reader work or panic: the
// issuer takes none anywhere.
func sealedTokens(t testing.TB, f *fixture) map[string]string {
	t.Helper()
	encrypt := func(plain []byte, alg jose.KeyAlgorithm, key any, options *jose.EncrypterOptions) string {
		encrypter, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: alg, Key: key, PBES2Count: 1000}, options)
		if err != nil {
			t.Fatal(err)
		}
		jwe, err := encrypter.Encrypt(plain)
		if err != nil {
			t.Fatal(err)
		}
		compact, err := jwe.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return compact
	}
	raw := func(header string, parts ...string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + strings.Join(parts, ".")
	}
	bomb := encrypt(bytes.Repeat([]byte("0"), 10<<20), jose.ECDH_ES, f.key.Public(), &jose.EncrypterOptions{Compression: jose.DEFLATE})
	inner := encrypt([]byte(f.assertion("jwt", nil)), jose.RSA_OAEP_256, f.rsa.Public(), nil)
	return map[string]string{
		"zip of 10 MB":          bomb,
		"nested":                encrypt([]byte(inner), jose.ECDH_ES, f.key.Public(), nil),
		"a good assertion in":   inner,
		"PBES2 of 10^9 rounds":  raw(`{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":1000000000,"p2s":"c2FsdA"}`, "AAAA", "AAAA", "AAAA", "AAAA"),
		"an empty key":          raw(`{"alg":"ECDH-ES+A256KW","enc":"A256GCM","epk":{"kty":"EC"}}`, "", "AAAA", "AAAA", "AAAA"),
		"zip of no compression": raw(`{"alg":"dir","enc":"A256GCM","zip":"DEF"}`, "", "AAAA", bytesOf(flated()), "AAAA"),
	}
}

func flated() []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	_, _ = w.Write(bytes.Repeat([]byte("0"), 1<<20))
	_ = w.Close()
	return b.Bytes()
}

func bytesOf(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// Row 87: wherever a token may stand, an encrypted one is refused unopened.
func TestAnEncryptedTokenIsRefusedUnopened(t *testing.T) {
	f := newFixture(t)
	for name, jwe := range sealedTokens(t, f) {
		if len(jwe) > 60<<10 {
			t.Fatalf("%s: of %d bytes, refused for its length", name, len(jwe))
		}
		began := time.Now()
		for place, c := range map[string]struct {
			w    *httptest.ResponseRecorder
			want string
		}{
			"assertion":     {f.pushWith(jwe), "json 401 invalid_client"},
			"request":       {f.authorize(with(f.request("basic"), "request", jwe)), "redirect request_not_supported"},
			"id_token_hint": {f.authorize(with(f.request("basic"), "id_token_hint", jwe)), "redirect login_required"},
			"logout hint":   {f.logout("id_token_hint", jwe), "page 400"},
			"proof":         {f.proved(pathToken, "fapi", exchangeForm("fapi", f.boundCode()), jwe), "json 400 invalid_dpop_proof"},
			"access token":  {f.userinfo(http.MethodGet, "Bearer "+jwe, ""), "json 401 invalid_token"},
		} {
			if got := answered(t, c.w); got != c.want {
				t.Errorf("%s as %s: %s, want %s", name, place, got, c.want)
			}
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
	if len(f.journey.tokens) != 0 || len(f.journey.ended) != 0 {
		t.Error("something was given or ended")
	}
}

// Row 89: an unknown client, a wrong secret and a wrong method are answered
// with the same words after the same work: the secret is hashed and compared
// in constant time whoever asks.
func TestWhoIsNotAClientIsToldAsSlowlyAndInTheSameWords(t *testing.T) {
	f := newFixture(t)
	ask := func(id, secret string) *httptest.ResponseRecorder {
		r := f.form(pathIntrospect, "nobody", url.Values{"token": {"x"}})
		r.SetBasicAuth(id, secret)
		return f.send(r)
	}
	cases := map[string][2]string{
		"unknown client": {"nemo1", testSecret}, "wrong secret": {"basic", testSecret[1:] + "x"}, "near secret": {"basic", testSecret[:39] + "x"},
		"another method": {"post1", testSecret}, "no secret of its own": {"jwt", testSecret},
	}
	want := ask("basic", "x")
	for name, c := range cases {
		got := ask(c[0], c[1])
		if got.Code != http.StatusUnauthorized || got.Body.String() != want.Body.String() || got.Header().Get("WWW-Authenticate") != want.Header().Get("WWW-Authenticate") {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
	}
	work := func(id, secret string) float64 {
		return testing.AllocsPerRun(50, func() {
			_, _ = f.issuer.verifySecret(credentials{method: ClientSecretBasic, clientID: id, secret: secret})
		})
	}
	known, unknown := work("basic", "x"), work("nemo1", "x")
	if diff := unknown - known; diff > 4 || diff < -4 {
		t.Errorf("a known client costs %v allocations, an unknown one %v", known, unknown)
	}
}

// Row 110: a clock that jumps two minutes either way opens nothing for longer
// than its life by the new clock, and closes no fresh attempt.
func TestAClockThatJumpsKeepsItsBounds(t *testing.T) {
	for _, jump := range []time.Duration{2 * time.Minute, -2 * time.Minute} {
		f := newFixture(t)
		form := exchangeForm("basic", f.code("basic"))
		uri, assertion := f.pushed("basic"), f.assertion("jwt", nil)
		f.clock.add(jump)
		w := f.post(pathToken, "basic", form)
		if ahead := jump > 0; (w.Code == http.StatusOK) == ahead {
			t.Errorf("%s: the code: %d", jump, w.Code)
		}
		w = f.authorize(url.Values{"client_id": {"basic"}, "request_uri": {uri}})
		if ahead := jump > 0; (w.Code == http.StatusSeeOther) == ahead {
			t.Errorf("%s: the pushed request: %d", jump, w.Code)
		}
		if w := f.pushWith(assertion); w.Code != http.StatusUnauthorized { // expired, or of the future
			t.Errorf("%s: the assertion: %d", jump, w.Code)
		}
		if f.token("basic") == "" || f.boundToken() == "" {
			t.Errorf("%s: no fresh attempt succeeds", jump)
		}
	}
}
