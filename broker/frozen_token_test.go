package broker_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
)

// told is what userinfo and both introspections say of a token.
func told(t *testing.T, c *country.Country, client headless.Client, tok headless.Token) (userinfo, bearer int, active bool) {
	t.Helper()
	userinfo, header, body, err := headless.Read(c.Accord+"/userinfo", tok.Access)
	if err != nil || strings.Contains(string(body), tok.Subject) != (userinfo == http.StatusOK) {
		t.Fatalf("%v: %d %s", err, userinfo, body)
	}
	if userinfo == http.StatusForbidden && !strings.Contains(header.Get("WWW-Authenticate"), `error="insufficient_scope"`) {
		t.Errorf("challenge %q", header.Get("WWW-Authenticate"))
	}
	bearer, _, body, err = headless.Read(c.Accord+"/api/introspect", tok.Access)
	if err != nil || strings.Contains(string(body), tok.GrantID) != (bearer == http.StatusOK) {
		t.Fatalf("%v: %d %s", err, bearer, body)
	}
	info, err := client.Introspect(tok.Access)
	if err != nil || len(info) == 0 {
		t.Fatal(err, info)
	}
	if active, _ = info["active"].(bool); !active && len(info) != 1 {
		t.Errorf("told of an inactive token: %v", info)
	}
	return userinfo, bearer, active
}

// A suspended or removed approval freezes its tokens: they tell neither who the
// citizen is nor that they live. What froze may thaw, so none is used up.
func TestATokenOfAnApprovalNotInForceTellsNothing(t *testing.T) {
	c := ownCountry(t, nil)
	_, agreed := token(t, c, canteen(t, c), "camille")
	_, identified := identifier(t, c, "camille")
	all := []struct {
		approval string
		client   headless.Client
		token    headless.Token
	}{{canteenApproval, canteen(t, c), agreed}, {"valbrume-compte", account(t, c), identified}}
	tell := func(when string, status int) {
		t.Helper()
		for _, one := range all {
			if userinfo, bearer, active := told(t, c, one.client, one.token); userinfo != status || bearer != status || active != (status == http.StatusOK) {
				t.Errorf("%s, %s: userinfo %d, /api/introspect %d, active %t", when, one.approval, userinfo, bearer, active)
			}
		}
	}
	reload := func(approvals []*consent.Approval) {
		t.Helper()
		if _, err := c.Broker.Reload(t.Context(), c.Clients, approvals); err != nil {
			t.Fatal(err)
		}
	}
	tell("in force", http.StatusOK)
	resumed := slices.Clone(c.Approvals)
	for _, one := range all {
		made, err := c.Broker.Suspend(t.Context(), one.approval, "misuse")
		if err != nil {
			t.Fatal(err)
		}
		resumed = changed(resumed, one.approval, func(a *consent.Approval) { a.Resumes = made.Position })
	}
	tell("suspended", http.StatusForbidden)
	reload(resumed)
	tell("resumed", http.StatusOK)
	reload(nil)
	tell("removed", http.StatusForbidden)
	isTrue(t, c)
}
