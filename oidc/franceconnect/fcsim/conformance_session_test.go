package fcsim_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"accord/oidc/franceconnect/fcsim"
)

func (b *bench) logout(hint any) answer {
	b.t.Helper()
	text, _ := hint.(string)
	return b.get(b.issuer + "/session/end?" + url.Values{"id_token_hint": {text}}.Encode())
}

func engineCookiesAreClearedAtAuthorize(t *testing.T) {
	b := newBench(t)
	hint := b.tokens(b.login("lise", "openid").Get("code"))["id_token"]
	b.authorize(request("openid")) // begun, not finished
	page(t, b.logout(hint), 400, "Y100019")
	b.login("lise", "openid")
	b.userinfo("unknown")
	if a := b.logout(hint); a.StatusCode != 200 {
		t.Errorf("logout without a return address: HTTP %d", a.StatusCode)
	}
}

// onConsentPage tells whether the browser was brought straight to the
// information page.
func onConsentPage(a answer) bool {
	return a.StatusCode == 200 && strings.HasSuffix(a.Request.URL.Path, "/consent")
}

func (b *bench) confirm(consent answer) url.Values {
	b.t.Helper()
	return b.back(b.post(strings.TrimSuffix(consent.Request.URL.String(), "/consent")+"/login", nil))
}

func singleSignOnIsASwitch(t *testing.T) {
	off := newBench(t)
	off.login("lise", "openid")
	if onConsentPage(off.authorize(request("openid"))) {
		t.Error("single sign-on is on by default")
	}
	b := newBench(t, func(o *fcsim.Options) { o.SSO = true })
	sub := b.claimsOf("lise", "openid")["sub"]
	b.clock.pass(29 * time.Minute)
	again := b.authorize(request("openid"))
	if !onConsentPage(again) {
		t.Fatal("the browser is asked again who it is")
	}
	if got := part(t, b.tokens(b.confirm(again).Get("code"))["id_token"], 1)["sub"]; got != sub {
		t.Error("another subject")
	}
	b.clock.pass(29 * time.Minute) // it slides
	if !onConsentPage(b.authorize(request("openid"))) {
		t.Error("the session did not slide")
	}
	b.clock.pass(31 * time.Minute)
	if onConsentPage(b.authorize(request("openid"))) {
		t.Error("the session outlives its 30 minutes")
	}
}

func plusRequest(scopes, acr string) url.Values {
	q := request(scopes)
	q.Set("acr_values", acr)
	return q
}

func eidas3AlwaysAsksAgain(t *testing.T) {
	b := newBench(t, plus, func(o *fcsim.Options) { o.SSO = true })
	b.loginWith("lise", plusRequest("openid", "eidas3"))
	if onConsentPage(b.authorize(plusRequest("openid", "eidas3"))) {
		t.Error("eidas3 by single sign-on")
	}
	b.clock.pass(9 * time.Minute)
	if !onConsentPage(b.authorize(plusRequest("openid", "eidas2"))) {
		t.Error("eidas2 is asked again after eidas3")
	}
	b.clock.pass(2 * time.Minute) // FranceConnect+'s does not slide
	if onConsentPage(b.authorize(plusRequest("openid", "eidas2"))) {
		t.Error("the session outlives its 10 minutes")
	}
}

func loginPromptMaySkipThePage(t *testing.T) {
	q := request("openid")
	q.Set("prompt", "login")
	for _, allowed := range []bool{true, false} {
		b := newBench(t, func(o *fcsim.Options) { o.AllowedPrompts = allowed })
		a := b.post(b.authorize(q).Request.URL.String(), url.Values{"persona": {"lise"}})
		if skipped := a.StatusCode == 303 && b.back(a).Get("code") != ""; skipped != allowed {
			t.Errorf("allowed %t: skipped %t", allowed, skipped)
		}
	}
}

func informationPageIsNotRead(t *testing.T) {
	b := newBench(t)
	consent := b.post(b.authorize(request("openid identite_pivot")).Request.URL.String(), url.Values{"persona": {"lise"}})
	if !onConsentPage(consent) || strings.Contains(consent.body, "/cancel") || strings.Contains(consent.body, "checkbox") {
		t.Error("the page offers a refusal or a choice")
	}
	back := b.back(b.post(strings.TrimSuffix(consent.Request.URL.String(), "/consent")+"/login", url.Values{"consent": {"false"}, "accept": {""}}))
	if back.Get("code") == "" {
		t.Error("what was ticked was read")
	}
}
