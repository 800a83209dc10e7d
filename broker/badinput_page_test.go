package broker_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// signedIn is a citizen in « Mes accords ».
func signedIn(t *testing.T, c watched, persona string) (*headless.Browser, *headless.Page) {
	t.Helper()
	b := headless.New()
	p, err := c.LookBack(b, persona)
	if err != nil {
		t.Fatal(err)
	}
	return b, p
}

// What one citizen has does not exist for another, nor for a service provider
// it does not concern.
func TestAnotherCitizensAgreementsAndReceiptsDoNotExist(t *testing.T) {
	c := watch(t)
	_, tok := token(t, c.Country, canteen(t, c.Country), "camille")
	receipt, grant := tok.ReceiptURI[strings.Index(tok.ReceiptURI, "/recu/"):], "/mes-accords/"+tok.GrantID
	b, page := signedIn(t, c, "sabine")
	stranger := jar(b, c.Accord)
	_, _, form, err := page.Form("submit", nil)
	if err != nil {
		t.Fatal(err)
	}
	none, out, wrong := wantPage(http.StatusNotFound, "A22"), wantPage(http.StatusUnauthorized, "A15"), wantPage(http.StatusForbidden, "A16")
	var rows []probe
	for _, path := range []string{
		receipt, receipt + ".jws", receipt + ".jws.jws", receipt + ".accord", "/recu/", "/recu/.jws", "/recu/x", "/recu/%00", "/recu/..%2f..%2fetc%2fpasswd",
		"/recu/" + many(8<<10), grant, grant + "/retirer", "/mes-accords/x", "/mes-accords/%00", "/mes-accords/..%2fx", "/mes-accords/" + many(8<<10), "/mes-accords/connexion",
		"/mes-accords/x/y", "/mes-accords/",
	} {
		rows = append(rows, probe{name: "GET " + path[:min(len(path), 60)], target: path, jar: stranger, want: none})
	}
	posted := map[string]shape{receipt: none, receipt + ".jws": wantOAuth(http.StatusUnauthorized, "invalid_client")}
	for _, path := range []string{receipt, receipt + ".jws"} {
		rows = append(rows, probe{name: "nobody GET " + path, target: path, want: none},
			probe{name: "another provider GET " + path, target: path, header: basic(country.Region, c.Secrets[country.Region]), want: none},
			probe{name: "wrong secret GET " + path, target: path, header: basic(country.Editor, "x"), want: none},
			probe{name: "POST " + path, target: path, form: form, jar: stranger, want: posted[path]})
	}
	rows = append(rows,
		probe{name: "the provider's own, as a page", target: receipt, header: basic(country.Editor, c.Secrets[country.Editor]), want: none},
		probe{name: "withdraw another's", target: grant + "/retirer", form: form, jar: stranger, want: none},
		probe{name: "withdraw what is not", target: "/mes-accords/g_x/retirer", form: form, jar: stranger, want: none},
		probe{name: "30 withdraw without csrf", target: grant + "/retirer", form: url.Values{}, jar: stranger, want: wrong},
		probe{name: "30 withdraw from elsewhere", target: grant + "/retirer", form: form, jar: stranger, header: http.Header{"Sec-Fetch-Site": {"cross-site"}}, want: wrong},
		probe{name: "withdraw by JSON", target: grant + "/retirer", body: strings.NewReader("{}"), kind: "application/json", jar: stranger, want: wantPage(http.StatusUnprocessableEntity, "A17")},
		probe{name: "csrf twice", target: grant + "/retirer", form: twice(form, "csrf", form.Get("csrf")), jar: stranger, want: wantPage(http.StatusUnprocessableEntity, "A17")},
		probe{name: "30 sign out without csrf", target: "/deconnexion", form: url.Values{}, jar: stranger, want: wrong},
		probe{name: "30 sign out from elsewhere", target: "/deconnexion", form: form, jar: stranger, header: http.Header{"Origin": {"https://evil.example"}}, want: wrong},
		probe{name: "30 sign in from elsewhere", target: "/mes-accords/connexion", form: url.Values{}, header: http.Header{"Origin": {"https://evil.example"}}, want: wrong},
		probe{name: "GET sign out", target: "/deconnexion", jar: stranger, want: none},
		probe{name: "no session GET", target: grant, want: out},
		probe{name: "no session withdraw", target: grant + "/retirer", form: form, want: out},
		probe{name: "no session sign out", target: "/deconnexion", form: form, want: out})
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
		rows = append(rows, probe{name: method, method: method, target: grant, jar: stranger, want: none})
	}
	c.play(t, rows...)
	own, _ := signedIn(t, c, "camille")
	c.play(t, probe{name: "control: one's own", target: receipt, jar: jar(own, c.Accord), want: wantOnly(http.StatusOK, "<html")},
		probe{name: "control: the provider's own", target: receipt + ".jws", header: basic(country.Editor, c.Secrets[country.Editor]), want: wantOnly(http.StatusOK, tok.Receipt)})
}

