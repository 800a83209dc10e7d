package dgfipsim_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"accord/providers"
	"accord/providers/dgfip/dgfipsim"
)

func simulator(scopes ...string) *dgfipsim.Simulator {
	one := []dgfipsim.Declarant{{BirthName: "TREMBLIN", GivenNames: "CAMILLE", Birthdate: "1988-03-14"}}
	return dgfipsim.New(dgfipsim.Options{
		ClientID: "a", ClientSecret: "b", Teleservices: []string{"T1"},
		Now:     func() time.Time { return time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC) },
		Notices: []dgfipsim.Notice{{Year: 2025, Declarants: one, RFR: 1}, {Year: 2024, Declarants: one, RFR: 2}, {Year: 2023, Declarants: one, RFR: 3}},
		Introspect: func(token string) (providers.Identity, []string, bool) {
			return providers.Identity{FamilyName: "Tremblin", GivenName: "Camille", Birthdate: "1988-03-14"}, scopes, token == "fc"
		},
	})
}

func ask(t *testing.T, s http.Handler, year string, change func(http.Header)) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, dgfipsim.TokenPath, strings.NewReader("grant_type=client_credentials&scope="+dgfipsim.Scope))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("a", "b")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	found := regexp.MustCompile(`"access_token":"([^"]+)"`).FindStringSubmatch(w.Body.String())
	if found == nil {
		t.Fatalf("token: %d %s", w.Code, w.Body)
	}
	r = httptest.NewRequest(http.MethodGet, dgfipsim.NoticePath+year, nil)
	r.Header.Set("Authorization", "Bearer "+found[1])
	r.Header.Set("X-FranceConnect-OAuth", "fc")
	r.Header.Set("X-Correlation-ID", "0198f2c4-6a00-7000-8000-000000000001")
	r.Header.Set("ID_Teleservice", "T1")
	change(r.Header)
	w = httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func same(http.Header) {}

func TestYearIsOpenedByItsSelectorOnly(t *testing.T) {
	const rfr, fallback = "dgfip_rfr", "dgfip_annee_n_moins_2_si_indispo_n_moins_1"
	for name, c := range map[string]struct {
		scopes []string
		year   string
		want   int
	}{
		"n-1":                               {[]string{rfr, "dgfip_annee_n_moins_1"}, "2025", 200},
		"n-2":                               {[]string{rfr, "dgfip_annee_n_moins_2"}, "2024", 200},
		"n-3":                               {[]string{rfr, "dgfip_annee_n_moins_3"}, "2023", 200},
		"n-1 by the fallback":               {[]string{rfr, fallback}, "2025", 200},
		"n-2 by the fallback, n-1 is there": {[]string{rfr, fallback}, "2024", 403},
		"n-2 by n-1":                        {[]string{rfr, "dgfip_annee_n_moins_1"}, "2024", 403},
		"no selector":                       {[]string{rfr}, "2025", 403},
		"selector alone":                    {[]string{"dgfip_annee_n_moins_1"}, "2025", 403},
		"this year":                         {[]string{rfr, "dgfip_annee_n_moins_1"}, "2026", 403},
		"no year":                           {[]string{rfr, "dgfip_annee_n_moins_1"}, "last", 400},
	} {
		if status, body := ask(t, simulator(c.scopes...), c.year, same); status != c.want {
			t.Errorf("%s: %d %s, want %d", name, status, body, c.want)
		}
	}
}

func TestOnlyAgreedScopesAreAnswered(t *testing.T) {
	_, body := ask(t, simulator("dgfip_rfr", "dgfip_annee_n_moins_1"), "2025", same)
	for member, want := range map[string]bool{"rfr": true, "nbPart": false, "sitFam": false, "pac": false, "aft": false, "nmNaiDec1": true, "annRevenu": true} {
		if strings.Contains(body, `"`+member+`"`) != want {
			t.Errorf("member %s: %t in %s", member, !want, body)
		}
	}
}

func TestHeadersAreChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(http.Header)
		want   int
	}{
		"FranceConnect's token dead": {func(h http.Header) { h.Set("X-FranceConnect-OAuth", "x") }, 401},
		"no token of ours":           {func(h http.Header) { h.Del("Authorization") }, 401},
		"no correlation id":          {func(h http.Header) { h.Del("X-Correlation-ID") }, 400},
		"no teleservice":             {func(h http.Header) { h.Del("ID_Teleservice") }, 403},
		"another teleservice":        {func(h http.Header) { h.Set("ID_Teleservice", "T2") }, 403},
	} {
		if status, body := ask(t, simulator("dgfip_rfr", "dgfip_annee_n_moins_1"), "2025", c.change); status != c.want {
			t.Errorf("%s: %d %s, want %d", name, status, body, c.want)
		}
	}
}
