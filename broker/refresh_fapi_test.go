package broker_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"accord/consent/audit"
	"accord/oidc/issuer/details"
	"accord/oidc/serviceprovider"
)

// agreedToRenew is a token of the portal's after the citizen agreed to access
// after today, asked for by authorization_details.
func (p portal) agreedToRenew(t *testing.T) serviceprovider.Token {
	t.Helper()
	a, err := p.Login(t.Context(), serviceprovider.Request{Details: json.RawMessage(detailed(p.Country, nil))})
	if err != nil {
		t.Fatal(err)
	}
	w := p.open(t, a)
	see(t, w, "nadia")
	page, err := w.Press(w.Page, "accept", values("suite", "1"))
	if err != nil || page.Stopped == nil {
		t.Fatalf("agreeing: %v", err)
	}
	token, err := p.Callback(t.Context(), a, page.Stopped.Query())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

const quotientResource = "dss/quotient_familial"

// A refresh token that a key holds stays what it is, and is nothing without
// the key (FAPI 2.0 Security Profile §5.3.2.1, RFC 9449 §5).
func TestARefreshTokenBoundToAKeyIsNothingWithoutIt(t *testing.T) {
	p := newPortal(t)
	token := p.agreedToRenew(t)
	if !strings.HasPrefix(token.Refresh, "acr_") || token.Details == nil {
		t.Fatalf("no refresh token, or no details: %+v", token.Details)
	}
	again, err := p.Refresh(t.Context(), token.Refresh)
	if err != nil || again.Refresh != token.Refresh || !strings.EqualFold(again.Type, "DPoP") || again.Access == token.Access {
		t.Fatalf("refreshed %q for %q, %v", again.Refresh, token.Refresh, err)
	}
	answer, err := p.Data(t.Context(), again, quotientResource)
	if err != nil || !strings.Contains(string(answer.Data), "quotient_familial") {
		t.Fatalf("data: %v", err)
	}
	if _, err := p.Data(t.Context(), again, quotientResource); !errors.Is(err, serviceprovider.ErrRefreshRequired) {
		t.Errorf("a second read: %v", err)
	}
	if d := readFor(t, p.Country, again.Access, quotientPath, valbrume(p.Country)); d.Status != 401 {
		t.Errorf("the renewed token served as a bearer token: %d", d.Status)
	}
	thief, err := p.Portal(t.TempDir(), nil) // the same client, with another key
	if err != nil {
		t.Fatal(err)
	}
	if _, err := thief.Refresh(t.Context(), token.Refresh); !errors.Is(err, serviceprovider.ErrEnded) {
		t.Errorf("another key renewed: %v", err)
	}
	if third, err := p.Refresh(t.Context(), token.Refresh); err != nil || third.Refresh != token.Refresh {
		t.Errorf("another key's try cost the refresh token: %v", err)
	}
	g, err := p.Grant(t.Context(), token.GrantID)
	if err != nil || g.State != "given" || g.FetchesMade != 2 || g.Fetches != fetches {
		t.Fatalf("grant %+v, %v", g, err)
	}
	if err := p.EndGrant(t.Context(), token.GrantID); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Refresh(t.Context(), token.Refresh); !errors.Is(err, serviceprovider.ErrEnded) {
		t.Errorf("after the end: %v", err)
	}
	kinds, _ := chainOf(t, p.Country, token.GrantID)
	if kinds[len(kinds)-1] != audit.ConsentRevoked {
		t.Errorf("logged %v", kinds)
	}
}

func TestAPortalGetsNoRefreshTokenForTodayAlone(t *testing.T) {
	p := newPortal(t)
	asked := serviceprovider.Request{Details: json.RawMessage(detailed(p.Country, func(r *details.Request) {
		r.Optional, r.Period = nil, nil
		r.Recurring = &details.Recurring{Until: nextMonth(p.Country, time.Now()).Format(time.DateOnly), Fetches: 2}
	}))}
	a, err := p.Login(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	w := p.open(t, a)
	see(t, w, "hugo")
	do(t, w, "accept")
	token, err := p.Callback(t.Context(), a, w.Page.Stopped.Query())
	if err != nil || token.Refresh != "" {
		t.Fatalf("not ticked, and a refresh token %q came: %v", token.Refresh, err)
	}
	var told []details.Request
	if err := json.Unmarshal(token.Details, &told); err != nil || told[0].Recurring != nil || len(told[0].Data()) != 1 {
		t.Errorf("details %s, %v", token.Details, err)
	}
}
