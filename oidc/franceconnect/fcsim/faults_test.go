package fcsim_test

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"accord/oidc/franceconnect/fcsim"
)

func TestFaultsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[fcsim.Fault]bool{}
	for _, f := range append(fcsim.Faults(), fcsim.Variations()...) {
		if seen[f] || f == "" {
			t.Errorf("fault %q twice", f)
		}
		seen[f] = true
	}
}

func TestFaultBelongsToItsLogin(t *testing.T) {
	b := newBench(t, func(o *fcsim.Options) { o.Faults = true })
	bad := b.tokens(b.faultyLogin("id-aud-other").Get("code"))
	good := b.tokens(b.login("lise", "openid").Get("code"))
	if part(t, bad["id_token"], 1)["aud"] != "other" || part(t, good["id_token"], 1)["aud"] != clientID {
		t.Error("the fault is not of one login")
	}
	page(t, b.post(b.authorize(request("openid")).Request.URL.String(), url.Values{"persona": {"lise"}, "fault": {"unheard-of"}}), 400, "Y620001")
}

func TestFaultsNeedTheirSwitch(t *testing.T) {
	b := newBench(t)
	page(t, b.post(b.authorize(request("openid")).Request.URL.String(), url.Values{"persona": {"lise"}, "fault": {"id-aud-other"}}), 400, "Y620001")
}

func TestPlayedFaultMeetsEveryRequest(t *testing.T) {
	b := newBench(t)
	if b.sim.Play("unheard-of") || !b.sim.Play("token-html-502") {
		t.Error("Play does not tell what it knows")
	}
	if a := b.post(b.issuer+"/token", tokenForm("x")); a.StatusCode != 502 {
		t.Errorf("HTTP %d", a.StatusCode)
	}
	b.sim.Play("")
	b.tokens(b.login("lise", "openid").Get("code"))
}

func TestRotatedKeySignsAtOnceAndTheOldOneStaysPublished(t *testing.T) {
	b := newBench(t)
	kid := func() any { return part(t, b.tokens(b.login("lise", "openid").Get("code"))["id_token"], 0)["kid"] }
	hint := b.tokens(b.login("lise", "openid").Get("code"))["id_token"]
	old := kid()
	b.sim.RotateKeys()
	if kid() == old {
		t.Error("the same kid signs")
	}
	if n := b.published(old); n != 3 {
		t.Errorf("%d keys with the old one", n)
	}
	if a := b.logout(hint); a.StatusCode != 200 {
		t.Errorf("a hint of the old key: HTTP %d", a.StatusCode)
	}
	b.clock.pass(fcsim.KeyOverlap + time.Second)
	if n := b.published(nil); n != 2 {
		t.Errorf("%d keys after the overlap", n)
	}
}

// published counts the keys shown, 0 if kid is not among them.
func (b *bench) published(kid any) int {
	b.t.Helper()
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal([]byte(b.get(b.issuer+"/jwks").body), &set); err != nil {
		b.t.Fatal(err)
	}
	for _, k := range set.Keys {
		if kid == nil || k["kid"] == kid {
			return len(set.Keys)
		}
	}
	return 0
}

func TestSkewMovesEveryTime(t *testing.T) {
	b := newBench(t, func(o *fcsim.Options) { o.Skew = 5 * time.Second })
	want := float64(b.clock.now().Add(5 * time.Second).Unix())
	got := b.tokens(b.login("lise", "openid").Get("code"))
	id, info := part(t, got["id_token"], 1), part(t, b.userinfo(got["access_token"]).body, 1)
	if id["iat"] != want || id["auth_time"] != want || id["exp"] != want+60 || info["iat"] != want || info["exp"] != want+60 {
		t.Errorf("ID token %v %v, userinfo %v", id["iat"], id["exp"], info["iat"])
	}
}

func TestEdgePersonasAreOnePerEdge(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range fcsim.EdgePersonas(time.Now()) {
		if seen[p.ID] || p.Featured || p.Story.FR == "" || p.Story.EN == "" {
			t.Errorf("persona %s", p.ID)
		}
		seen[p.ID] = true
	}
}
