package broker_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/oidc/serviceprovider"
)

// A portal is the demonstration's client of profile fapi2, and the key its
// tokens are bound to.
type portal struct {
	watched
	*serviceprovider.Client
	held *jose.JSONWebKey
}

func newPortal(t *testing.T) portal {
	t.Helper()
	p := portal{watched: watch(t)}
	client, err := p.Portal(t.TempDir(), func(c *serviceprovider.Config) { p.held = c.DPoP })
	if err != nil {
		t.Fatal(err)
	}
	p.Client = client
	return p
}

func (p portal) attempt(t *testing.T) serviceprovider.Attempt {
	t.Helper()
	a, err := p.Login(t.Context(), serviceprovider.Request{Purpose: "tarification-cantine", Scopes: []string{"cnaf_quotient_familial"}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// open is a browser at the first page of an attempt.
func (p portal) open(t *testing.T, a serviceprovider.Attempt) *country.Walk {
	t.Helper()
	w := &country.Walk{Browser: headless.New().StopAt(p.TownHallURL), Country: p.Country}
	var err error
	if w.Page, err = w.Get(a.URL); err != nil {
		t.Fatal(err)
	}
	return w
}

func (p portal) token(t *testing.T) serviceprovider.Token {
	t.Helper()
	a := p.attempt(t)
	w := p.open(t, a)
	see(t, w, "camille")
	do(t, w, "accept")
	token, err := p.Callback(t.Context(), a, w.Page.Stopped.Query())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

const quotientPath = "/v3/dss/quotient_familial"

// proof is one for a GET of path with a token; nil in changes removes a claim.
func (p portal) proof(t *testing.T, path, token string, changes map[string]any) string {
	t.Helper()
	return p.proofBy(t, p.held, path, token, changes)
}

func (p portal) proofBy(t *testing.T, key *jose.JSONWebKey, path, token string, changes map[string]any) string {
	t.Helper()
	ath := sha256.Sum256([]byte(token))
	claims := map[string]any{
		"jti": headless.Client{}.Begin().State, "htm": "GET", "htu": p.Accord + path, "iat": time.Now().Unix(),
		"nonce": p.nonce(t), "ath": base64.RawURLEncoding.EncodeToString(ath[:]),
	}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return signedProof(t, key.Key, claims)
}

// signedProof signs a DPoP proof with the key it carries.
func signedProof(t *testing.T, key any, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

// nonce is what any answer of an address that reads proofs gives.
func (p portal) nonce(t *testing.T) string {
	t.Helper()
	nonce := p.send(probe{target: quotientPath}, "fr").header.Get("DPoP-Nonce")
	if nonce == "" {
		t.Fatal("no DPoP-Nonce")
	}
	return nonce
}

func presenting(authorization string, proofs ...string) http.Header {
	h := http.Header{"Authorization": {authorization}}
	if len(proofs) > 0 {
		h["Dpop"] = proofs
	}
	return h
}

// Rows 68 to 78 where the data are: 401 before anything is opened or logged.
func TestATokenWithoutItsKeyReleasesNothing(t *testing.T) {
	p := newPortal(t)
	token := p.token(t).Access
	stranger, err := serviceprovider.NewDPoPKey()
	if err != nil {
		t.Fatal(err)
	}
	target := quotientPath + "?recipient=" + valbrume(p.Country)
	used := p.proof(t, quotientPath, token, nil)
	with := func(changes map[string]any) http.Header {
		return presenting("DPoP "+token, p.proof(t, quotientPath, token, changes))
	}
	for name, h := range map[string]http.Header{
		"76 as Bearer":            presenting("Bearer " + token),
		"76 as Bearer, proof":     presenting("Bearer "+token, p.proof(t, quotientPath, token, nil)),
		"68 no proof":             presenting("DPoP " + token),
		"69 two proofs":           presenting("DPoP "+token, p.proof(t, quotientPath, token, nil), p.proof(t, quotientPath, token, nil)),
		"70 another address":      with(map[string]any{"htu": p.Accord + "/v3/identite"}),
		"70 another method":       with(map[string]any{"htm": "POST"}),
		"71 six minutes old":      with(map[string]any{"iat": time.Now().Add(-6 * time.Minute).Unix()}),
		"71 from the future":      with(map[string]any{"iat": time.Now().Add(70 * time.Second).Unix()}),
		"74 no nonce":             with(map[string]any{"nonce": nil}),
		"74 another nonce":        with(map[string]any{"nonce": many(43)}),
		"76 no ath":               with(map[string]any{"ath": nil}),
		"76 ath of another token": with(map[string]any{"ath": many(43)}),
		"76 another key":          presenting("DPoP "+token, p.proofBy(t, stranger, quotientPath, token, nil)),
		"78 another host":         with(map[string]any{"htu": "https://evil.example" + quotientPath}),
		"73 no proof at all":      presenting("DPoP "+token, "proof"),
	} {
		p.play(t, probe{name: name, target: target, header: h, want: wantAPI(http.StatusUnauthorized, "00192")})
	}
	p.play(t,
		probe{name: "control, scheme in lower case", target: target, header: presenting("dpop "+token, used), want: wantOnly(http.StatusOK, `"valeur":742`), leaves: trace{leaves: 1}},
		probe{name: "72 replayed", target: target, header: presenting("DPoP "+token, used), want: wantAPI(http.StatusUnauthorized, "00192")},
		probe{name: "73 a key's token that is dead", target: target, header: presenting("DPoP acc_" + many(43)), want: wantAPI(http.StatusUnauthorized, "00101")},
		probe{name: "76 API Particulier's introspection, as Bearer", target: "/api/introspect", header: presenting("Bearer " + token), want: wantAPI(http.StatusUnauthorized, "00192")},
		probe{name: "the same with its key", target: "/api/introspect", header: presenting("DPoP "+token, p.proof(t, "/api/introspect", token, nil)), want: wantOnly(http.StatusOK, "cnaf_quotient_familial")},
		probe{name: "76 userinfo, as Bearer", target: "/userinfo", header: presenting("Bearer " + token), want: wantOAuth(http.StatusUnauthorized, "invalid_token")},
		probe{name: "userinfo with its key", target: "/userinfo", header: presenting("DPoP "+token, p.proof(t, "/userinfo", token, nil)), want: wantOnly(http.StatusOK, `"sub"`)},
		probe{name: "the old way's address", target: quotientPath + "/france_connect?recipient=" + valbrume(p.Country), header: presenting("Bearer " + token), want: wantAPI(http.StatusUnauthorized, "00192")},
	)
}

// Row 72 with the real store: twenty at once, one delivery.
func TestRaceOnOneProofDeliversOnce(t *testing.T) {
	p := newPortal(t)
	token := p.token(t).Access
	proof := p.proof(t, quotientPath, token, nil)
	var won, lost, other int
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range 20 { // as many a second are let through for a token
		scheme := []string{"DPoP ", "dpop ", "DPOP "}[n%3]
		all.Go(func() {
			a := p.send(probe{target: quotientPath + "?recipient=" + valbrume(p.Country), header: presenting(scheme+token, proof)}, "fr")
			mu.Lock()
			defer mu.Unlock()
			switch {
			case a.status == http.StatusOK:
				won++
			case a.status == http.StatusUnauthorized:
				lost++
			default:
				other++
			}
		})
	}
	all.Wait()
	if won != 1 || lost != 19 || other != 0 {
		t.Errorf("%d won, %d lost, %d otherwise", won, lost, other)
	}
}

// Row 18, and design §4: a request_uri may be opened again before the decision,
// in the same browser or another, and gives one code.
func TestAPushedRequestOpenedTwiceGivesOneCode(t *testing.T) {
	p := newPortal(t)
	a := p.attempt(t)
	first := p.open(t, a)
	second := p.open(t, a) // another browser: its own interaction
	if again, err := first.Get(a.URL); err != nil || again.Status != http.StatusOK {
		t.Fatalf("a reload: %v", err)
	} else {
		first.Page = again
	}
	see(t, first, "camille")
	see(t, second, "camille")
	do(t, second, "accept")
	token, err := p.Callback(t.Context(), a, second.Page.Stopped.Query())
	if err != nil {
		t.Fatal(err)
	}
	page, err := first.Press(first.Page, "accept", nil)
	if err != nil || page.Stopped != nil || page.Status != http.StatusConflict || !strings.Contains(page.Body, "<code>A03</code>") {
		t.Errorf("a second code, or no page: %v, %d", err, page.Status)
	}
	late := strings.TrimPrefix(a.URL, p.Accord)
	p.play(t, probe{name: "18 reused after the code", target: late, want: wantPage(http.StatusGone, "A01")})
	if _, err := p.Data(t.Context(), token, "dss/quotient_familial"); err != nil {
		t.Errorf("the first code's token: %v", err)
	}
}

// A client of profile fapi2 is held to it, and another's request is not its own.
func TestAClientAtFAPI2IsHeldToIt(t *testing.T) {
	p := newPortal(t)
	plain := url.Values{
		"client_id": {country.FamilyPortal}, "redirect_uri": {p.TownHallURL + "/retour"}, "response_type": {"code"}, "state": {"s"},
		"scope": {"openid cnaf_quotient_familial"}, "code_challenge": {many(43)}, "code_challenge_method": {"S256"},
	}
	uri := func() string {
		u, err := url.Parse(p.attempt(t).URL)
		if err != nil {
			t.Fatal(err)
		}
		return u.Query().Get("request_uri")
	}
	p.play(t,
		probe{name: "not pushed", target: "/authorize?" + plain.Encode(), want: wantPage(http.StatusBadRequest, "A02")},
		probe{name: "57 by a secret", target: "/par", form: with(plain, "client_secret", many(40)), want: wantOAuth(http.StatusUnauthorized, "invalid_client")},
		probe{name: "16 another client's", target: "/authorize?" + url.Values{"client_id": {country.Editor}, "request_uri": {uri()}}.Encode(), want: wantPage(http.StatusGone, "A01")},
		probe{name: "19 an address of the network", target: "/authorize?" + url.Values{"client_id": {country.FamilyPortal}, "request_uri": {"https://169.254.169.254/"}}.Encode(), want: wantPage(http.StatusNotFound, "A02")},
	)
	bearer, err := p.Portal(t.TempDir(), func(c *serviceprovider.Config) { c.DPoP = nil })
	if err != nil {
		t.Fatal(err)
	}
	a, err := bearer.Login(t.Context(), serviceprovider.Request{Purpose: "tarification-cantine", Scopes: []string{"cnaf_quotient_familial"}})
	if err != nil {
		t.Fatal(err)
	}
	w := p.open(t, a)
	see(t, w, "camille")
	do(t, w, "accept")
	if _, err := bearer.Callback(t.Context(), a, w.Page.Stopped.Query()); err == nil || !strings.Contains(err.Error(), "invalid_dpop_proof") {
		t.Errorf("a token without a key: %v", err)
	}
}
