package broker_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/providers/faults"
)

const (
	oldWay    = "/v3/dss/quotient_familial/france_connect"
	oldWayTax = "/v3/dgfip/situation_ir/france_connect"
	fetches   = 4 // of the example's approval
)

// nextMonth is a day the approval allows.
func nextMonth(c *country.Country, now time.Time) time.Time { return now.AddDate(0, 1, 0) }

// agreeLater agrees as a persona, the box of later access ticked too.
func agreeLater(t *testing.T, c *country.Country, client headless.Client, persona string, items ...string) (*country.Walk, headless.Token) {
	t.Helper()
	w, err := c.WalkLater(client, nextMonth(c, time.Now()), fetches)
	if err != nil {
		t.Fatal(err)
	}
	see(t, w, persona)
	form := values("suite", "1")
	form["item"] = items
	page, err := w.Press(w.Page, "accept", form)
	if err != nil || page.Stopped == nil {
		t.Fatalf("agreeing: %v", err)
	}
	tok, err := w.Request.Exchange(page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	return w, tok
}

// present asks the old way, with a new token of the school services'.
func present(t *testing.T, c *country.Country, persona string) delivery {
	t.Helper()
	return presentAt(t, c, tokenAt(t, c, country.SchoolServices, persona), oldWay, valbrume(c))
}

func presentAt(t *testing.T, c *country.Country, access, path, recipient string) delivery {
	t.Helper()
	return readFor(t, c, access, path, recipient)
}

func tokenAt(t *testing.T, c *country.Country, client, persona string, scopes ...string) string {
	t.Helper()
	access, err := c.FranceConnectToken(client, persona, scopes...)
	if err != nil {
		t.Fatal(err)
	}
	return access
}

func valbrume(c *country.Country) string { return siretOf(c, "valbrume-cantine") }

func siretOf(c *country.Country, approval string) string {
	for _, a := range c.Approvals {
		if a.ID == approval {
			return a.ServiceProvider.SIRET
		}
	}
	return ""
}

// refusedBy fails unless a delivery is this error, and nothing else; it gives
// the error's meta.
func refusedBy(t *testing.T, d delivery, status int, code, reason string) map[string]string {
	t.Helper()
	var body struct {
		Errors []struct {
			Code string
			Meta map[string]string
		}
		Data json.RawMessage
	}
	if err := json.Unmarshal([]byte(d.Body), &body); err != nil || len(body.Errors) != 1 || body.Data != nil {
		t.Fatalf("answered %d %s", d.Status, d.Body)
	}
	e := body.Errors[0]
	if d.Status != status || e.Code != code || e.Meta["reason"] != reason || d.Header.Get("Accord-Release-Id") != "" {
		t.Fatalf("answered %d %s, want %d %s %s", d.Status, d.Body, status, code, reason)
	}
	return e.Meta
}

func served(t *testing.T, d delivery) {
	t.Helper()
	if d.Status != http.StatusOK || d.Data["quotient_familial"] == nil || d.Header.Get("Accord-Release-Id") == "" {
		t.Fatalf("answered %d %s", d.Status, d.Body)
	}
}

// chainOf are the kinds of a grant's events.
func chainOf(t *testing.T, c *country.Country, grant string) (kinds []audit.Kind, events []audit.Event) {
	t.Helper()
	entries, err := c.Store.EventsOf(t.Context(), grant)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		event, kind, err := audit.Decode(e.Event)
		if err != nil {
			t.Fatal(err)
		}
		kinds, events = append(kinds, kind), append(events, event)
	}
	return kinds, events
}

func TestTokenWayAnswersOnlyUnderALiveGrant(t *testing.T) {
	var ahead atomic.Int64
	c, err := country.Start(t.Context(), country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	meta := refusedBy(t, present(t, c, "camille"), 403, "00190", "consent_required")
	agreesThere(t, c, meta["authorization_request"])

	_, today := token(t, c, canteen(t, c), "camille") // to today only
	read(t, c, today, quotient)
	refusedBy(t, present(t, c, "camille"), 403, "00190", "consent_required")

	_, tok := agreeLater(t, c, canteen(t, c, "cnaf_enfants"), "camille")
	d := present(t, c, "camille")
	served(t, d)
	if d.Data["enfants"] != nil || d.Data["allocataires"] != nil {
		t.Errorf("data that were not agreed left: %s", d.Body)
	}
	kinds, events := chainOf(t, c, tok.GrantID)
	last := events[len(events)-1]
	n := len(kinds)
	if n < 3 || kinds[n-3] != audit.SourceQueried || kinds[n-2] != audit.SourceAnswered || last.Mode != "token" ||
		last.Release != d.Header.Get("Accord-Release-Id") || events[n-3].Lookup != nil || events[n-3].Grant != tok.GrantID {
		t.Errorf("logged %v, the last %+v", kinds, last)
	}
	refusedBy(t, present(t, c, "nadia"), 403, "00190", "consent_required")
	access := tokenAt(t, c, country.SchoolServices, "camille")
	refusedBy(t, presentAt(t, c, access, oldWay, siretOf(c, "saint-aubin-cantine")), 403, "00100", "")
	refusedBy(t, presentAt(t, c, access, oldWayTax, valbrume(c)), 403, "00190", "consent_required")
	if r := replayed(t, c); r.Outcome != audit.Genuine {
		t.Errorf("the auditor finds %+v", r.Findings)
	}
	ahead.Store(int64(32 * 24 * time.Hour))
	refusedBy(t, present(t, c, "camille"), 403, "00190", "consent_required")
}

// agreesThere completes the address of consent_required as its client would,
// and comes to the page where the citizen can agree.
func agreesThere(t *testing.T, c *country.Country, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, c.Accord+"/") {
		t.Fatalf("address %q: %v", address, err)
	}
	client := canteen(t, c)
	own, err := url.Parse(client.Begin().URL(nil))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for _, name := range []string{"redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method"} {
		q.Set(name, own.Query().Get(name))
	}
	u.RawQuery = q.Encode()
	page, err := headless.New().StopAt(client.RedirectURI).Get(u.String())
	if err != nil || page.Status != 200 || page.URL.Path != "/connexion" {
		t.Fatalf("the address leads to %v, %v", page, err)
	}
}

