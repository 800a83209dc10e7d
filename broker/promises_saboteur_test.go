package broker_test

import (
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/oidc/serviceprovider"
)

// What a log does not hold, only the other party's list can show. The controls
// of these tests are two saboteurs: builds of Accord that leave something out.

// ids are those the log's events of a kind name.
func ids(t *testing.T, c *country.Country, kind audit.Kind, id func(audit.Event) string) iter.Seq[string] {
	t.Helper()
	var all []string
	for _, e := range logOf(t, c) {
		if e.Kind == kind && id(e.event) != "" {
			all = append(all, id(e.event))
		}
	}
	return slices.Values(all)
}

// Promise 3, seen from the source.
func TestACallOutsideTheLogIsFoundByTheSourcesList(t *testing.T) {
	c := ownCountry(t, nil)
	see(t, walk(t, c, canteen(t, c, "dgfip_rfr", "dgfip_annee_n_moins_1")), "camille")
	for source, list := range map[string][]string{"cnav": c.CNAV.Requests(), "dgfip": c.DGFiP.Requests()} {
		logged := ids(t, c, audit.SourceQueried, func(e audit.Event) string {
			if e.Source != source {
				return ""
			}
			return e.RequestID
		})
		if found := audit.Reconcile(logged, slices.Values(list)); len(found.Hidden) != 0 || found.Listed != 1 || found.Unconfirmed != 0 {
			t.Errorf("%s: %d requests listed, %d hidden from the log, %d unconfirmed; want 1, 0, 0", source, found.Listed, len(found.Hidden), found.Unconfirmed)
		}
	}
}

// provider is the canteen's editor as a service provider with the shipped
// client, and its list.
func provider(t *testing.T, c *country.Country) (*serviceprovider.Client, string) {
	t.Helper()
	by := canteen(t, c)
	list := filepath.Join(t.TempDir(), "releases.txt")
	client, err := serviceprovider.New(serviceprovider.Config{
		Issuer: by.Issuer, ClientID: by.ID, Secret: by.Secret, RedirectURI: by.RedirectURI, Recipient: by.Recipient, Releases: list,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, list
}

// decided walks a login of the shipped client through a citizen's browser.
func decided(t *testing.T, c *country.Country, client *serviceprovider.Client, persona, button string) (*headless.Browser, serviceprovider.Token, error) {
	t.Helper()
	by := canteen(t, c)
	attempt, err := client.Login(t.Context(), serviceprovider.Request{Purpose: by.Purpose, Scopes: by.Scopes})
	if err != nil {
		t.Fatal(err)
	}
	w := &country.Walk{Browser: headless.New().StopAt(by.RedirectURI), Country: c}
	if w.Page, err = w.Get(attempt.URL); err != nil {
		t.Fatal(err)
	}
	see(t, w, persona)
	do(t, w, button)
	if w.Page.Stopped == nil {
		t.Fatalf("the browser did not come back: %s", w.Page.Words())
	}
	tok, err := client.Callback(t.Context(), attempt, w.Page.Stopped.Query())
	return w.Browser, tok, err
}

// Promise 2, seen from the receiver: what was refused or withdrawn and comes
// all the same is refused by the client or stands in its list only.
func TestADeliveryOutsideTheLogIsFoundByTheServiceProvidersList(t *testing.T) {
	c := ownCountry(t, nil)
	client, list := provider(t, c)

	_, ghost, err := decided(t, c, client, "sabine", "refuse")
	var denied *serviceprovider.Denied
	if !errors.As(err, &denied) || denied.Code != "access_denied" {
		t.Errorf("after the refusal: %v", err)
		if _, err := client.Data(t.Context(), ghost, "dss/quotient_familial"); err == nil {
			t.Error("after the refusal: data")
		}
	}
	browser, tok, err := decided(t, c, client, "camille", "accept")
	if err != nil {
		t.Fatal(err)
	}
	first, err := client.Data(t.Context(), tok, "dss/quotient_familial")
	if err != nil || !showsQuotient(string(first.Data)) {
		t.Fatalf("before the withdrawal: %v, %s", err, first.Data)
	}
	if e := entryAt(t, c, first.Log.String()); e.event.ResponseDigest != first.Digest() || e.event.Release != first.Release {
		t.Error("the log's event is of other bytes than those received")
	}
	withdraw(t, c, browser, tok.GrantID, "camille")
	_, err = client.Data(t.Context(), tok, "dss/quotient_familial")
	var refused *serviceprovider.Refused
	if !errors.As(err, &refused) || refused.Status != 401 {
		t.Errorf("after the withdrawal: %v", err)
	}
	found := reconciled(t, c, list)
	if len(found.Hidden) != 0 || found.Listed != 1 || found.Unconfirmed != 0 {
		t.Errorf("%d releases listed, %d hidden from the log, %d unconfirmed; want 1, 0, 0", found.Listed, len(found.Hidden), found.Unconfirmed)
	}
}

func reconciled(t *testing.T, c *country.Country, list string) audit.Reconciliation {
	t.Helper()
	lines, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	logged := ids(t, c, audit.ReleaseCompleted, func(e audit.Event) string { return e.Release })
	return audit.Reconcile(logged, slices.Values(strings.Fields(string(lines))))
}
