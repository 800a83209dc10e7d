package franceconnect_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"accord/oidc/franceconnect"
)

func authorization(t *testing.T, rp *franceconnect.RelyingParty, r franceconnect.AuthorizationRequest) url.Values {
	t.Helper()
	s, err := rp.AuthorizationURL(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// verifier is the one of RFC 7636 appendix B.
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

func ordinary() franceconnect.AuthorizationRequest {
	return franceconnect.AuthorizationRequest{
		State: stateMark, Nonce: nonceMark, Verifier: verifier, Scopes: []string{"openid", "identite_pivot", "openid"},
	}
}

func TestFranceConnectReceivesOnlyWhitelistedParameters(t *testing.T) {
	p := newProvider(t)
	q := authorization(t, p.relyingParty(t), ordinary())
	whitelist := []string{"client_id", "acr_values", "claims", "response_type", "nonce", "state", "redirect_uri", "scope", "prompt", "idp_hint", "ui_locales"}
	for name, values := range q {
		if !slices.Contains(whitelist, name) || len(values) != 1 {
			t.Errorf("parameter %s %d times", name, len(values))
		}
	}
	want := map[string]string{
		"client_id": clientID, "acr_values": "eidas1", "response_type": "code", "nonce": nonceMark, "state": stateMark,
		"redirect_uri": "https://accord.example/callback", "scope": "openid identite_pivot",
	}
	for name, value := range want {
		if q.Get(name) != value {
			t.Errorf("%s is %q, want %q", name, q.Get(name), value)
		}
	}
}

func TestPKCEIsSentOnlyWhenConfigured(t *testing.T) {
	p := newProvider(t)
	rp := p.relyingParty(t, func(c *franceconnect.Config) { c.PKCE = true })
	q := authorization(t, rp, ordinary())
	if q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") != "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" {
		t.Errorf("challenge %v", q)
	}
	if _, err := rp.Exchange(context.Background(), codeMark, nonceMark, ordinary().Verifier); err != nil {
		t.Fatal(err)
	}
	if r := <-p.asked; r.PostForm.Get("code_verifier") != ordinary().Verifier {
		t.Error("the verifier was not sent")
	}
}

func TestRequestsFranceConnectWouldRefuseAreNotSent(t *testing.T) {
	p := newProvider(t)
	cases := map[string]func(*franceconnect.AuthorizationRequest){
		"no state":        func(r *franceconnect.AuthorizationRequest) { r.State = "" },
		"short nonce":     func(r *franceconnect.AuthorizationRequest) { r.Nonce = r.Nonce[:21] },
		"no openid":       func(r *franceconnect.AuthorizationRequest) { r.Scopes = []string{"email"} },
		"scope of spaces": func(r *franceconnect.AuthorizationRequest) { r.Scopes = []string{"openid", "a b"} },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			r := ordinary()
			change(&r)
			_, err := p.relyingParty(t).AuthorizationURL(context.Background(), r)
			refused(t, err, franceconnect.Invalid)
		})
	}
}

func TestCallbackIsJudgedStrictly(t *testing.T) {
	p := newProvider(t)
	rp := p.relyingParty(t)
	iss := "&iss=" + url.QueryEscape(p.server.URL)
	ok := "code=" + codeMark + "&state=" + stateMark + iss
	cases := []struct {
		name, query string
		want        franceconnect.Kind
	}{
		{"state missing", "code=" + codeMark + iss, franceconnect.StateMismatch},
		{"state other", "code=" + codeMark + "&state=other" + iss, franceconnect.StateMismatch},
		{"state undefined", "error=server_error&state=undefined" + iss, franceconnect.StateMismatch},
		{"state twice", ok + "&state=" + stateMark, franceconnect.Invalid},
		{"code twice", ok + "&code=b", franceconnect.Invalid},
		{"iss missing", "code=" + codeMark + "&state=" + stateMark, franceconnect.Invalid},
		{"iss other", "code=" + codeMark + "&state=" + stateMark + "&iss=https://other.example", franceconnect.Invalid},
		{"iss twice", ok + "&iss=x", franceconnect.Invalid},
		{"code and error", ok + "&error=access_denied", franceconnect.Invalid},
		{"neither", "state=" + stateMark + iss, franceconnect.Invalid},
		{"empty code", "code=&state=" + stateMark + iss, franceconnect.Invalid},
		{"long code", "code=" + strings.Repeat("c", 2049) + "&state=" + stateMark + iss, franceconnect.Invalid},
		{"cancelled", "error=access_denied&error_description=User+auth+aborted&state=" + stateMark + iss, franceconnect.Cancelled},
		{"busy", "error=temporarily_unavailable&state=" + stateMark + iss, franceconnect.Unavailable},
		{"invalid_acr", "error=invalid_acr&state=" + stateMark + iss, franceconnect.LevelTooLow},
		{"server_error", "error=server_error&error_description=%C3%A9+%2B&state=" + stateMark + iss, franceconnect.Refused},
		{"invalid_scope", "error=invalid_scope&scope=x&state=" + stateMark + iss, franceconnect.Refused},
		{"error of its own", "error=" + nameMark + "&state=" + stateMark + iss, franceconnect.Refused},
		{"error without state", "error=access_denied" + iss, franceconnect.StateMismatch},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			q, err := url.ParseQuery(c.query)
			if err != nil {
				t.Fatal(err)
			}
			_, err = rp.Callback(q, stateMark)
			refused(t, err, c.want)
		})
	}
	q, _ := url.ParseQuery(ok)
	if code, err := rp.Callback(q, stateMark); code != codeMark || err != nil {
		t.Errorf("the good one: %q %v", code, err)
	}
	if _, err := rp.Callback(url.Values{"state": {""}}, ""); franceconnect.KindOf(err) != franceconnect.StateMismatch {
		t.Error("an empty state matches itself")
	}
}

func TestLogoutCarriesHintStateAndReturnAddress(t *testing.T) {
	p := newProvider(t)
	s, err := p.relyingParty(t).LogoutURL(context.Background(), "a.b.c", stateMark)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(s)
	q := u.Query()
	if u.Path != "/session/end" || len(q) != 3 || q.Get("id_token_hint") != "a.b.c" || q.Get("state") != stateMark || q.Get("post_logout_redirect_uri") != "https://accord.example/" {
		t.Errorf("logout at %s with %v", u.Path, q)
	}
	_, err = p.relyingParty(t).LogoutURL(context.Background(), "", stateMark)
	refused(t, err, franceconnect.Invalid)
	p.discovery["end_session_endpoint"] = nil
	_, err = p.relyingParty(t).LogoutURL(context.Background(), "a.b.c", stateMark)
	refused(t, err, franceconnect.Invalid)
}

func TestConfigurationMistakesAreAllNamed(t *testing.T) {
	_, err := franceconnect.New(franceconnect.Config{Issuer: "http://fc.example/api/v2", ClientSecret: secretMark, ACR: "eidas4", SigningAlg: "HS256", RedirectURI: "callback"})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, word := range []string{"issuer", "client id", "redirect URI", "acr", "algorithm"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q is not named in %v", word, err)
		}
	}
	if strings.Contains(err.Error(), secretMark) {
		t.Error("the secret is in the error")
	}
}
