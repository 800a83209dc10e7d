package broker_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"accord/broker/resource"
	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
	"accord/providers/faults"
)

// The table of the overview's §6 is what an auditor reads the log by: an event
// carries what it says, and nothing else.
func TestEveryEventCarriesTheMembersOfTheOverview(t *testing.T) {
	c := ownCountry(t, nil)
	liveThrough(t, c)
	table := membersOf(t)
	seen := map[string]bool{}
	for _, e := range logOf(t, c) {
		if e.Erased {
			continue
		}
		kind := e.Kind.String()
		row, ok := table[kind]
		if !ok {
			t.Errorf("the overview does not list %s", kind)
			continue
		}
		seen[kind] = true
		have := memberNames(t, e.Event)
		for _, name := range row.always {
			if !slices.Contains(have, name) {
				t.Errorf("%s at %d lacks %s", kind, e.Index, name)
			}
		}
		for _, name := range have {
			if !slices.Contains(row.always, name) && !slices.Contains(row.sometimes, name) {
				t.Errorf("%s at %d carries %s, which the overview does not list", kind, e.Index, name)
			}
		}
	}
	for kind := range table {
		if !seen[kind] {
			t.Errorf("no %s was logged: the table's row is not tried", kind)
		}
	}
}

// liveThrough makes every kind of event happen.
func liveThrough(t *testing.T, c *country.Country) {
	t.Helper()
	client := canteen(t, c, "cnaf_enfants", "dgfip_rfr", "dgfip_annee_n_moins_1")
	w, tok := token(t, c, client, "camille")
	read(t, c, tok, quotient)
	failed := store.FailDeliveryCmd{
		Token: resource.HashOf(tok.Access),
		Event: audit.Event{Release: uuid.NewString(), Reason: "snapshot_unreadable"},
	}
	if _, err := c.Store.FailDelivery(t.Context(), failed); err != nil {
		t.Fatal(err)
	}
	withdraw(t, c, w.Browser, tok.GrantID, "camille")
	b, changed := agreedWith(t, c, "dgfip_rfr")
	keeping(t, b, changePage(t, c, b, changed.GrantID))
	_, absent := token(t, c, canteen(t, c), nobody())
	read(t, c, absent, quotient)
	if _, err := absent.Exchange(); err == nil {
		t.Fatal("a code was accepted twice")
	}
	do(t, walk(t, c, client), "refuse")
	operate(t, c)
	agreeLater(t, c, canteen(t, c), "hugo")
	served(t, present(t, c, "hugo"))
	c.CNAV.SetFault(faults.HangUp)
	present(t, c, "hugo") // comes to nothing
	defer c.CNAV.SetFault(faults.None)
	refused := walk(t, c, client)
	see(t, refused, "camille")
	do(t, refused, "reload", "persona-camille", "continue", "refuse")
}

// operate makes the events of operators' acts: the end of keys, and an erasure.
func operate(t *testing.T, c *country.Country) {
	t.Helper()
	ended := []store.Public{
		{Kind: audit.KeyRetired, ID: "k1", Event: audit.Event{Role: "receipt"}},
		{Kind: audit.KeyCompromised, ID: "k2", Event: audit.Event{Role: "receipt", Reason: "last_good:1"}},
	}
	if err := c.Store.Announce(t.Context(), ended); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Store.LogAdmin(t.Context(), audit.Event{ID: "erase.confirm", Reason: "request"}); err != nil {
		t.Fatal(err)
	}
	w, tok := token(t, c, canteen(t, c), "lucas")
	withdraw(t, c, w.Browser, tok.GrantID, "lucas")
	if _, err := c.Store.Erase(t.Context(), store.EraseCmd{Grant: tok.GrantID, Reason: "request", Request: "D-2026-1"}); err != nil {
		t.Fatal(err)
	}
}

type members struct{ always, sometimes []string }

// membersOf reads the table: | number | kind | always | sometimes |.
func membersOf(t *testing.T) map[string]members {
	t.Helper()
	row := regexp.MustCompile("(?m)^\\| \\d+ \\| `([a-z.]+)` \\|([^|]*)\\|([^|]*)\\|$")
	name := regexp.MustCompile("`([a-z_]+)`")
	names := func(cell string) (all []string) {
		for _, m := range name.FindAllStringSubmatch(cell, -1) {
			all = append(all, m[1])
		}
		return all
	}
	table := map[string]members{}
	for _, m := range row.FindAllStringSubmatch(text(t, overview), -1) {
		table[m[1]] = members{names(m[2]), names(m[3])}
	}
	if len(table) < 10 {
		t.Fatalf("%d kinds found in the overview's table", len(table))
	}
	return table
}

// memberNames leaves out what every event has.
func memberNames(t *testing.T, event []byte) []string {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.Unmarshal(event, &all); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		return strings.Contains(" v kind time ", " "+name+" ")
	})
}
