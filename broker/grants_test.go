package broker_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/oidc/issuer/details"
)

// managed is a token of the grant management API.
func managed(t *testing.T, client headless.Client, scope string) string {
	t.Helper()
	status, body, err := client.Post("/token", values("grant_type", "client_credentials", "scope", scope))
	var tok headless.Token
	if err != nil || json.Unmarshal(body, &tok) != nil || status != 200 || !strings.HasPrefix(tok.Access, "acm_") || tok.ID != "" || tok.Refresh != "" {
		t.Fatalf("%d %s %v", status, body, err)
	}
	return tok.Access
}

// ofGrant calls the grant management endpoint.
func ofGrant(t *testing.T, c *country.Country, method, grant, access string) (status int, body string, header http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, c.Accord+"/grants/"+grant, nil)
	if err != nil {
		t.Fatal(err)
	}
	if access != "" {
		req.Header.Set("Authorization", "Bearer "+access)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(read), res.Header
}

// A told grant is what a query answers.
type toldGrant struct {
	GrantID string `json:"grant_id"`
	Scopes  []struct{ Scope string }
	Details json.RawMessage `json:"authorization_details"`
	State   string
	Fetches int
	Made    int   `json:"fetches_made"`
	Created int64 `json:"created_at"`
	Expires int64 `json:"expires_at"`
}

func queried(t *testing.T, c *country.Country, grant, access string) toldGrant {
	t.Helper()
	status, body, header := ofGrant(t, c, http.MethodGet, grant, access)
	var told toldGrant
	if err := json.Unmarshal([]byte(body), &told); err != nil || status != 200 || told.GrantID != grant || header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s %v", status, body, err)
	}
	return told
}

func TestAGrantIsToldToItsClientAndEndsAtItsWish(t *testing.T) {
	c := ownCountry(t, nil)
	w, client, tok := agreeToRenew(t, c, "camille", []string{"cnaf_enfants"}, "cnaf_enfants")
	again := renewed(t, client, tok.Refresh)
	served(t, read(t, c, again, quotient))
	access := managed(t, client, "grant_management_query grant_management_revoke")
	told := queried(t, c, tok.GrantID, access)
	if told.State != "given" || told.Fetches != fetches || told.Made != 2 || told.Scopes[0].Scope != "openid cnaf_quotient_familial cnaf_enfants" ||
		told.Expires-told.Created < 86400 {
		t.Errorf("told %+v", told)
	}
	sameJSON(t, "details", told.Details, detailed(c, func(r *details.Request) { r.Optional, r.Period = []string{"cnaf_enfants"}, nil }))

	if status, body, _ := ofGrant(t, c, http.MethodDelete, tok.GrantID, access); status != http.StatusNoContent || body != "" {
		t.Fatalf("ending: %d %s", status, body)
	}
	if d := read(t, c, again, quotient); d.Status != http.StatusUnauthorized {
		t.Errorf("after the end: %d", d.Status)
	}
	notRenewed(t, client, again.Refresh, "invalid_grant")
	inactive(t, client, again.Access)
	kinds, events := chainOf(t, c, tok.GrantID)
	if n := len(kinds); kinds[n-1] != audit.ConsentRevoked || events[n-1].Reason != "service_provider" {
		t.Errorf("logged %v", kinds)
	}
	if told := queried(t, c, tok.GrantID, access); told.State != "revoked" {
		t.Errorf("state %s", told.State)
	}
	before := len(kinds)
	if status, _, _ := ofGrant(t, c, http.MethodDelete, tok.GrantID, access); status != http.StatusNoContent {
		t.Errorf("ending again: %d", status)
	}
	if kinds, _ := chainOf(t, c, tok.GrantID); len(kinds) != before {
		t.Errorf("ended twice: %v", kinds)
	}
	if _, err := c.LookBack(w.StopAt(""), "camille"); err != nil {
		t.Fatal(err)
	}
	page, err := w.Get(c.Accord + "/mes-accords/" + tok.GrantID)
	if err != nil || !strings.Contains(page.Body, "y a mis fin lui-même") {
		t.Errorf("« Mes accords » does not tell who ended it: %v", err)
	}
	if r := replayed(t, c); r.Outcome != audit.Genuine {
		t.Errorf("the auditor finds %+v", r.Findings)
	}
}

