package broker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/consent/ledger"
)

// interposed is the real store with some commands replaced.
type interposed struct {
	store.Store
	deliver func(store.Store, context.Context, store.DeliverCmd) (store.Logged, error)
	query   func(store.Store, context.Context, store.QueryCmd) (store.Logged, error)
}

func (i interposed) Deliver(ctx context.Context, cmd store.DeliverCmd) (store.Logged, error) {
	if i.deliver == nil {
		return i.Store.Deliver(ctx, cmd)
	}
	return i.deliver(i.Store, ctx, cmd)
}

func (i interposed) QuerySource(ctx context.Context, cmd store.QueryCmd) (store.Logged, error) {
	if i.query == nil {
		return i.Store.QuerySource(ctx, cmd)
	}
	return i.query(i.Store, ctx, cmd)
}

// Promise 1.
func TestNoByteLeavesBeforeItsDeliveryIsDurable(t *testing.T) {
	refuse := true
	c := ownCountry(t, wrapStore(func(s store.Store) store.Store {
		return interposed{Store: s, deliver: func(s store.Store, ctx context.Context, cmd store.DeliverCmd) (store.Logged, error) {
			if refuse {
				return store.Logged{}, fmt.Errorf("test: %w", store.ErrUnavailable)
			}
			return s.Deliver(ctx, cmd)
		}}
	}))
	_, tok := token(t, c, canteen(t, c), "camille")
	d := read(t, c, tok, quotient)
	if d.Status != http.StatusServiceUnavailable || showsQuotient(d.Body) || d.Header.Get("Accord-Release-Id") != "" {
		t.Fatalf("without a durable event: status %d, body %s", d.Status, d.Body)
	}
	refuse = false
	d = read(t, c, tok, quotient)
	if d.Status != http.StatusOK || !showsQuotient(d.Body) {
		t.Fatalf("with a durable event: status %d, body %s", d.Status, d.Body)
	}
	e := entryAt(t, c, d.Header.Get("Accord-Log"))
	if e.event.Release != d.Header.Get("Accord-Release-Id") {
		t.Fatalf("the position in the header opens to release %q", e.event.Release)
	}
}

// An opened event of the log.
type opened struct {
	store.Entry
	event audit.Event
}

func entryAt(t *testing.T, c *country.Country, position string) opened {
	t.Helper()
	p, err := ledger.ParsePosition(position)
	if err != nil {
		t.Fatal(err)
	}
	all := logOf(t, c)
	if p.Index >= int64(len(all)) {
		t.Fatalf("position %s beyond the log", position)
	}
	return all[p.Index]
}

// showsQuotient looks for Camille's quotient as a number of its own: ports and
// ids hold its digits by chance.
func showsQuotient(text string) bool { return regexp.MustCompile(`\b742\b`).MatchString(text) }

func logOf(t *testing.T, c *country.Country) []opened {
	t.Helper()
	var all []opened
	for {
		page, err := c.Store.Entries(t.Context(), int64(len(all)), int64(len(all))+1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			event, _, err := audit.Decode(e.Event)
			if err != nil && !e.Erased {
				t.Fatal(err)
			}
			all = append(all, opened{e, event})
		}
		if len(page) < 1000 {
			return all
		}
	}
}

// actsLogged counts the events of the log but the sources' answers: those are logged
// on the side, perhaps after the page that shows them.
func actsLogged(t *testing.T, c *country.Country) (n int) {
	t.Helper()
	for _, e := range logOf(t, c) {
		if e.Kind != audit.SourceAnswered {
			n++
		}
	}
	return n
}

// Promise 2.
func TestEachDeliveryPointsToAnEarlierLiveConsentOfTheSameCitizenAndProvider(t *testing.T) {
	c := ownCountry(t, nil)
	for _, persona := range []string{"camille", "sabine"} {
		_, tok := token(t, c, canteen(t, c, "cnaf_enfants"), persona)
		read(t, c, tok, quotient)
		read(t, c, tok, quotient)
	}
	granted := map[string]opened{}
	deliveries := 0
	for _, e := range logOf(t, c) {
		switch e.Kind {
		case audit.ConsentGranted:
			granted[e.event.Grant] = e
		case audit.ReleaseCompleted:
			deliveries++
			g, ok := granted[e.event.Grant]
			if !ok || g.event.Recipient != e.event.Recipient || g.event.Client != e.event.Client || g.event.Citizen != e.event.Citizen {
				t.Errorf("delivery %d has no earlier consent of the same provider and citizen", e.Index)
			}
			for _, d := range e.event.Data {
				if !slices.Contains(g.event.Data, d) {
					t.Errorf("delivery %d holds %s, which was not agreed", e.Index, d)
				}
			}
		}
	}
	if deliveries != 4 {
		t.Fatalf("%d deliveries logged, want 4", deliveries)
	}
}

