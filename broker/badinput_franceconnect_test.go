package broker_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
)

const (
	distrusted  = http.StatusBadGateway         // an answer that must not be believed
	unavailable = http.StatusServiceUnavailable // no answer, or not now
)

// idTokenLies: attack list, rows 96 and 98.
func idTokenLies(t *testing.T, f *forger) map[string]lie {
	t.Helper()
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Unix()
	return map[string]lie{
		"96 alg none": {sign: unsigned}, "96 HS256 with the client secret": {sign: signedBy([]byte(f.secret), forgedKey)},
		"96 another key": {sign: signedBy(other, forgedKey)}, "96 no kid": {sign: signedBy(f.key, "")},
		"96 no JWS":    {sign: func(*forger, []byte) string { return "e30" }},
		"96 no claims": {sign: func(f *forger, _ []byte) string { return signedBy(f.key, forgedKey)(f, []byte("[]")) }},
		"96 iss":       {id: set("iss", "https://evil.example")}, "96 no iss": {id: set("iss", nil)},
		"96 aud": {id: set("aud", "another")}, "96 two aud": {id: set("aud", []string{forgedClient, "another"})}, "96 no aud": {id: set("aud", nil)},
		"96 exp past": {id: set("exp", now-3600)}, "96 no exp": {id: set("exp", nil)}, "96 exp of words": {id: set("exp", "tomorrow")},
		"96 iat future": {id: set("iat", now+3600)}, "96 no iat": {id: set("iat", nil)}, "96 exp without end": {id: set("exp", 1e300)},
		"96 no nonce": {id: set("nonce", nil)}, "101 another nonce": {id: set("nonce", many(64))}, "96 no sub": {id: set("sub", nil)},
		"96 sub of 300": {id: set("sub", many(300))}, "98 no acr": {id: set("acr", nil)}, "98 acr unknown": {id: set("acr", "eidas0")},
	}
}

// userinfoLies: attack list, row 97.
func userinfoLies(f *forger) map[string]lie {
	now := time.Now().Unix()
	return map[string]lie{
		"97 another sub": {user: set("sub", "another")}, "97 no sub": {user: set("sub", nil)}, "97 iss": {user: set("iss", "https://evil.example")},
		"97 aud": {user: set("aud", "another")}, "97 exp past": {user: set("exp", now-3600)}, "97 alg none": {signUser: unsigned},
		"97 HS256 with the client secret": {signUser: signedBy([]byte(f.secret), forgedKey)},
		"97 JSON":                         instead("userinfo", 200, "application/json", `{"sub":"x"}`),
		"97 HTML":                         instead("userinfo", 200, "text/html", "<html>"),
		"97 of 2 MiB":                     instead("userinfo", 200, "application/jwt", many(2<<20)),
		"97 redirect":                     instead("userinfo", 302, "text/plain", "", "Location", "http://169.254.169.254/"),
		"97 refused":                      instead("userinfo", 401, "application/json", `{"error":"invalid_token"}`),
		"birthdate of no day":             {user: set("birthdate", "1988-02-31")}, "birthdate of a list": {user: set("birthdate", []string{"1988-02-01"})},
		"name of 300 letters": {user: set("family_name", many(300))}, "name with NUL": {user: set("family_name", "A\x00B")}, "gender of another word": {user: set("gender", "<script>")},
		"birthplace of letters": {user: set("birthplace", "../../x")},
	}
}

// tokenLies: attack list, row 100, and answers that are none.
func tokenLies(follow string) map[string]lie {
	all := map[string]lie{
		"token HTML": instead("token", 200, "text/html", "<html>"), "token a list": instead("token", 200, "application/json", "[]"),
		"token of 2 MiB": instead("token", 200, "application/json", many(2<<20)),
		"token refused":  instead("token", 400, "application/json", `{"error":"invalid_grant","error_description":"<script>"}`),
		"client refused": instead("token", 401, "application/json", `{"error":"invalid_client"}`),
		"error denied":   instead("token", 400, "application/json", `{"error":"access_denied"}`),
		"no ID token":    instead("token", 200, "application/json", `{"access_token":"x","token_type":"Bearer"}`),
		"another type":   instead("token", 200, "application/json", `{"access_token":"x","token_type":"mac","id_token":"x"}`),
		"token of NUL":   instead("token", 200, "application/json", `{"access_token":"\u0000\r\nX: y","token_type":"Bearer","id_token":"x"}`),
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		all["100 token answers "+strconv.Itoa(status)] = instead("token", status, "text/plain", "", "Location", follow)
	}
	return all
}