func TestTokenWayCountsFetches(t *testing.T) {
	c := ownCountry(t, nil)
	w, tok := agreeLater(t, c, canteen(t, c), "camille")
	read(t, c, tok, quotient)
	c.CNAV.SetFault(faults.Down)
	down := present(t, c, "camille")
	c.CNAV.SetFault(faults.None)
	refusedBy(t, down, 502, "35001", "")
	for range fetches - 1 {
		served(t, present(t, c, "camille"))
	}
	refusedBy(t, present(t, c, "camille"), 403, "00190", "consent_required")
	g, err := c.Store.Grant(t.Context(), tok.GrantID)
	if err != nil || len(g.Snapshots) != fetches {
		t.Fatalf("%d fetches counted, %v", len(g.Snapshots), err)
	}
	if _, err := c.LookBack(w.StopAt(""), "camille"); err != nil {
		t.Fatal(err)
	}
	page, err := w.Get(c.Accord + "/mes-accords/" + tok.GrantID)
	if err != nil || !strings.Contains(string(page.Body), strconv.Itoa(fetches)+" sur "+strconv.Itoa(fetches)) {
		t.Errorf("« Mes accords » does not tell the fetches: %v", err)
	}
	for _, e := range g.Snapshots[1:] {
		if strings.Count(string(page.Body), e) > 0 {
			t.Errorf("« Mes accords » shows a snapshot's id")
		}
	}
	if r := replayed(t, c); r.Outcome != audit.Genuine {
		t.Errorf("the auditor finds %+v", r.Findings)
	}
}

func TestOneLoginIsOneFetchWhateverItOpens(t *testing.T) {
	c := ownCountry(t, nil)
	client := canteen(t, c, "dgfip_rfr", "dgfip_nbpart", "dgfip_annee_n_moins_1")
	_, tok := agreeLater(t, c, client, "camille", "dgfip_rfr", "dgfip_nbpart")
	access := tokenAt(t, c, country.SchoolServices, "camille", "dgfip_rfr", "dgfip_annee_n_moins_1")
	served(t, presentAt(t, c, access, oldWay, valbrume(c)))
	tax := presentAt(t, c, access, oldWayTax, valbrume(c))
	if tax.Status != 200 || !strings.Contains(tax.Body, `:18420`) {
		t.Fatalf("tax: %d %s", tax.Status, tax.Body)
	}
	if strings.Contains(tax.Body, "1.25") {
		t.Errorf("a datum left that the token does not open: %s", tax.Body)
	}
	g, err := c.Store.Grant(t.Context(), tok.GrantID)
	if err != nil || len(g.Snapshots) != 2 {
		t.Errorf("%d fetches counted, %v", len(g.Snapshots), err)
	}
	without := tokenAt(t, c, country.SchoolServices, "camille")
	refusedBy(t, presentAt(t, c, without, oldWayTax, valbrume(c)), 403, "00191", "citizen_presence_required")
}

func TestWithdrawnRecurringGrantFetchesNothing(t *testing.T) {
	c := ownCountry(t, nil)
	w, tok := agreeLater(t, c, canteen(t, c), "camille")
	served(t, present(t, c, "camille"))
	withdraw(t, c, w.Browser, tok.GrantID, "camille")
	before, _ := chainOf(t, c, tok.GrantID)
	refusedBy(t, present(t, c, "camille"), 403, "00190", "consent_required")
	if after, _ := chainOf(t, c, tok.GrantID); len(after) != len(before) || after[len(after)-1] != audit.ConsentWithdrawn {
		t.Errorf("after the withdrawal: %v", after[len(before):])
	}
}