// Two agreements of one citizen at one client share nothing.
func TestTwoGrantsOfOneCitizenAtOneClientAreIndependent(t *testing.T) {
	c := ownCountry(t, nil)
	_, client, one := agreeToRenew(t, c, "camille", nil)
	_, _, other := agreeToRenew(t, c, "camille", []string{"cnaf_enfants"}, "cnaf_enfants")
	if one.GrantID == other.GrantID || one.Subject != other.Subject {
		t.Fatalf("grants %s and %s, subjects %s and %s", one.GrantID, other.GrantID, one.Subject, other.Subject)
	}
	access := managed(t, client, "grant_management_query grant_management_revoke")
	if status, _, _ := ofGrant(t, c, http.MethodDelete, one.GrantID, access); status != http.StatusNoContent {
		t.Fatalf("ending: %d", status)
	}
	notRenewed(t, client, one.Refresh, "invalid_grant")
	again := renewed(t, client, other.Refresh)
	served(t, read(t, c, again, quotient))
	if told := queried(t, c, other.GrantID, access); told.State != "given" || told.Made != 2 {
		t.Errorf("the other grant: %+v", told)
	}
}

func TestAnotherClientsGrantDoesNotExist(t *testing.T) {
	c := ownCountry(t, nil)
	_, _, tok := agreeToRenew(t, c, "camille", nil)
	for _, one := range c.Clients {
		if one.ID == country.Region {
			one.GrantTypes = []string{"authorization_code", "client_credentials"}
		}
	}
	other, err := c.Client(country.Region, "hautes-brumes-transport")
	if err != nil {
		t.Fatal(err)
	}
	access := managed(t, other, "grant_management_query grant_management_revoke")
	_, unknown, _ := ofGrant(t, c, http.MethodGet, "g_unknown", access)
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if status, body, _ := ofGrant(t, c, method, tok.GrantID, access); status != http.StatusNotFound || body != unknown {
			t.Errorf("%s: %d %s", method, status, body)
		}
	}
	if g, err := c.Store.Grant(t.Context(), tok.GrantID); err != nil || g.State != "given" {
		t.Errorf("another client ended it: %s, %v", g.State, err)
	}
}

func TestGrantManagementTakesItsOwnTokensOnly(t *testing.T) {
	c := ownCountry(t, nil)
	_, client, tok := agreeToRenew(t, c, "camille", nil)
	query := managed(t, client, "grant_management_query")
	for name, tc := range map[string]struct {
		method, access string
		status         int
	}{
		"no token":            {http.MethodGet, "", 401},
		"a data token":        {http.MethodGet, tok.Access, 401},
		"a refresh token":     {http.MethodGet, tok.Refresh, 401},
		"an unknown token":    {http.MethodGet, "acm_unknown", 401},
		"query to end":        {http.MethodDelete, query, 403},
		"a method of neither": {http.MethodPut, query, 405},
	} {
		status, body, header := ofGrant(t, c, tc.method, tok.GrantID, tc.access)
		if status != tc.status || strings.Contains(body, "cnaf") || tc.status == 401 && header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if d := read(t, c, headless.Token{Access: query, Recipient: tok.Recipient}, quotient); d.Status != http.StatusUnauthorized {
		t.Errorf("a management token read data: %d", d.Status)
	}
	for _, scope := range []string{"", "openid", "cnaf_quotient_familial", "grant_management_query cnaf_quotient_familial"} {
		status, body, err := client.Post("/token", values("grant_type", "client_credentials", "scope", scope))
		if err != nil || status != 400 || !strings.Contains(string(body), "invalid_scope") {
			t.Errorf("scope %q: %d %s", scope, status, body)
		}
	}
	if told, err := client.Introspect(query); err != nil || told["active"] != true || told["scope"] != "grant_management_query" {
		t.Errorf("introspection: %v, %v", told, err)
	}
	if status, err := client.Revoke(query); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	if status, _, _ := ofGrant(t, c, http.MethodGet, tok.GrantID, query); status != http.StatusUnauthorized {
		t.Errorf("after its revocation: %d", status)
	}
}

// Every agreement is a new one: the action create may be said, no other is had.
func TestOnlyCreatingGrantsIsSupported(t *testing.T) {
	c := theCountry(t)
	for action, want := range map[string]string{"create": "", "merge": "invalid_request", "replace": "invalid_request", "update": "invalid_request"} {
		r := canteen(t, c).Begin()
		page, err := headless.New().StopAt(r.RedirectURI).Get(r.URL(url.Values{"grant_management_action": {action}}))
		if err != nil {
			t.Fatal(err)
		}
		if want == "" && (page.Stopped != nil || page.URL.Path != "/connexion") || want != "" && (page.Stopped == nil || page.Stopped.Query().Get("error") != want) {
			t.Errorf("%s leads to %v", action, page.Stopped)
		}
	}
	r := canteen(t, c).Begin()
	page, err := headless.New().StopAt(r.RedirectURI).Get(r.URL(url.Values{"grant_management_action": {"create"}, "grant_id": {"g_a"}}))
	if err != nil || page.Stopped == nil || page.Stopped.Query().Get("error") != "invalid_request" {
		t.Errorf("create with a grant_id: %v, %v", page, err)
	}
}
