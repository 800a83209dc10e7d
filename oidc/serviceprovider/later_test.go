package serviceprovider_test

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/oidc/serviceprovider"
)

const (
	quotient = "dss/quotient_familial"
	tax      = "dgfip/situation_ir"
)

// A town is a service provider of the demonstration's country.
type town struct {
	*testing.T
	country  *country.Country
	client   *serviceprovider.Client
	releases string
}

func newTown(t *testing.T) town {
	t.Helper()
	c, err := country.Start(t.Context(), country.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	w := town{t, c, nil, filepath.Join(t.TempDir(), "releases.txt")}
	w.client, err = serviceprovider.New(serviceprovider.Config{
		Issuer: c.Accord, ClientID: country.Editor, Secret: c.Secrets[country.Editor],
		RedirectURI: c.TownHallURL + "/retour", Recipient: "99900010200015", Releases: w.releases,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// agreed is the token after the person ticked access after today, and agreed.
func (w town) agreed(items ...string) func(serviceprovider.Attempt, error) serviceprovider.Token {
	return func(a serviceprovider.Attempt, err error) serviceprovider.Token {
		w.Helper()
		return w.agree(a, err, items)
	}
}

func (w town) agree(a serviceprovider.Attempt, err error, items []string) serviceprovider.Token {
	w.Helper()
	walk := &country.Walk{Browser: headless.New().StopAt(w.country.TownHallURL), Country: w.country}
	if err == nil {
		walk.Page, err = walk.Get(a.URL)
	}
	if err == nil {
		err = walk.See("camille")
	}
	if err != nil {
		w.Fatal(err)
	}
	page, err := walk.Press(walk.Page, "accept", url.Values{"suite": {"1"}, "item": items})
	if err != nil || page.Stopped == nil {
		w.Fatalf("agreeing: %v", err)
	}
	token, err := w.client.Callback(w.Context(), a, page.Stopped.Query())
	if err != nil {
		w.Fatal(err)
	}
	return token
}

// later reads with a token of the town's own FranceConnect login.
func (w town) later(client, resource string) (serviceprovider.Answer, error) {
	w.Helper()
	access, err := w.country.FranceConnectToken(client, "camille")
	if err != nil {
		w.Fatal(err)
	}
	return w.client.DataWithFranceConnect(w.Context(), access, resource, "tarification-cantine")
}

func (w town) listed() string {
	w.Helper()
	b, err := os.ReadFile(w.releases)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		w.Fatal(err)
	}
	return string(b)
}

func nextMonth() string { return time.Now().AddDate(0, 1, 0).Format(time.DateOnly) }

func TestAccessAfterTodayIsAskedOnceAndReadLater(t *testing.T) {
	w := newTown(t)
	w.agreed()(w.client.Login(t.Context(), serviceprovider.Request{
		Purpose: "tarification-cantine", Scopes: []string{"cnaf_quotient_familial"}, Until: nextMonth(), Fetches: 2,
	}))
	a, err := w.later(country.SchoolServices, quotient)
	if err != nil || !bytes.Contains(a.Data, []byte(`"valeur":742`)) || a.Release+"\n" != w.listed() || a.Log.String() == "" || len(a.Key) != 32 {
		t.Fatalf("release %q at %q, listed %q: %v", a.Release, a.Log, w.listed(), err)
	}
	if again, err := w.later(country.SchoolServices, quotient); !errors.Is(err, serviceprovider.ErrConsentRequired) || again.Data != nil {
		t.Errorf("after the last fetch: %v", err)
	}
}

// What is lacking is told apart, and leads to where the person can agree.
func TestConsentAndPresenceAreToldApart(t *testing.T) {
	w := newTown(t)
	_, err := w.later(country.SchoolServices, quotient)
	var r *serviceprovider.Refused
	if !errors.As(err, &r) || !errors.Is(err, serviceprovider.ErrConsentRequired) || r.Agree == "" || w.listed() != "" {
		t.Fatalf("without an agreement: %v", err)
	}
	token := w.agreed()(w.client.LoginAgain(t.Context(), r))
	if a, err := w.client.Data(t.Context(), token, quotient); err != nil || a.Data == nil {
		t.Fatalf("what was agreed there is not read: %v", err)
	}
	if _, err := w.later(country.SchoolServices, quotient); err != nil {
		t.Errorf("nor later: %v", err)
	}
	if _, err := w.later(country.AnotherProvider, quotient); errors.Is(err, serviceprovider.ErrConsentRequired) || !errors.As(err, &r) || r.Agree != "" {
		t.Errorf("another provider's token: %v", err)
	}
	w.agreed("dgfip_rfr", "dgfip_nbpart")(w.client.Login(t.Context(), serviceprovider.Request{
		Purpose: "tarification-cantine", Scopes: []string{"cnaf_quotient_familial", "dgfip_rfr", "dgfip_nbpart", "dgfip_annee_n_moins_1"},
		Until: nextMonth(), Fetches: 2,
	}))
	r = nil
	_, err = w.later(country.SchoolServices, tax) // a login that did not ask for the tax scopes
	if !errors.Is(err, serviceprovider.ErrPresenceRequired) || errors.Is(err, serviceprovider.ErrConsentRequired) || !errors.As(err, &r) || r.Agree != "" {
		t.Errorf("a token that does not open tax data: %v", err)
	}
}

// The address is Accord's or none: a browser is not sent elsewhere.
func TestAnAddressElsewhereIsNotPushed(t *testing.T) {
	w := newTown(t)
	for _, address := range []string{"", "https://elsewhere.example/authorize?scope=openid", w.country.Accord + "/authorizeX?scope=openid", "%"} {
		if _, err := w.client.LoginAgain(t.Context(), &serviceprovider.Refused{Agree: address}); err == nil {
			t.Errorf("%q was pushed", address)
		}
	}
}
