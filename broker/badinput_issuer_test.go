package broker_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"accord/cmd/accord-demo/country"
)

// Attack list, rows 54 to 57 and 62 to 64: what any endpoint of a service
// provider refuses before it looks at what is asked.
func wrongCalls(c watched, path string) []probe {
	editor, secret := country.Editor, c.Secrets[country.Editor]
	auth, form := basic(editor, secret), url.Values{"token": {"x"}, "grant_type": {"authorization_code"}, "code": {"x"}}
	both := basic(editor, secret)
	both["Authorization"] = append(both["Authorization"], both["Authorization"][0])
	no, unknown, bad, large := wantOAuth(http.StatusUnauthorized, "invalid_client"), "personne", wantOAuth(http.StatusBadRequest, "invalid_request"),
		wantOAuth(http.StatusRequestEntityTooLarge, "invalid_request")
	all := []probe{
		{name: "54 JSON", body: strings.NewReader(`{"token":"x"}`), kind: "application/json", header: auth, want: wantOAuth(http.StatusUnsupportedMediaType, "invalid_request")},
		{name: "54 text", body: strings.NewReader("token=x"), kind: "text/plain", header: auth, want: wantOAuth(http.StatusUnsupportedMediaType, "invalid_request")},
		{name: "54 no type", body: strings.NewReader("token=x"), header: auth, want: wantOAuth(http.StatusUnsupportedMediaType, "invalid_request")},
		{name: "55 secret in the query", target: "?client_id=" + editor + "&client_secret=" + secret, form: form, want: bad},
		{name: "56 two ways to authenticate", form: with(form, "client_secret", secret), header: auth, want: bad},
		{name: "56 two headers", form: form, header: both, want: bad},
		{name: "57 the secret by another way", form: with(form, "client_id", editor, "client_secret", secret), want: no},
		{name: "57 assertion of garbage", form: with(form, "client_assertion_type", assertions, "client_assertion", "e30.e30."), want: no},
		{name: "57 assertion of NUL", form: with(form, "client_assertion_type", assertions, "client_assertion", "\x00"), want: no},
		{name: "57 assertion type of SAML", form: with(form, "client_assertion_type", "urn:saml2", "client_assertion", "x"), want: bad},
		{name: "62 client_id of another", form: with(form, "client_id", country.Region), header: auth, want: no},
		{name: "63 token twice", form: twice(form, "token", "y"), header: auth, want: bad},
		{name: "64 body of 10 MiB", body: huge(10 << 20), kind: formType, header: auth, want: large},
		{name: "64 300 parameters", body: huge(1200), kind: formType, header: auth, want: bad},
		{name: "body of percents", body: strings.NewReader("token=%zz&%"), kind: formType, header: auth, want: bad},
		{name: "no authentication", form: form, want: no},
		{name: "Bearer for Basic", form: form, header: http.Header{"Authorization": {"Bearer acc_x"}}, want: no},
		{name: "Basic of garbage", form: form, header: http.Header{"Authorization": {"Basic \x01\x02"}}, want: no},
		{name: "Basic with NUL", form: form, header: http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("a\x00:%zz"))}}, want: no},
		{name: "unknown client", form: form, header: basic(unknown, secret), want: no},
		{name: "wrong secret", form: form, header: basic(editor, secret+"x"), want: no},
		{name: "empty secret", form: form, header: basic(editor, ""), want: no},
	}
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions} {
		all = append(all, probe{name: "54 " + method, method: method, header: auth, want: wantOAuth(http.StatusMethodNotAllowed, "invalid_request")})
	}
	for i := range all {
		all[i].target = path + all[i].target
	}
	return all
}

const (
	formType   = "application/x-www-form-urlencoded"
	assertions = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
)

