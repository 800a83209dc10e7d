package issuer

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

func (f *fixture) logout(pairs ...string) *httptest.ResponseRecorder {
	return f.send(httptest.NewRequest(http.MethodGet, testIssuer+pathEndSession+"?"+with(url.Values{}, pairs...).Encode(), nil))
}

func (f *fixture) idToken(client string) string {
	return member(f.t, f.post(pathToken, client, exchangeForm(client, f.code(client))), "id_token")
}

const bye = "https://basic.example/bye"

// Rows 90 and 92.
func TestBadLogoutRequestsEndOnALocalPage(t *testing.T) {
	f := newFixture(t)
	hint := f.idToken("basic")
	forged := sign(t, claims{"iss": testIssuer, "sub": "x", "aud": "basic"}, jose.ES256, f.key, map[jose.HeaderKey]any{"kid": "es-2"})
	foreign := sign(t, claims{"iss": "https://as.example", "sub": "x", "aud": "basic"}, jose.ES256, f.keys.ec, map[jose.HeaderKey]any{"kid": "es-1"})
	for name, pairs := range map[string][]string{
		"90 unregistered":         {"client_id", "basic", "post_logout_redirect_uri", "https://evil.example/"},
		"90 prefix":               {"client_id", "basic", "post_logout_redirect_uri", bye + "/x"},
		"90 query added":          {"id_token_hint", hint, "post_logout_redirect_uri", bye + "?foo=bar"},
		"90 javascript":           {"client_id", "basic", "post_logout_redirect_uri", "javascript:alert(1)"},
		"90 of another client":    {"client_id", "other", "post_logout_redirect_uri", bye},
		"90 no client at all":     {"post_logout_redirect_uri", bye},
		"92 hint of another":      {"id_token_hint", hint, "client_id", "other"},
		"92 modified signature":   {"id_token_hint", hint[:len(hint)-6] + "AAAAAA"},
		"92 unknown key":          {"id_token_hint", forged},
		"92 of another issuer":    {"id_token_hint", foreign},
		"92 alg none":             {"id_token_hint", rawToken(`{"alg":"none"}`, claims{"iss": testIssuer, "sub": "x", "aud": "basic"}, nil)},
		"unknown client":          {"client_id", "nobody"},
		"93 state with CRLF":      {"client_id", "basic", "post_logout_redirect_uri", bye, "state", "a\r\nb"},
		"hint is not a token":     {"id_token_hint", "x"},
		"hint without a subject":  {"id_token_hint", sign(t, claims{"iss": testIssuer, "aud": "basic"}, jose.ES256, f.keys.ec, map[jose.HeaderKey]any{"kid": "es-1"})},
		"hint without a audience": {"id_token_hint", sign(t, claims{"iss": testIssuer, "sub": "x"}, jose.ES256, f.keys.ec, map[jose.HeaderKey]any{"kid": "es-1"})},
	} {
		if w := f.logout(pairs...); w.Code != http.StatusBadRequest || w.Body.String()[:5] != "page " || w.Header().Get("Location") != "" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if len(f.journey.ended) != 0 {
		t.Errorf("sessions were ended: %v", f.journey.ended)
	}
}

// Rows 91 and 93, and what is good.
func TestGoodLogoutRequestsReachTheJourney(t *testing.T) {
	f := newFixture(t)
	hint := f.idToken("basic")
	expired := sign(t, claims{"iss": testIssuer, "sub": "s", "aud": []string{"basic"}, "exp": 1, "iat": 1}, jose.ES256, f.keys.ec, map[jose.HeaderKey]any{"kid": "es-1"})
	for name, c := range map[string]struct {
		pairs    []string
		want     EndSession
		redirect string
	}{
		"91 nothing":      {nil, EndSession{}, ""},
		"93 only state":   {[]string{"state", "s"}, EndSession{State: "s"}, ""},
		"client":          {[]string{"client_id", "basic", "post_logout_redirect_uri", bye, "state", "a b"}, EndSession{ClientID: "basic", PostLogoutRedirectURI: bye, State: "a b"}, bye + "?state=a+b"},
		"hint":            {[]string{"id_token_hint", hint, "post_logout_redirect_uri", bye}, EndSession{ClientID: "basic", PostLogoutRedirectURI: bye, Hint: "subject-at-recipient"}, bye},
		"an expired hint": {[]string{"id_token_hint", expired}, EndSession{ClientID: "basic", Hint: "s"}, ""},
	} {
		f.journey.ended = nil
		w := f.logout(c.pairs...)
		if w.Code != http.StatusOK || len(f.journey.ended) != 1 || f.journey.ended[0] != c.want || c.want.RedirectURL() != c.redirect {
			t.Errorf("%s: %d, ended %+v, back to %q", name, w.Code, f.journey.ended, c.want.RedirectURL())
		}
	}
}

func TestHintOfAnotherClientNeedsLogin(t *testing.T) {
	f := newFixture(t)
	if got := answered(t, f.authorize(with(f.request("basic"), "id_token_hint", f.idToken("other")))); got != "redirect login_required" {
		t.Errorf("another client's hint: %s", got)
	}
	location(t, f.authorize(with(f.request("basic"), "id_token_hint", f.idToken("basic"))))
	if got := f.journey.begun[len(f.journey.begun)-1]; got.HintSubject != "subject-at-recipient" {
		t.Errorf("its own hint began %+v", got)
	}
}
