package broker_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/oidc/issuer"
	"accord/oidc/serviceprovider"
)

// A promptNone adds prompt=none to what a client pushes, while it is on.
type promptNone struct{ on atomic.Bool }

func (p *promptNone) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/par" && p.on.Load() {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		more := string(body) + "&prompt=none"
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(more)), int64(len(more))
	}
	return http.DefaultTransport.RoundTrip(r)
}

// recognisingPortal is the client of profile fapi2 with the approval to the
// identifier alone beside its own.
func recognisingPortal(t *testing.T) (portal, *promptNone) {
	t.Helper()
	p := portal{watched: watched{kept: new(atomic.Int64), Country: ownCountry(t, func(b *broker.Config) {
		at := slices.IndexFunc(b.Clients, func(one *issuer.Client) bool { return one.ID == country.FamilyPortal })
		more := *b.Clients[at]
		more.Approvals = append(slices.Clone(more.Approvals), "valbrume-compte")
		b.Clients[at] = &more
	})}}
	silence := new(promptNone)
	var err error
	p.Client, err = p.Portal(t.TempDir(), func(c *serviceprovider.Config) { p.held, c.HTTP = c.DPoP, &http.Client{Transport: silence} })
	if err != nil {
		t.Fatal(err)
	}
	return p, silence
}

// recognition is a request for openid alone, and the browser that opens it.
func (p portal) recognition(t *testing.T, b *headless.Browser) (serviceprovider.Attempt, *country.Walk) {
	t.Helper()
	a, err := p.Login(t.Context(), serviceprovider.Request{Purpose: "compte-citoyen"})
	if err != nil {
		t.Fatal(err)
	}
	w := &country.Walk{Browser: b.StopAt(p.TownHallURL), Country: p.Country}
	if w.Page, err = w.Get(a.URL); err != nil {
		t.Fatal(err)
	}
	return a, w
}

// Profile fapi2 and prompt=none: pushed with an assertion and a proof, answered
// without a page in the browser that agreed and in no other, redeemed with the
// key, under the agreement there is.
func TestAClientAtFAPI2IsAnsweredInSilence(t *testing.T) {
	p, silence := recognisingPortal(t)
	browser := headless.New()
	a, w := p.recognition(t, browser)
	see(t, w, "camille")
	first, err := p.Callback(t.Context(), a, w.Page.Stopped.Query())
	if err != nil {
		t.Fatal(err)
	}
	silence.on.Store(true)
	if _, w = p.recognition(t, headless.New()); w.Page.Stopped == nil || w.Page.Stopped.Query().Get("error") != "login_required" {
		t.Errorf("another browser: %d %v", w.Page.Status, w.Page.Stopped)
	}
	if a, w = p.recognition(t, browser); w.Page.Stopped == nil {
		t.Fatalf("a page is shown: %d", w.Page.Status)
	}
	silent, err := p.Callback(t.Context(), a, w.Page.Stopped.Query())
	if err != nil || silent.Subject != first.Subject || silent.GrantID != first.GrantID || silent.Receipt != first.Receipt || silent.Type != "DPoP" {
		t.Fatalf("%v: grant %s, before %s", err, silent.GrantID, first.GrantID)
	}
	if again, err := w.Get(a.URL); err != nil || again.Status != http.StatusGone {
		t.Errorf("its pushed request once more: %v, %d", err, again.Status)
	}
	p.play(t,
		probe{name: "as Bearer", target: "/userinfo", header: presenting("Bearer " + silent.Access), want: wantOAuth(http.StatusUnauthorized, "invalid_token")},
		probe{name: "with its key", target: "/userinfo", header: presenting("DPoP "+silent.Access, p.proof(t, "/userinfo", silent.Access, nil)), want: wantOnly(http.StatusOK, silent.Subject)},
	)
	isTrue(t, p.Country)
}
