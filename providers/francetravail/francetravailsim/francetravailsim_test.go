package francetravailsim_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"accord/providers/francetravail/francetravailsim"
)

func simulator() *francetravailsim.Simulator {
	return francetravailsim.New(francetravailsim.Options{
		ClientID: "PAR_a", ClientSecret: "b",
		Jobseekers: []francetravailsim.Jobseeker{
			{
				Identifier: "camille.tremblin72", Civility: "MME", BirthName: "TREMBLIN", GivenName: "CAMILLE", Sex: "Féminin", Birthdate: "1988-07-14",
				Registration: &francetravailsim.Registration{Begins: "2026-02-02", Category: 2, Certification: "VC"},
				Payments:     []francetravailsim.Payment{{Date: "2026-09-01", Total: "10.50", Allowances: "10.50", Aids: "0", Others: "0"}},
			},
			{Identifier: "yann", BirthName: "KERBRIDOU", Birthdate: "1971-10-27", Payments: []francetravailsim.Payment{}},
			{Identifier: "hugo", BirthName: "OSTERVAL", Birthdate: "1986-11-30"},
		},
	})
}

func serve(s http.Handler, r *http.Request) (int, string) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Result().Body)
	return w.Code, string(body)
}

func tokenRequest(id, secret string, form url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, francetravailsim.TokenPath, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(id, secret)
	return r
}

func form(grant, scope string) url.Values {
	return url.Values{"grant_type": {grant}, "scope": {scope}}
}

func TestTokenEndpointKnowsItsClient(t *testing.T) {
	good := form("client_credentials", francetravailsim.Scope("PAR_a"))
	for name, c := range map[string]struct {
		id, secret string
		form       url.Values
		want       int
	}{
		"good":                      {"PAR_a", "b", good, 200},
		"no credentials":            {"", "", good, 401},
		"other secret":              {"PAR_a", "c", good, 401},
		"other grant":               {"PAR_a", "b", form("password", francetravailsim.Scope("PAR_a")), 400},
		"another application scope": {"PAR_a", "b", form("client_credentials", francetravailsim.Scope("PAR_z")), 400},
	} {
		if status, body := serve(simulator(), tokenRequest(c.id, c.secret, c.form)); status != c.want {
			t.Errorf("%s: %d %s, want %d", name, status, body, c.want)
		}
	}
}

func TestFranceTravailAnswersAboutWhoeverBearsTheIdentifier(t *testing.T) {
	s := simulator()
	_, body := serve(s, tokenRequest("PAR_a", "b", form("client_credentials", francetravailsim.Scope("PAR_a"))))
	token := regexp.MustCompile(`"access_token":"([^"]+)"`).FindStringSubmatch(body)[1]
	nothing := func(http.Header) {}
	for name, c := range map[string]struct {
		method, target, body string
		change               func(http.Header)
		status               int
		says                 string
	}{
		"registered":          {"POST", francetravailsim.StatusPath, "camille.tremblin72", nothing, 200, `"dateNaissance":"1988-07-14T00:00:00+02:00"`},
		"paid":                {"GET", francetravailsim.PaymentsPath + "?loginMnemotechnique=camille.tremblin72", "", nothing, 200, `"montantPaiement":10.50`},
		"not registered":      {"POST", francetravailsim.StatusPath, "yann", nothing, 206, `"nom":"KERBRIDOU"`},
		"paid nothing":        {"GET", francetravailsim.PaymentsPath + "?loginMnemotechnique=yann", "", nothing, 200, `"listePaiement":[]`},
		"no list":             {"GET", francetravailsim.PaymentsPath + "?loginMnemotechnique=hugo", "", nothing, 204, ""},
		"unknown":             {"POST", francetravailsim.StatusPath, "nobody", nothing, 404, "codeErreur"},
		"unknown to payments": {"GET", francetravailsim.PaymentsPath + "?loginMnemotechnique=nobody", "", nothing, 404, "codeErreur"},
		"no identifier":       {"POST", francetravailsim.StatusPath, "", nothing, 400, "codeErreur"},
		"endless identifier":  {"POST", francetravailsim.StatusPath, strings.Repeat("a", 257), nothing, 400, "codeErreur"},
		"another token":       {"POST", francetravailsim.StatusPath, "yann", func(h http.Header) { h.Set("Authorization", "Bearer x") }, 401, ""},
		"no token":            {"GET", francetravailsim.PaymentsPath, "", func(h http.Header) { h.Del("Authorization") }, 401, ""},
		"no consumer":         {"POST", francetravailsim.StatusPath, "yann", func(h http.Header) { h.Del("X-pe-consommateur") }, 400, ""},
		"no correlation id":   {"POST", francetravailsim.StatusPath, "yann", func(h http.Header) { h.Del("X-Correlation-ID") }, 400, ""},
	} {
		r := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("X-Correlation-ID", "0198f2c4-6a00-7000-8000-000000000001")
		r.Header.Set("X-pe-consommateur", "ACCORD - 99900010900017")
		c.change(r.Header)
		if status, body := serve(s, r); status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %s, want %d %s", name, status, body, c.status, c.says)
		}
	}
	if n := len(s.Requests()); n != 13 {
		t.Errorf("%d requests seen, want 13", n)
	}
}
