package issuer

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// badProofs are rows 70, 71, 73 and 74, for an address and method; what each is
// answered with.
func badProofs(f *fixture, method, path string, more claims) map[string]string {
	now := f.clock.now().Unix()
	good := func(changes claims) claims {
		all := maps.Clone(more)
		if all == nil {
			all = claims{}
		}
		maps.Copy(all, changes)
		return f.proofClaims(method, path, all)
	}
	by := func(changes claims) string { return proofBy(f.t, holderKey, good(changes)) }
	header := func(name jose.HeaderKey, value any) string {
		h := proofHeaders(holderKey.Public())
		h[name] = value
		return sign(f.t, good(nil), jose.ES256, holderKey, h)
	}
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		f.t.Fatal(err)
	}
	public := holderKey.Public()
	private, _ := json.Marshal(jose.JSONWebKey{Key: holderKey})
	fine := by(nil)
	body, _ := json.Marshal(good(nil))
	twice := strings.Replace(string(body), `"htm"`, `"htm":"PUT","htm"`, 1)
	return map[string]string{
		"70 htm of another method": by(claims{"htm": "PUT"}),
		"70 htm in lower case":     by(claims{"htm": strings.ToLower(method)}),
		"70 htu of another host":   by(claims{"htu": "https://evil.example" + path}),
		"70 htu of another path":   by(claims{"htu": testIssuer + path + "x"}),
		"70 htu of another scheme": by(claims{"htu": "https://localhost:8080" + path}),
		"70 htu with a user":       by(claims{"htu": "http://u@localhost:8080" + path}),
		"70 htu in a query":        by(claims{"htu": "http://evil.example/?" + testIssuer + path}),
		"70 no htu":                by(claims{"htu": nil}),
		"70 no htm":                by(claims{"htm": nil}),
		"71 iat 6 min ago":         by(claims{"iat": now - 360}),
		"71 iat in 61 s":           by(claims{"iat": now + 62}),
		"71 iat huge":              by(claims{"iat": 1e300}),
		"71 no iat":                by(claims{"iat": nil}),
		"71 exp past":              by(claims{"exp": now - 20}),
		"71 nbf in 62 s":           by(claims{"nbf": now + 62}),
		"72 no jti":                by(claims{"jti": nil}),
		"72 jti of 257":            by(claims{"jti": strings.Repeat("j", 257)}),
		"73 alg none":              rawToken(`{"typ":"dpop+jwt","alg":"none","jwk":`+publicJSON(public)+`}`, good(nil), nil),
		"73 HS256":                 rawToken(`{"typ":"dpop+jwt","alg":"HS256","jwk":`+publicJSON(public)+`}`, good(nil), []byte("k")),
		"73 RS256":                 sign(f.t, good(nil), jose.RS256, f.rsa, proofHeaders(f.rsa.Public())),
		"73 private key in jwk":    rawSigned(f.t, `{"typ":"dpop+jwt","alg":"ES256","jwk":`+string(private)+`}`, good(nil), holderKey),
		"73 RSA of 1024 bits":      sign(f.t, good(nil), jose.PS256, weak, proofHeaders(weak.Public())),
		"73 point off the curve":   rawSigned(f.t, `{"typ":"dpop+jwt","alg":"ES256","jwk":`+offCurve(public)+`}`, good(nil), holderKey),
		"73 key of another":        sign(f.t, good(nil), jose.ES256, strangerKey, proofHeaders(public)),
		"73 no jwk":                sign(f.t, good(nil), jose.ES256, holderKey, map[jose.HeaderKey]any{"typ": "dpop+jwt"}),
		"73 typ JWT":               header("typ", "JWT"),
		"73 typ in capitals":       header("typ", "DPOP+JWT"),
		"73 jku":                   header("jku", "https://evil.example/jwks"),
		"73 padding":               fine + "=",
		"73 line break":            fine[:30] + "\n" + fine[30:],
		"73 htm twice":             sign(f.t, []byte(twice), jose.ES256, holderKey, proofHeaders(public)),
		"73 no object":             sign(f.t, []byte(`[]`), jose.ES256, holderKey, proofHeaders(public)),
		"73 9 KiB":                 by(claims{"pad": strings.Repeat("x", 9<<10)}),
		"73 empty":                 "",
		"74 no nonce":              by(claims{"nonce": nil}),
		"74 a stranger's nonce":    by(claims{"nonce": strings.Repeat("A", 43)}),
		"74 a nonce of 64":         by(claims{"nonce": strings.Repeat("A", 64)}),
		"74 another start's nonce": by(claims{"nonce": (&nonces{now: f.clock.now}).current()}),
	}
}

// wantOf is what a row of badProofs is answered with.
func wantOf(name string) string {
	if strings.HasPrefix(name, "74") {
		return "use_dpop_nonce"
	}
	return "invalid_dpop_proof"
}

func publicJSON(public any) string {
	data, _ := json.Marshal(jose.JSONWebKey{Key: public})
	return string(data)
}

// offCurve is a P-256 key whose x was changed.
func offCurve(public any) string {
	var members map[string]string
	_ = json.Unmarshal([]byte(publicJSON(public)), &members)
	x, _ := base64.RawURLEncoding.DecodeString(members["x"])
	x[7] ^= 1
	members["x"] = base64.RawURLEncoding.EncodeToString(x)
	data, _ := json.Marshal(members)
	return string(data)
}

// rawSigned signs a header as it is written, with ES256.
func rawSigned(t testing.TB, header string, payload any, key *ecdsa.PrivateKey) string {
	t.Helper()
	body, _ := json.Marshal(payload)
	return signText(t, header, string(body), key)
}
