package broker_test

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// used is what a service provider has used up, or given up, before its
// country ends.
type used struct {
	code      headless.Token // redeemed
	renewed   headless.Token // its refresh token was replaced
	deleted   headless.Token // its grant was ended by the service provider
	revoked   headless.Token // its refresh token was revoked
	request   string         // request_uri whose code was issued
	proof     string
	assertion string
}

// useUp uses each thing once, and sees that it is good.
func (r *remote) useUp() used {
	r.t.Helper()
	t, client := r.t, r.client()
	var u used
	_, u.code = token(t, r.Country, client, "camille")
	_, u.renewed = agreeLater(t, r.Country, client, "nadia")
	renewed(t, client, u.renewed.Refresh)
	_, u.deleted = agreeLater(t, r.Country, client, "hugo")
	access := managed(t, client, "grant_management_revoke")
	if status, body, _ := ofGrant(t, r.Country, http.MethodDelete, u.deleted.GrantID, access); status != http.StatusNoContent {
		t.Fatalf("ending a grant: %d %s", status, body)
	}
	_, u.revoked = agreeLater(t, r.Country, client, "camille")
	if status, err := client.Revoke(u.revoked.Refresh); err != nil || status != http.StatusOK {
		t.Fatalf("revoking: %d, %v", status, err)
	}
	w := walk(t, r.Country, client)
	u.request = push(t, w)
	w.Page = r.opened(w, u.request)
	see(t, w, "hugo")
	do(t, w, "accept")
	if _, err := w.Request.Exchange(w.Page.Stopped); err != nil {
		t.Fatal(err)
	}
	u.proof, u.assertion = r.proof(), r.assertion(time.Now(), time.Now().Add(9*time.Minute))
	r.proves("a proof", u.proof, "")
	r.pushes("an assertion", u.assertion, http.StatusCreated)
	return u
}

// opened is a pushed request's first page.
func (r *remote) opened(w *country.Walk, request string) *headless.Page {
	r.t.Helper()
	p, err := w.Get(r.Accord + "/authorize?" + url.Values{"client_id": {country.Editor}, "request_uri": {request}}.Encode())
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

// proof is a DPoP proof for /par with the nonce of now.
func (r *remote) proof() string {
	r.t.Helper()
	res, err := http.Get(r.Accord + "/par")
	if err != nil {
		r.t.Fatal(err)
	}
	_ = res.Body.Close()
	return signedProof(r.t, r.key, map[string]any{
		"jti": rand.Text(), "htm": "POST", "htu": r.Accord + "/par", "iat": time.Now().Add(r.ahead).Unix(), "nonce": res.Header.Get("DPoP-Nonce"),
	})
}

// proves pushes a request of the editor's with a proof: want is the error, ""
// where it is taken.
func (r *remote) proves(what, proof, want string) {
	r.t.Helper()
	_, form, _ := strings.Cut(r.client().Begin().URL(nil), "?")
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.Accord+"/par", strings.NewReader(form))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("DPoP", proof)
	req.SetBasicAuth(url.QueryEscape(country.Editor), url.QueryEscape(secret))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct{ Error string }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		r.t.Fatal(err)
	}
	status, got := res.StatusCode, answer.Error
	if got != want || (status == http.StatusCreated) != (want == "") {
		r.t.Errorf("%s: %d %q, want %q", what, status, got, want)
	}
}

// staysUsed: whatever was used up opens nothing, and takes what it gave along
// where its coming back tells of a thief.
func (r *remote) staysUsed(u used) {
	r.t.Helper()
	t, client := r.t, r.client()
	r.proves("a proof of before", u.proof, "use_dpop_nonce")
	r.proves("a proof of now", r.proof(), "")
	r.pushes("an assertion of before", u.assertion, http.StatusUnauthorized)
	w := &country.Walk{Browser: headless.New(), Country: r.Country}
	if p := r.opened(w, u.request); p.Status < 400 || p.Has("accept") {
		t.Errorf("a request whose code was issued opens with %d", p.Status)
	}
	served(t, read(t, r.Country, u.code, quotient)) // the control: it lives until its code comes back
	if again, err := u.code.Exchange(); err == nil || again.Error != "invalid_grant" || again.Access != "" {
		t.Errorf("a code of before: %d %q", again.Status, again.Error)
	}
	served(t, read(t, r.Country, u.renewed, quotient))
	notRenewed(t, client, u.renewed.Refresh, "invalid_grant")
	for _, tok := range []headless.Token{u.code, u.renewed, u.deleted, u.revoked} {
		if d := read(t, r.Country, tok, quotient); d.Status != http.StatusUnauthorized {
			t.Errorf("data under %s: %d", tok.GrantID, d.Status)
		}
		inactive(t, client, tok.Access)
	}
	notRenewed(t, client, u.deleted.Refresh, "invalid_grant")
	notRenewed(t, client, u.revoked.Refresh, "invalid_grant")
}
