package broker_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/providers/faults"
)

// renewed gives an access token for a refresh token.
func renewed(t *testing.T, client headless.Client, refresh string, more ...string) headless.Token {
	t.Helper()
	tok, err := client.Renew(refresh, values(more...))
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// notRenewed fails unless the token endpoint refuses so, and gives nothing.
func notRenewed(t *testing.T, client headless.Client, refresh, code string, more ...string) {
	t.Helper()
	tok, err := client.Renew(refresh, values(more...))
	if err == nil || tok.Status != http.StatusBadRequest || tok.Error != code || tok.Access != "" || tok.Refresh != "" {
		t.Fatalf("answered %d %q (%v), want 400 %s and nothing", tok.Status, tok.Error, err, code)
	}
}

// agreeToRenew agrees to later access as a client that renews.
func agreeToRenew(t *testing.T, c *country.Country, persona string, scopes []string, items ...string) (*country.Walk, headless.Client, headless.Token) {
	t.Helper()
	client := canteen(t, c, scopes...)
	w, tok := agreeLater(t, c, client, persona, items...)
	if !strings.HasPrefix(tok.Refresh, "acr_") || len(tok.Refresh) != 47 {
		t.Fatalf("refresh token %q", tok.Refresh)
	}
	return w, client, tok
}

func TestARefreshTokenFetchesAnewUnderItsGrant(t *testing.T) {
	c := ownCountry(t, nil)
	_, client, tok := agreeToRenew(t, c, "camille", []string{"cnaf_enfants"})
	read(t, c, tok, quotient)
	again := renewed(t, client, tok.Refresh)
	if again.GrantID != tok.GrantID || again.ID != "" || again.Refresh == tok.Refresh || again.Scope != "openid cnaf_quotient_familial" || again.ExpiresIn > 600 {
		t.Fatalf("answered %+v", again)
	}
	d := read(t, c, again, quotient)
	served(t, d)
	if d.Data["enfants"] != nil || d.Data["allocataires"] != nil {
		t.Errorf("data that were not agreed left: %s", d.Body)
	}
	kinds, events := chainOf(t, c, tok.GrantID)
	n := len(kinds)
	last := events[n-1]
	if kinds[n-3] != audit.SourceQueried || kinds[n-2] != audit.SourceAnswered || last.Mode != audit.ModeRefresh ||
		last.Release != d.Header.Get("Accord-Release-Id") || events[n-3].Grant != tok.GrantID || events[n-3].Lookup != nil {
		t.Errorf("logged %v, the last %+v", kinds, last)
	}
	refusedBy(t, read(t, c, again, quotient), 403, "00193", "refresh_required")
	if r := replayed(t, c); r.Outcome != audit.Genuine {
		t.Errorf("the auditor finds %+v", r.Findings)
	}
}

func TestNoRefreshTokenWithoutLaterAccessOrRegistration(t *testing.T) {
	c := ownCountry(t, nil)
	if _, tok := token(t, c, canteen(t, c), "camille"); tok.Refresh != "" {
		t.Error("an agreement for today alone gave a refresh token")
	}
	for _, one := range c.Clients {
		if one.ID == country.Editor {
			one.GrantTypes = nil
		}
	}
	client := canteen(t, c)
	_, tok := agreeLater(t, c, client, "camille")
	if tok.Refresh != "" {
		t.Error("a client that is not registered for it got a refresh token")
	}
	notRenewed(t, client, "acr_"+strings.Repeat("A", 43), "unauthorized_client")
}

func TestARefreshTokenCountsFetches(t *testing.T) {
	c := ownCountry(t, nil)
	_, client, tok := agreeToRenew(t, c, "camille", nil)
	refresh := tok.Refresh
	c.CNAV.SetFault(faults.Down)
	again := renewed(t, client, refresh)
	down := read(t, c, again, quotient)
	c.CNAV.SetFault(faults.None)
	refusedBy(t, down, 502, "35001", "")
	refresh = again.Refresh
	held := renewed(t, client, refresh)
	refresh = held.Refresh
	for range fetches - 1 {
		again = renewed(t, client, refresh)
		refresh = again.Refresh
		served(t, read(t, c, again, quotient))
	}
	notRenewed(t, client, refresh, "invalid_grant")
	refusedBy(t, read(t, c, held, quotient), 403, "00190", "consent_required")
	g, err := c.Store.Grant(t.Context(), tok.GrantID)
	if err != nil || len(g.Snapshots) != fetches {
		t.Fatalf("%d fetches counted, %v", len(g.Snapshots), err)
	}
	if r := replayed(t, c); r.Outcome != audit.Genuine {
		t.Errorf("the auditor finds %+v", r.Findings)
	}
}

// What needs the citizen is not asked for, and the source hears nothing.
func TestDataThatNeedTheCitizenAreNotFetchedWithoutThem(t *testing.T) {
	c := ownCountry(t, nil)
	_, client, tok := agreeToRenew(t, c, "camille", []string{"dgfip_rfr", "dgfip_annee_n_moins_1"}, "dgfip_rfr")
	again := renewed(t, client, tok.Refresh)
	before, _ := chainOf(t, c, tok.GrantID)
	refusedBy(t, read(t, c, again, "/v3/dgfip/situation_ir"), 403, "00191", "citizen_presence_required")
	if after, _ := chainOf(t, c, tok.GrantID); len(after) != len(before) {
		t.Errorf("logged %v", after[len(before):])
	}
	served(t, read(t, c, again, quotient))
	refusedBy(t, read(t, c, again, "/v3/dss/prime_activite"), 403, "00100", "")
}

// Rows 65 and 81: another client's, after a withdrawal, a revocation, the end.
func TestADeadRefreshTokenGivesNothing(t *testing.T) {
	var ahead atomic.Int64
	c, err := country.Start(t.Context(), country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	w, client, tok := agreeToRenew(t, c, "camille", nil)
	other, err := c.Client(country.Region, "hautes-brumes-transport")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range c.Clients {
		if one.ID == country.Region {
			one.GrantTypes = []string{"authorization_code", "refresh_token"}
		}
	}
	notRenewed(t, other, tok.Refresh, "invalid_grant")
	again := renewed(t, client, tok.Refresh)
	withdraw(t, c, w.Browser, tok.GrantID, "camille")
	notRenewed(t, client, again.Refresh, "invalid_grant")
	inactive(t, client, again.Access)
	if d := read(t, c, again, quotient); d.Status != http.StatusUnauthorized {
		t.Errorf("after the withdrawal: %d %s", d.Status, d.Body)
	}

	_, client, tok = agreeToRenew(t, c, "nadia", nil)
	again = renewed(t, client, tok.Refresh)
	if status, err := client.Revoke(again.Refresh); err != nil || status != http.StatusOK {
		t.Fatalf("revoking: %d, %v", status, err)
	}
	notRenewed(t, client, again.Refresh, "invalid_grant")
	inactive(t, client, again.Access)

	_, client, tok = agreeToRenew(t, c, "hugo", nil)
	ahead.Store(int64(32 * 24 * time.Hour))
	notRenewed(t, client, tok.Refresh, "invalid_grant")
}

func inactive(t *testing.T, client headless.Client, access string) {
	t.Helper()
	if told, err := client.Introspect(access); err != nil || told["active"] != false || len(told) != 1 {
		t.Fatalf("introspection tells %v, %v", told, err)
	}
}

// Row 66.
func TestARefreshNeverWidens(t *testing.T) {
	c := ownCountry(t, nil)
	_, client, tok := agreeToRenew(t, c, "camille", []string{"cnaf_enfants"}, "cnaf_enfants")
	for _, scope := range []string{"openid cnaf_quotient_familial cnaf_enfants cnaf_adresse", "dgfip_rfr", "offline_access"} {
		notRenewed(t, client, tok.Refresh, "invalid_scope", "scope", scope)
	}
	narrow := renewed(t, client, tok.Refresh, "scope", "openid cnaf_enfants")
	if narrow.Scope != "openid cnaf_enfants" {
		t.Errorf("scope %q", narrow.Scope)
	}
	if d := read(t, c, narrow, quotient); d.Status != 200 || d.Data["quotient_familial"] != nil || d.Data["enfants"] == nil {
		t.Errorf("a narrower token read %d %s", d.Status, d.Body)
	}
	if whole := renewed(t, client, narrow.Refresh); whole.Scope != "openid cnaf_quotient_familial cnaf_enfants" {
		t.Errorf("a narrower refresh narrowed the agreement: %q", whole.Scope)
	}
}

// Row 67: fifty at once get one successor, and no two live families.
func TestFiftyRefreshesAtOnceLeaveOneFamily(t *testing.T) {
	c := ownCountry(t, nil)
	_, client, tok := agreeToRenew(t, c, "camille", nil)
	var all sync.WaitGroup
	got := make([]headless.Token, 50)
	for n := range got {
		all.Go(func() {
			var err error
			if got[n], err = client.Renew(tok.Refresh, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	successors, accesses := map[string]bool{}, map[string]bool{}
	for _, one := range got {
		successors[one.Refresh], accesses[one.Access] = true, true
	}
	if len(successors) != 1 || len(accesses) != 50 {
		t.Fatalf("%d successors and %d access tokens", len(successors), len(accesses))
	}
	served(t, read(t, c, got[7], quotient))
}

func TestAReplacedRefreshTokenThatComesBackEndsTheAgreement(t *testing.T) {
	var ahead atomic.Int64
	c, err := country.Start(t.Context(), country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	w, client, tok := agreeToRenew(t, c, "camille", nil)
	again := renewed(t, client, tok.Refresh)
	ahead.Store(int64(2 * time.Minute))
	notRenewed(t, client, tok.Refresh, "invalid_grant")
	notRenewed(t, client, again.Refresh, "invalid_grant")
	inactive(t, client, again.Access)
	kinds, events := chainOf(t, c, tok.GrantID)
	if n := len(kinds); kinds[n-1] != audit.ConsentRevoked || events[n-1].Reason != "refresh_reuse" {
		t.Errorf("logged %v", kinds)
	}
	if _, err := c.LookBack(w.StopAt(""), "camille"); err != nil {
		t.Fatal(err)
	}
	page, err := w.Get(c.Accord + "/mes-accords/" + tok.GrantID)
	if err != nil || !strings.Contains(page.Body, "un jeton remplacé a été présenté de nouveau") {
		t.Errorf("« Mes accords » does not tell why: %v", err)
	}
}

func TestACodeUsedTwiceKillsItsRefreshToken(t *testing.T) {
	c := ownCountry(t, nil)
	_, client, tok := agreeToRenew(t, c, "camille", nil)
	again := renewed(t, client, tok.Refresh)
	if _, err := tok.Exchange(); err == nil {
		t.Fatal("a code was redeemed twice")
	}
	notRenewed(t, client, again.Refresh, "invalid_grant")
	inactive(t, client, again.Access)
}

// Row 65, where Accord keeps to its own: what a citizen agreed to until a day is
// ended by them and not by a logout, of Accord's session or the service's.
func TestALogoutLeavesWhatWasAgreedToUntilADay(t *testing.T) {
	c := ownCountry(t, nil)
	w, client, tok := agreeToRenew(t, c, "camille", nil)
	if _, err := c.LookBack(w.StopAt(""), "camille"); err != nil {
		t.Fatal(err)
	}
	bye := c.TownHallURL + "/"
	p, err := w.StopAt(bye).Get(c.Accord + "/session/end?" + values("id_token_hint", tok.ID, "post_logout_redirect_uri", bye).Encode())
	for n := 0; err == nil && n < 4 && p.Stopped == nil && p.Has("continue"); n++ { // FranceConnect's own pages
		p, err = w.Press(p, "continue", nil)
	}
	if err != nil || p.Stopped == nil {
		t.Fatalf("logging out: %v, at %s", err, p.URL)
	}
	again := renewed(t, client, tok.Refresh)
	served(t, read(t, c, again, quotient))
	withdraw(t, c, w.Browser, tok.GrantID, "camille")
	notRenewed(t, client, again.Refresh, "invalid_grant")
	inactive(t, client, again.Access)
}

// Row 84.
func TestAnothersTokensStayAlive(t *testing.T) {
	c := ownCountry(t, nil)
	_, client, tok := agreeToRenew(t, c, "camille", nil)
	other, err := c.Client(country.Region, "hautes-brumes-transport")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []string{tok.Access, tok.Refresh} {
		if status, err := other.Revoke(one); err != nil || status != http.StatusOK {
			t.Fatalf("revoking another's token: %d, %v", status, err)
		}
	}
	inactive(t, other, tok.Access)
	if told, err := client.Introspect(tok.Access); err != nil || told["active"] != true {
		t.Errorf("another client killed it: %v, %v", told, err)
	}
	served(t, read(t, c, renewed(t, client, tok.Refresh), quotient))
}

// A withdrawal that comes between the fetch and the delivery: nothing leaves.
func TestAWithdrawalDuringARenewedFetchDeliversNothing(t *testing.T) {
	late := &withdrawing{}
	c := ownCountry(t, wrapStore(func(s store.Store) store.Store { late.Store = s; return late }))
	_, client, tok := agreeToRenew(t, c, "camille", nil)
	again := renewed(t, client, tok.Refresh)
	late.grant.Store(&tok.GrantID)
	if d := read(t, c, again, quotient); d.Status != http.StatusUnauthorized || d.Header.Get("Accord-Release-Id") != "" {
		t.Fatalf("answered %d %s", d.Status, d.Body)
	}
	kinds, events := chainOf(t, c, tok.GrantID)
	if n := len(kinds); kinds[n-1] != audit.ReleaseFailed || kinds[n-2] != audit.ConsentRevoked || events[n-1].Reason != "not_authorised" {
		t.Errorf("logged %v", kinds)
	}
}

func TestASuspensionStopsRefreshTokens(t *testing.T) {
	c := ownCountry(t, nil)
	_, client, tok := agreeToRenew(t, c, "camille", nil)
	again := renewed(t, client, tok.Refresh)
	if _, err := c.Broker.Suspend(t.Context(), canteenApproval, "misuse"); err != nil {
		t.Fatal(err)
	}
	notRenewed(t, client, again.Refresh, "invalid_grant")
	if d := read(t, c, again, quotient); d.Status != http.StatusForbidden {
		t.Errorf("under a suspension: %d %s", d.Status, d.Body)
	}
	kinds, _ := chainOf(t, c, tok.GrantID)
	if slices.Contains(kinds[len(kinds)-1:], audit.SourceQueried) {
		t.Errorf("a source was asked: %v", kinds)
	}
}

// The promise of an acknowledged refresh holds over a restart.
func TestARefreshTokenSurvivesARestart(t *testing.T) {
	data := t.TempDir()
	c, err := country.Start(t.Context(), country.Options{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	_, client, tok := agreeToRenew(t, c, "camille", nil)
	again := renewed(t, client, tok.Refresh)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if c, err = country.Start(t.Context(), country.Options{Data: data}); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	client = canteen(t, c)
	served(t, read(t, c, renewed(t, client, again.Refresh), quotient))
}