// The ways out of a request, asked wrongly.
func TestNotMeAndLoggedOutLeadNowhereForAStranger(t *testing.T) {
	c := watch(t)
	w, other := walk(t, c.Country, canteen(t, c.Country)), walk(t, c.Country, canteen(t, c.Country))
	see(t, w, "camille")
	handle := w.Page.URL.Query().Get("i")
	lost, bye := wantPage(http.StatusBadRequest, "A09"), wantOnly(http.StatusOK, "<html")
	var rows []probe
	for name, value := range map[string]string{
		"unknown": "abcdefgh", "of another shape": "//evil.example", "with NUL": handle + "%00", "with CRLF": "a%0d%0aX-Split:%201",
		"script": "%3Cscript%3E", "empty": "", "of 64 KiB": many(64 << 10), "percents": "%zz",
	} {
		rows = append(rows, probe{name: "not me, i " + name, target: "/pas-moi?i=" + value, jar: jar(w.Browser, c.Accord), want: lost},
			probe{name: "logged out, state " + name, target: "/deconnecte?state=" + value, jar: jar(w.Browser, c.Accord), want: bye})
	}
	c.play(t, rows...)
	c.play(t, probe{name: "not me, another's", target: "/pas-moi?i=" + handle, jar: jar(other.Browser, c.Accord), want: lost},
		probe{name: "logged out, another's", target: "/deconnecte?state=" + handle, jar: jar(other.Browser, c.Accord), want: bye},
		probe{name: "POST not me", target: "/pas-moi?i=" + handle, form: url.Values{"i": {handle}}, jar: jar(w.Browser, c.Accord), want: wantPage(http.StatusNotFound, "A22")},
		probe{name: "POST logged out", target: "/deconnecte", form: url.Values{}, want: wantPage(http.StatusNotFound, "A22")},
		probe{name: "control: still there", target: "/accord?i=" + handle, jar: jar(w.Browser, c.Accord), want: wantOnly(http.StatusOK, `id="accept"`)})
}

// Addresses that are public, asked for what is not there.
func TestAPublicAddressHoldsOnlyWhatItNames(t *testing.T) {
	c := watch(t)
	none := wantPage(http.StatusNotFound, "A22")
	var rows []probe
	for _, path := range []string{
		"/notices/valbrume-cantine/1.0.0/de", "/notices/valbrume-cantine/99/fr", "/notices/inconnu/1/fr", "/notices/valbrume-cantine/%00/fr", "/notices/..%2f..%2fetc/passwd/fr",
		"/notices/valbrume-cantine", "/log/1", "/log/1/policy/", "/.well-known/accord/jwks.json/", "/.well-known/accord/private.json",
		"/.well-known/", "/keys", "/data/accord.db", "/metrics", "/debug/pprof/", "/admin", "/connexion/", "/accord/x", "/CONNEXION", "/%2e%2e/etc/passwd", "//evil.example/", "/" + many(12<<10), "/%00", "/a%0d%0aX-Split:%201",
	} {
		rows = append(rows, probe{name: "GET " + path[:min(len(path), 50)], target: path, want: none})
	}
	for _, path := range []string{"/", "/notices/valbrume-cantine/1.0.0/fr", "/log/1/policy", "/.well-known/accord/jwks.json", "/livez", "/readyz", "/favicon.ico"} {
		rows = append(rows, probe{name: "POST " + path, target: path, form: url.Values{"x": {"y"}}, want: none},
			probe{name: "DELETE " + path, method: http.MethodDelete, target: path, want: none})
	}
	for _, path := range []string{"/s/", "/s/accord.css", "/s/../locales/fr.yaml", "/s/%2e%2e/ui.go", "/s/%00"} {
		rows = append(rows, probe{name: "GET " + path, target: path, want: wantOnly(http.StatusNotFound, "")})
	}
	c.play(t, rows...)
	c.play(t, probe{name: "control", target: "/notices/valbrume-cantine/1.0.0/fr", want: wantOnly(http.StatusOK, "Valbrume")})
}