// A withdrawal that comes between the fetch and the delivery: nothing leaves.
func TestAWithdrawalDuringAFetchDeliversNothing(t *testing.T) {
	late := &withdrawing{}
	c := ownCountry(t, wrapStore(func(s store.Store) store.Store { late.Store = s; return late }))
	_, tok := agreeLater(t, c, canteen(t, c), "camille")
	late.grant.Store(&tok.GrantID)
	refusedBy(t, present(t, c, "camille"), 403, "00190", "consent_required")
	kinds, events := chainOf(t, c, tok.GrantID)
	if n := len(kinds); kinds[n-1] != audit.ReleaseFailed || kinds[n-2] != audit.ConsentRevoked || events[n-1].Reason != "not_authorised" {
		t.Errorf("logged %v", kinds)
	}
}

// withdrawing ends a grant as soon as a delivery is asked for under it.
type withdrawing struct {
	store.Store
	grant atomic.Pointer[string]
}

func (w *withdrawing) Deliver(ctx context.Context, cmd store.DeliverCmd) (store.Logged, error) {
	if g := w.grant.Load(); g != nil && cmd.Grant == *g {
		if _, err := w.Revoke(ctx, *g, "suspension"); err != nil {
			return store.Logged{}, err
		}
	}
	return w.Store.Deliver(ctx, cmd)
}

// What the citizen does not tick is not agreed to, and what no page offered
// cannot be ticked.
func TestLaterAccessIsTheCitizensOwnTick(t *testing.T) {
	c := theCountry(t)
	w, err := c.WalkLater(canteen(t, c), nextMonth(c, time.Now()), fetches)
	if err != nil {
		t.Fatal(err)
	}
	see(t, w, "hugo")
	if !strings.Contains(string(w.Page.Body), `name="suite"`) || strings.Contains(string(w.Page.Body), `name="suite" value="1" aria-describedby="h-suite" checked`) {
		t.Fatal("the box is missing, or ticked beforehand")
	}
	do(t, w, "accept")
	tok, err := w.Request.Exchange(w.Page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	if g, err := c.Store.Grant(t.Context(), tok.GrantID); err != nil || g.FetchMode != "once" || g.MaxFetches != 1 || time.Until(g.ValidUntil) > 12*time.Minute {
		t.Errorf("not ticked, and the grant is %s, %d fetches, until %s: %v", g.FetchMode, g.MaxFetches, g.ValidUntil, err)
	}
	reloaded, err := c.WalkLater(canteen(t, c), nextMonth(c, time.Now()), fetches)
	if err != nil {
		t.Fatal(err)
	}
	see(t, reloaded, "hugo")
	if reloaded.Page, err = reloaded.Press(reloaded.Page, "reload", values("suite", "1")); err != nil {
		t.Fatal(err)
	}
	do(t, reloaded, "persona-hugo", "continue")
	if !strings.Contains(string(reloaded.Page.Body), `aria-describedby="h-suite" checked`) {
		t.Error("the tick was lost over a reload of the values")
	}
	forged := walk(t, c, canteen(t, c))
	see(t, forged, "hugo")
	if page, err := forged.Press(forged.Page, "accept", values("suite", "1")); err != nil || page.Stopped != nil || page.Status != http.StatusUnprocessableEntity {
		t.Errorf("a box no page offered was taken: %v", err)
	}
	for _, more := range []url.Values{
		values("until", time.Now().AddDate(2, 0, 0).Format(time.DateOnly), "fetches", "4"),
		values("until", time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "fetches", "5"),
		values("until", time.Now().Format(time.DateOnly), "fetches", "4"),
		values("until", time.Now().AddDate(0, 1, 0).Format(time.DateOnly)),
	} {
		r := canteen(t, c).Begin()
		page, err := headless.New().StopAt(r.RedirectURI).Get(r.URL(more))
		if err != nil || page.Stopped == nil || page.Stopped.Query().Get("error") != "invalid_request" {
			t.Errorf("%s reached a page: %v", more.Encode(), err)
		}
	}
}

func dataProviderKeys(t *testing.T) []jose.JSONWebKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return []jose.JSONWebKey{{Key: key, KeyID: "enc", Algorithm: string(jose.ECDH_ES), Use: "enc"}}
}

// The old way's deliveries can be signed too, an absence included: they verify
// for years, whatever way the data came.
func TestTheTokenWayIsSignedToo(t *testing.T) {
	c := ownCountry(t, nil)
	for persona, status := range map[string]int{"camille": http.StatusOK, nobody(): http.StatusNotFound} {
		_, tok := agreeLater(t, c, canteen(t, c), persona)
		again := tok
		again.Access = tokenAt(t, c, country.SchoolServices, persona)
		d := accept(t, c, again, oldWay, "application/jwt")
		s := statement(t, c, again, d)
		if d.Status != status || s.Resource != "dss/quotient_familial" || (s.Data != nil) != (status == http.StatusOK) || s.Retrieved < "2" {
			t.Errorf("%s: %d, %s", persona, d.Status, d.Body)
		}
	}
	if r := replayed(t, c); r.Outcome != audit.Genuine {
		t.Errorf("the auditor finds %+v", r.Findings)
	}
}