func TestALoginThatFranceConnectDidNotVouchForShowsNothing(t *testing.T) {
	var followed atomic.Int64
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	defer thief.Close()
	f := newForger(t)
	c := f.country(t)
	lies := idTokenLies(t, f)
	maps.Copy(lies, userinfoLies(f))
	maps.Copy(lies, tokenLies(thief.URL))
	for _, name := range slices.Sorted(maps.Keys(lies)) {
		t.Run(name, func(t *testing.T) {
			f.tell(lies[name], 0)
			refusedLogin(t, c, distrusted)
		})
	}
	for name, l := range map[string]lie{"token 500": instead("token", 500, "text/html", "<html>"), "token 429": instead("token", 429, "", ""), "userinfo 503": instead("userinfo", 503, "", "")} {
		t.Run(name, func(t *testing.T) {
			f.tell(l, 0)
			refusedLogin(t, c, unavailable)
		})
	}
	if followed.Load() != 0 {
		t.Errorf("100: %d redirects followed", followed.Load())
	}
	f.tell(lie{}, 0)
	w := walk(t, c.Country, canteen(t, c.Country))
	see(t, w, "camille")
	if !w.Page.Has("accept") {
		t.Fatalf("control: the truth is refused too: %d %.200s", w.Page.Status, w.Page.Words())
	}
}

// refusedLogin plays a login that must end on the page that says so, with
// nothing asked of a source and nothing in the log but the request to look.
func refusedLogin(t *testing.T, c watched, status int) {
	t.Helper()
	asked, size := len(c.CNAV.Requests()), len(logOf(t, c.Country))
	w := walk(t, c.Country, canteen(t, c.Country))
	see(t, w, "camille")
	if w.Page.Status != status || w.Page.Has("accept") || !strings.Contains(w.Page.Body, "<code>A08</code>") {
		t.Errorf("answered %d, want %d: %.300s", w.Page.Status, status, w.Page.Words())
	}
	c.hidesAll(t, answer{body: w.Page.Body, header: w.Page.Header}, probe{jar: jar(w.Browser, c.Accord)})
	if n := len(c.CNAV.Requests()) - asked; n != 0 {
		t.Errorf("%d requests at the source", n)
	}
	left := slices.DeleteFunc(logOf(t, c.Country)[size:], func(e opened) bool {
		return e.Kind == audit.SourceAnswered // of the look-up before: logged on the side
	})
	if len(left) != 1 || left[0].Kind != audit.LookupRequested {
		t.Errorf("the log grew by %d", len(left))
	}
	if again, err := w.Page.Link("restart"); err != nil {
		t.Error(err)
	} else if p, err := w.Get(again); err != nil || !p.Has("accept") {
		t.Errorf("the way to begin again: %v", err)
	}
}

// Attack list, row 99: keys are read again once, in bounds, and without them
// nothing is believed.
func TestKeysThatCannotBeReadAreNotGuessed(t *testing.T) {
	f := newForger(t)
	c := f.country(t)
	for name, row := range map[string]struct {
		lie    lie
		status int
	}{
		"99 jwks 500":       {instead("jwks", 500, "", ""), unavailable},
		"99 jwks of 20 MB":  {instead("jwks", 200, "application/json", many(20<<20)), distrusted},
		"99 jwks to a file": {instead("jwks", 302, "", "", "Location", "file:///etc/passwd"), distrusted},
		"99 jwks inside":    {instead("jwks", 307, "", "", "Location", "http://169.254.169.254/latest"), distrusted},
		"99 no JSON":        {instead("jwks", 200, "application/json", "<html>"), distrusted},
		"99 no key":         {instead("jwks", 200, "application/json", `{"keys":[]}`), distrusted},
		"99 oct keys":       {instead("jwks", 200, "application/json", `{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"k1","alg":"ES256"}]}`), distrusted},
	} {
		t.Run(name, func(t *testing.T) {
			f.tell(row.lie, 2*time.Hour)
			refusedLogin(t, c, row.status)
			if n := f.called("jwks"); n == 0 || n > 2 {
				t.Errorf("the keys were read %d times", n)
			}
		})
	}
	t.Run("99 unknown kid", func(t *testing.T) {
		f.tell(lie{sign: func(f *forger, p []byte) string { return signedBy(f.key, "k2")(f, p) }}, 2*time.Hour)
		for range 5 {
			refusedLogin(t, c, distrusted)
		}
		if n := f.called("jwks"); n > 2 {
			t.Errorf("five unknown keys made the keys be read %d times", n)
		}
	})
}

