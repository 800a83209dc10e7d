package issuer

import (
	"testing"

	"pgregory.net/rapid"
)

// A binding is opened by exactly one redemption: its own client, redirect URI
// and verifier; one change of any of them is invalid_grant.
func TestBindingOpensForItsOwnRedemptionOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.StringMatching(`[A-Za-z0-9._~-]{43,128}`).Draw(t, "verifier")
		id := rapid.StringMatching(`[a-z]{1,8}`).Draw(t, "client")
		uri := "https://" + id + ".example/" + rapid.StringMatching(`[a-z]{0,5}`).Draw(t, "path")
		req := AuthorizationRequest{ClientID: id, RedirectURI: uri, CodeChallenge: challengeOf(v), Scopes: []string{"openid"}}
		c := &Client{ID: id}
		good := Redemption{Code: "c", RedirectURI: uri, Verifier: v}
		if e := req.Binding().Check(good, c); e != nil {
			t.Fatalf("its own: %v", e)
		}
		bad, by := good, c
		switch rapid.IntRange(0, 2).Draw(t, "change") {
		case 0:
			bad.Verifier = mutate(t, v)
		case 1:
			bad.RedirectURI = mutate(t, uri)
		case 2:
			by = &Client{ID: mutate(t, id)}
		}
		if e := req.Binding().Check(bad, by); e == nil || e.Code != "invalid_grant" {
			t.Fatalf("changed: %v", e)
		}
	})
}

// mutate changes, cuts, lengthens or empties s.
func mutate(t *rapid.T, s string) string {
	switch at := rapid.IntRange(0, len(s)-1).Draw(t, "at"); rapid.IntRange(0, 3).Draw(t, "how") {
	case 0:
		return s[:at] + string(s[at]^1) + s[at+1:]
	case 1:
		return s[:at] + s[at+1:]
	case 2:
		return s[:at] + "x" + s[at:]
	}
	return ""
}

func TestBindingWithoutChallengeNeedsAClientRegisteredSo(t *testing.T) {
	b := Binding{ClientID: "c", RedirectURI: "https://c.example/cb"}
	rd := Redemption{RedirectURI: b.RedirectURI}
	if e := b.Check(rd, &Client{ID: "c"}); e == nil {
		t.Error("PKCE required, and a code without challenge was taken")
	}
	if e := b.Check(rd, &Client{ID: "c", PKCE: "optional"}); e != nil {
		t.Errorf("PKCE optional: %v", e)
	}
	if e := (Binding{}).Check(Redemption{}, &Client{PKCE: "optional"}); e == nil {
		t.Error("an empty binding was opened")
	}
}