func TestAServiceProvidersEndpointRefusesWhatIsNotAnAuthenticatedForm(t *testing.T) {
	c := watch(t)
	for _, path := range []string{"/par", "/token", "/introspect", "/revoke"} {
		t.Run(path, func(t *testing.T) { c.play(t, wrongCalls(c, path)...) })
	}
	wrong := wantOAuth(http.StatusMethodNotAllowed, "invalid_request")
	c.play(t, probe{name: "54 authorize", method: http.MethodPut, target: "/authorize", want: wrong},
		probe{name: "54 session end", method: http.MethodDelete, target: "/session/end", want: wrong},
		probe{name: "54 userinfo", method: http.MethodPut, target: "/userinfo", want: wrong},
		probe{name: "authorize JSON", target: "/authorize", body: strings.NewReader("{}"), kind: "application/json", want: wantPage(http.StatusBadRequest, "A02")},
		probe{name: "authorize 10 MiB", target: "/authorize", body: huge(10 << 20), kind: formType, want: wantPage(http.StatusBadRequest, "A02")},
		probe{name: "authorize query and form", target: "/authorize?prompt=login", form: url.Values{}, want: wantPage(http.StatusBadRequest, "A02")},
		probe{name: "64 authorize 300 parameters", target: "/authorize?" + strings.Repeat("x=1&", 300), want: wantPage(http.StatusBadRequest, "A02")},
		probe{name: "authorize query of 128 KiB", target: "/authorize?x=" + many(128<<10), want: wantPage(http.StatusBadRequest, "A02")},
		probe{name: "authorize query of percents", target: "/authorize?client_id=%zz", want: wantPage(http.StatusBadRequest, "A02")})
}

// Attack list, rows 15 to 19 and 21.
func TestAPushedRequestIsItsClientsItselfAndOnce(t *testing.T) {
	c := watch(t)
	var called atomic.Int64
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Add(1) }))
	defer inside.Close()
	w := walk(t, c.Country, canteen(t, c.Country))
	_, base := good(t, c)
	uri := pushedURI(t, c, base)
	expired, unknown, elsewhere := wantPage(http.StatusGone, "A01"), wantPage(http.StatusBadRequest, "A02"), wantPage(http.StatusNotFound, "A02")
	at := func(kv ...string) string {
		return "/authorize?" + with(url.Values{"client_id": {country.Editor}}, kv...).Encode()
	}
	c.play(t,
		probe{name: "16 another client's", target: at("request_uri", uri, "client_id", country.Region), want: expired},
		probe{name: "17 unknown", target: at("request_uri", uri+"x"), want: expired},
		probe{name: "17 of 60 KiB", target: at("request_uri", uri+many(60<<10)), want: expired},
		probe{name: "17 with NUL", target: at("request_uri", uri+"\x00"), want: expired},
		probe{name: "19 an address inside", target: at("request_uri", inside.URL), want: elsewhere},
		probe{name: "19 a file", target: at("request_uri", "file:///etc/passwd"), want: elsewhere},
		probe{name: "21 with request", target: at("request_uri", uri, "request", "x"), want: unknown},
		probe{name: "63 twice", target: at("request_uri", uri) + "&request_uri=x", want: unknown},
		probe{
			name: "request_uri pushed", target: "/par", form: with(base, "request_uri", uri), header: basic(country.Editor, c.Secrets[country.Editor]),
			want: wantOAuth(http.StatusBadRequest, "invalid_request"),
		})
	if called.Load() != 0 {
		t.Error("19: the broker went to fetch the request")
	}
	// 15: what stands beside request_uri is not read; 18: once answered it is gone.
	var err error
	beside := at("request_uri", uri, "scope", "openid cnaf_adresse", "redirect_uri", "https://evil.example/", "state", "evil")
	if w.Page, err = w.Get(c.Accord + beside); err != nil || !w.Page.Has("refuse") {
		t.Fatalf("15: %v, %d", err, w.Page.Status)
	}
	do(t, w, "refuse")
	if q := w.Page.Stopped.Query(); q.Get("state") != base.Get("state") || q.Get("error") != "access_denied" {
		t.Errorf("15: answered %v", w.Page.Stopped)
	}
	c.play(t, probe{name: "18 used", target: at("request_uri", uri), want: expired})
}

// pushedURI sends a good request to /par and gives its request_uri.
func pushedURI(t *testing.T, c watched, form url.Values) string {
	t.Helper()
	a := c.send(probe{target: "/par", form: form, header: basic(country.Editor, c.Secrets[country.Editor])}, "")
	_, rest, _ := strings.Cut(a.body, `"request_uri":"`)
	uri, _, _ := strings.Cut(rest, `"`)
	if a.status != http.StatusCreated || uri == "" {
		t.Fatalf("pushing: %d %s", a.status, a.body)
	}
	return uri
}