// Attack list, row 103: a discovery document of another, or of none, gives no
// address to go to. Accord itself runs on.
func TestADiscoveryDocumentOfAnotherLeadsNowhere(t *testing.T) {
	f := newForger(t)
	c := f.country(t)
	for name, l := range map[string]lie{
		"103 another issuer": instead("openid-configuration", 200, "application/json", `{"issuer":"https://evil.example","authorization_endpoint":"https://evil.example/"}`),
		"no JSON":            instead("openid-configuration", 200, "application/json", "<html>"),
		"500":                instead("openid-configuration", 500, "", ""),
		"redirect":           instead("openid-configuration", 302, "", "", "Location", "http://169.254.169.254/"),
		"of 20 MB":           instead("openid-configuration", 200, "application/json", many(20<<20)),
	} {
		t.Run(name, func(t *testing.T) {
			f.tell(l, 2*time.Hour)
			w := walk(t, c.Country, canteen(t, c.Country))
			do(t, w, "accept")
			if w.Page.Status != unavailable || !strings.Contains(w.Page.Body, "<code>A08</code>") || w.Page.URL.Host != strings.TrimPrefix(c.Accord, "http://") {
				t.Errorf("answered %d at %s", w.Page.Status, w.Page.URL)
			}
			c.hidesAll(t, answer{body: w.Page.Body, header: w.Page.Header}, probe{})
		})
	}
}

// Attack list, rows 26 and 45: who comes back must be who went, and whom the
// service provider named.
func TestAnotherCitizenBackFromFranceConnectSeesNothing(t *testing.T) {
	c := watch(t)
	_, tok := token(t, c.Country, canteen(t, c.Country), "camille")
	named := walk(t, c.Country, canteen(t, c.Country))
	hinted := named.Request.URL(values("id_token_hint", tok.ID))
	for name, begin := range map[string]func(w *country.Walk) error{
		"45 after a reload":   func(w *country.Walk) error { see(t, w, "camille"); return w.Do("reload") },
		"26 named by another": func(w *country.Walk) (err error) { w.Page, err = w.Get(hinted); do(t, w, "accept"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			w := walk(t, c.Country, canteen(t, c.Country))
			if err := begin(w); err != nil {
				t.Fatal(err)
			}
			asked := c.trace(t).asked
			do(t, w, "persona-sabine", "continue")
			told := w.Page.Stopped != nil && w.Page.Stopped.Query().Get("error") == "login_required" && !w.Page.Stopped.Query().Has("code")
			if name[:2] == "45" {
				told = w.Page.Status == http.StatusBadRequest && !w.Page.Has("accept") && strings.Contains(w.Page.Body, "<code>A09</code>")
			}
			if !told {
				t.Errorf("answered %d, %v: %.200s", w.Page.Status, w.Page.Stopped, w.Page.Words())
			}
			if c.trace(t).asked != asked {
				t.Error("a source was asked about another citizen")
			}
		})
	}
	w := walk(t, c.Country, canteen(t, c.Country))
	var err error
	if w.Page, err = w.Get(hinted); err != nil {
		t.Fatal(err)
	}
	if see(t, w, "camille"); !w.Page.Has("accept") {
		t.Errorf("control: the citizen named is refused too: %.200s", w.Page.Words())
	}
}
