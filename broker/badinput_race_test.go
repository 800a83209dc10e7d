package broker_test

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
)

// Attack list, row 47, with the real store: a hundred at once with one code get
// one token, and the ninety-nine that come again end what it opens.
func TestAHundredAtOnceWithOneCodeGetOneToken(t *testing.T) {
	c := theCountry(t)
	w := walk(t, c, canteen(t, c))
	see(t, w, "camille")
	do(t, w, "accept")
	code := w.Page.Stopped.Query().Get("code")
	got := make([]headless.Token, 100)
	var all, start sync.WaitGroup
	start.Add(1)
	for n := range got {
		all.Go(func() {
			start.Wait()
			got[n], _ = w.Request.Redeem(code)
		})
	}
	start.Done()
	all.Wait()
	won := slices.DeleteFunc(slices.Clone(got), func(tok headless.Token) bool { return tok.Status != http.StatusOK })
	lost := slices.DeleteFunc(slices.Clone(got), func(tok headless.Token) bool {
		return tok.Status != http.StatusBadRequest || tok.Error != "invalid_grant" || tok.Access != ""
	})
	if len(won) != 1 || len(lost) != 99 {
		t.Fatalf("%d of 100 got a token, %d invalid_grant", len(won), len(lost))
	}
	if d := read(t, c, won[0], quotient); d.Status != http.StatusUnauthorized {
		t.Errorf("the one token reads after its code came again: %d", d.Status)
	}
	kinds, events := chainOf(t, c, won[0].GrantID)
	if n := len(kinds); kinds[n-1] != audit.ConsentRevoked || events[n-1].Reason != "code_reuse" || slices.Contains(kinds, audit.ReleaseCompleted) {
		t.Errorf("logged %v", kinds)
	}
}

// Attack list, row 60, with the real store: fifty at once with one assertion
// push one request, at one endpoint or another.
func TestFiftyAtOnceWithOneAssertionAreOneUse(t *testing.T) {
	c := theCountry(t)
	form := portalAssertion(t, c, time.Now())
	statuses := make([]int, 50)
	var all sync.WaitGroup
	for n := range statuses {
		all.Go(func() {
			res, err := http.PostForm(c.Accord+[]string{"/introspect", "/revoke"}[n%2], form)
			if err != nil {
				t.Error(err)
				return
			}
			_ = res.Body.Close()
			statuses[n] = res.StatusCode
		})
	}
	all.Wait()
	slices.Sort(statuses)
	if statuses[0] != http.StatusOK || statuses[1] != http.StatusUnauthorized || statuses[49] != http.StatusUnauthorized {
		t.Errorf("answered %v", statuses)
	}
}

// portalAssertion is a form of the family portal's, authenticated by an
// assertion made at that time.
func portalAssertion(t *testing.T, c *country.Country, now time.Time) url.Values {
	t.Helper()
	key := jose.SigningKey{Algorithm: jose.ES256, Key: c.PortalKey}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	assertion, err := jwt.Signed(signer).Claims(map[string]any{
		"iss": country.FamilyPortal, "sub": country.FamilyPortal, "aud": c.Accord, "jti": now.String(), "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"client_assertion_type": {assertions}, "client_assertion": {assertion}, "token": {"acc_x"}}
}
