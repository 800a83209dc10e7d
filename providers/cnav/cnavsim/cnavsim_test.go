package cnavsim_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"accord/providers/cnav/cnavsim"
)

func simulator() *cnavsim.Simulator {
	return cnavsim.New(cnavsim.Options{
		ClientID: "a?", ClientSecret: "b~", Now: func() time.Time { return time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC) },
		Households: []cnavsim.Household{{
			Operator: cnavsim.CNAF, Quotients: []cnavsim.Quotient{{Year: 2023, Month: 1, Value: 500}},
			Allocataires: []cnavsim.Person{{BirthName: "TREMBLIN", GivenNames: "CAMILLE", Birthdate: "1988-03-14", Sex: "F"}},
		}},
	})
}

func serve(s http.Handler, r *http.Request) (int, string) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Result().Body)
	return w.Code, string(body)
}

func tokenRequest(credentials, form string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, cnavsim.TokenPath, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Basic "+credentials)
	return r
}

var granted = regexp.MustCompile(`"access_token":"([^"]+)"`)

func TestTokenEndpointKnowsItsClient(t *testing.T) {
	good := base64.URLEncoding.EncodeToString([]byte("a?:b~"))
	const form = "grant_type=client_credentials&scope=quotient_familial"
	for name, c := range map[string]struct {
		credentials, form string
		want              int
	}{
		"good":           {good, form, 200},
		"no credentials": {"", form, 401},
		"other secret":   {base64.URLEncoding.EncodeToString([]byte("a?:c")), form, 401},
		"other grant":    {good, "grant_type=password&scope=quotient_familial", 400},
		"other scope":    {good, "grant_type=client_credentials&scope=rsa", 400},
	} {
		if status, body := serve(simulator(), tokenRequest(c.credentials, c.form)); status != c.want {
			t.Errorf("%s: %d %s, want %d", name, status, body, c.want)
		}
	}
}

func TestHubRefusesWhatItCannotRead(t *testing.T) {
	s := simulator()
	_, body := serve(s, tokenRequest(base64.URLEncoding.EncodeToString([]byte("a?:b~")), "grant_type=client_credentials&scope=quotient_familial"))
	token := granted.FindStringSubmatch(body)[1]
	for name, c := range map[string]struct {
		change func(url.Values, http.Header)
		status int
		code   string
	}{
		"nothing changed":        {func(url.Values, http.Header) {}, 200, `"quotientFamilial":500`},
		"no token":               {func(_ url.Values, h http.Header) { h.Del("Authorization") }, 401, ""},
		"another token":          {func(_ url.Values, h http.Header) { h.Set("Authorization", "Bearer x") }, 401, ""},
		"no name":                {func(q url.Values, _ http.Header) { q.Del("nomNaissance") }, 400, "40002"},
		"no birth date":          {func(q url.Values, _ http.Header) { q.Del("dateNaissance") }, 400, "40013"},
		"no such sex":            {func(q url.Values, _ http.Header) { q.Set("genre", "X") }, 400, "40013"},
		"no correlation id":      {func(_ url.Values, h http.Header) { h.Del("X-Correlation-ID") }, 400, "40013"},
		"no recipient":           {func(_ url.Values, h http.Header) { h.Del("X-APIPART-FSFINAL") }, 400, "40013"},
		"next month":             {func(q url.Values, _ http.Header) { q.Set("moisDemande", "11") }, 400, "40013"},
		"month in words":         {func(q url.Values, _ http.Header) { q.Set("moisDemande", "mai") }, 400, "40013"},
		"24 months back":         {func(q url.Values, _ http.Header) { q.Set("anneeDemandee", "2024") }, 200, ""},
		"25 months back":         {func(q url.Values, _ http.Header) { q.Set("anneeDemandee", "2024"); q.Set("moisDemande", "09") }, 404, "40401"},
		"of another sex":         {func(q url.Values, _ http.Header) { q.Set("genre", "M") }, 404, "40409"},
		"more parameters":        {func(q url.Values, _ http.Header) { q.Set("villeNaissance", "VALBRUME") }, 200, ""},
		"accents and small case": {func(q url.Values, _ http.Header) { q.Set("nomNaissance", "Tremblín") }, 200, ""},
	} {
		q := url.Values{"nomNaissance": {"TREMBLIN"}, "listePrenoms": {"CAMILLE"}, "dateNaissance": {"1988-03-14"}, "genre": {"F"}, "anneeDemandee": {"2026"}, "moisDemande": {"10"}}
		r := httptest.NewRequest(http.MethodGet, cnavsim.Path(cnavsim.QuotientFamilial), nil)
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("X-Correlation-ID", "0198f2c4-6a00-7000-8000-000000000001")
		r.Header.Set("X-APIPART-FSFINAL", "99900010900017")
		c.change(q, r.Header)
		r.URL.RawQuery = q.Encode()
		if status, body := serve(s, r); status != c.status || !strings.Contains(body, c.code) {
			t.Errorf("%s: %d %s, want %d %s", name, status, body, c.status, c.code)
		}
	}
	if n := len(s.Requests()); n != 15 {
		t.Errorf("%d requests seen, want 15", n)
	}
}