// Promise 2, at the edge: optional data that were not ticked never leave.
func TestOnlyTickedDataLeave(t *testing.T) {
	c := theCountry(t)
	w := walk(t, c, canteen(t, c, "cnaf_enfants"))
	see(t, w, "sabine")
	do(t, w, "accept")
	tok, err := w.Request.Exchange(w.Page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	d := read(t, c, tok, quotient)
	if len(d.Data) != 1 || d.Data["quotient_familial"] == nil {
		t.Fatalf("delivered %v", keysOf(d.Data))
	}
	if d := read(t, c, tok, "/v3/dgfip/situation_ir"); d.Status != http.StatusForbidden {
		t.Fatalf("a resource nobody agreed to: status %d", d.Status)
	}
}

func keysOf(m map[string]json.RawMessage) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// Promise 3.
func TestNoSourceIsCalledWithoutADurableEventCarryingItsRequestID(t *testing.T) {
	c := ownCountry(t, nil)
	w := walk(t, c, canteen(t, c, "dgfip_rfr", "dgfip_annee_n_moins_1"))
	see(t, w, "camille")
	sent := append(c.CNAV.Requests(), c.DGFiP.Requests()...)
	logged := map[string]bool{}
	requested := map[string]int64{}
	for _, e := range logOf(t, c) {
		switch e.Kind {
		case audit.LookupRequested:
			requested[e.event.Interaction] = e.Index
		case audit.SourceQueried:
			logged[e.event.RequestID] = true
			if at, ok := requested[e.event.Interaction]; !ok || e.event.Lookup == nil || *e.event.Lookup != at {
				t.Errorf("query %d follows no recorded request to look", e.Index)
			}
		}
	}
	if len(sent) != 2 || len(logged) != 2 {
		t.Fatalf("%d requests at the sources, %d in the log, want 2 and 2", len(sent), len(logged))
	}
	for _, id := range sent {
		if !logged[id] {
			t.Errorf("request %s is not in the log", id)
		}
	}
}

// Promise 3, its other half: no event, no call.
func TestAQueryThatCannotBeLoggedIsNotMade(t *testing.T) {
	c := ownCountry(t, wrapStore(func(s store.Store) store.Store {
		return interposed{Store: s, query: func(store.Store, context.Context, store.QueryCmd) (store.Logged, error) {
			return store.Logged{}, fmt.Errorf("test: %w", store.ErrUnavailable)
		}}
	}))
	w := walk(t, c, canteen(t, c))
	see(t, w, "camille")
	if n := len(c.CNAV.Requests()); n != 0 {
		t.Fatalf("the source was asked %d times without an event", n)
	}
	if w.Page.Has("accept") {
		t.Fatal("a decision is offered though nothing was looked up")
	}
}

// Promise 4.
func TestWhatTheCitizenSawIsWhatIsSent(t *testing.T) {
	c := ownCountry(t, nil)
	w := walk(t, c, canteen(t, c, "cnaf_enfants"))
	see(t, w, "sabine")
	shown := w.Page.Words()
	before := len(c.CNAV.Requests())
	page, err := w.Press(w.Page, "accept", values("item", "cnaf_enfants"))
	if err != nil {
		t.Fatal(err)
	}
	tok, err := w.Request.Exchange(page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	d := read(t, c, tok, quotient)
	if len(c.CNAV.Requests()) != before {
		t.Fatal("the source was asked again after the citizen had seen the values")
	}
	if !strings.Contains(shown, "1 106 €") || !strings.Contains(string(d.Data["quotient_familial"]), "1106") {
		t.Fatalf("shown and sent differ: %s", d.Body)
	}
	if !slices.Equal(keysOf(d.Data), []string{"enfants", "quotient_familial"}) {
		t.Fatalf("sent %v, shown quotient and children only", keysOf(d.Data))
	}
	var children []map[string]any
	if err := json.Unmarshal(d.Data["enfants"], &children); err != nil || len(children) != 1 {
		t.Fatalf("children sent: %s", d.Data["enfants"])
	}
	if !strings.Contains(strings.ToUpper(shown), "DASSIGNY") {
		t.Fatal("the child sent was not shown")
	}
}

// Promise 8.
func TestWithdrawnConsentReleasesNothing(t *testing.T) {
	c := theCountry(t)
	w, tok := token(t, c, canteen(t, c), "camille")
	if d := read(t, c, tok, quotient); d.Status != http.StatusOK {
		t.Fatalf("before the withdrawal: %d", d.Status)
	}
	withdraw(t, c, w.Browser, tok.GrantID, "camille")
	d := read(t, c, tok, quotient)
	if d.Status != http.StatusUnauthorized || showsQuotient(d.Body) {
		t.Fatalf("after the withdrawal: status %d, body %s", d.Status, d.Body)
	}
}

func withdraw(t *testing.T, c *country.Country, b *headless.Browser, grant, persona string) *headless.Page {
	t.Helper()
	if _, err := c.LookBack(b.StopAt(""), persona); err != nil {
		t.Fatal(err)
	}
	p, err := b.Get(c.Accord + "/mes-accords/" + grant + "/retirer")
	if err != nil {
		t.Fatal(err)
	}
	if p, err = b.Press(p, "submit", nil); err != nil {
		t.Fatal(err)
	}
	if p.Status != http.StatusOK {
		t.Fatalf("withdrawing: status %d", p.Status)
	}
	return p
}
