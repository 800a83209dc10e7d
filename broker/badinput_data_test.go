package broker_test

import (
	"net/http"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
)

func TestACallForDataWithoutATokenIsToldTheSchemesAndNoError(t *testing.T) {
	c := theCountry(t)
	status, header, _ := fetched(t, c.Accord+quotient+"?recipient=99900010200015")
	got := strings.Join(header.Values("WWW-Authenticate"), ", ")
	if status != http.StatusUnauthorized || strings.Contains(got, "error=") || !strings.HasPrefix(got, "Bearer realm=") || !strings.Contains(got, "DPoP algs=") {
		t.Errorf("%d %s", status, got)
	}
}

// What a token opens is one recipient's, one period's, for GET only. Nothing
// refused is a delivery.
func TestAWrongCallForDataDeliversNothing(t *testing.T) {
	c := watch(t)
	_, tok := token(t, c.Country, canteen(t, c.Country), "camille")
	own := "?recipient=" + tok.Recipient
	bearer := func(v ...string) http.Header { return http.Header{"Authorization": v} }
	live := bearer("Bearer " + tok.Access)
	no, recipient, other, period, scope := wantAPI(http.StatusUnauthorized, "00101"), wantAPI(http.StatusUnprocessableEntity, "00210"),
		wantAPI(http.StatusForbidden, "00100"), wantAPI(http.StatusUnprocessableEntity, "00356"), wantAPI(http.StatusForbidden, "00100")
	rows := []probe{
		{name: "no token", target: quotient + own, want: no},
		{name: "Basic", target: quotient + own, header: basic(country.Editor, c.Secrets[country.Editor]), want: no},
		{name: "DPoP", target: quotient + own, header: bearer("DPoP " + tok.Access), want: no},
		{name: "no scheme", target: quotient + own, header: bearer(tok.Access), want: no},
		{name: "two spaces", target: quotient + own, header: bearer("Bearer  " + tok.Access), want: no},
		{name: "two headers", target: quotient + own, header: bearer("Bearer "+tok.Access, "Bearer x"), want: no},
		{name: "85 token in the query", target: quotient + own + "&access_token=" + tok.Access, want: no},
		{name: "85 token in both", target: quotient + own + "&access_token=" + tok.Access, header: live, want: no},
		{name: "no recipient", target: quotient, header: live, want: recipient},
		{name: "empty recipient", target: quotient + "?recipient=", header: live, want: recipient},
		{name: "recipient with a wrong check digit", target: quotient + "?recipient=99900010200016", header: live, want: recipient},
		{name: "recipient of letters", target: quotient + "?recipient=" + many(14), header: live, want: recipient},
		{name: "recipient with NUL", target: quotient + own + "%00", header: live, want: recipient},
		{name: "recipient of 60 KiB", target: quotient + own + many(60<<10), header: live, want: recipient},
		{name: "recipient twice", target: quotient + own + "&recipient=" + tok.Recipient, header: live, want: recipient},
		{name: "another recipient of the editor", target: quotient + "?recipient=99900051600016", header: live, want: other},
		{name: "annee of another period", target: quotient + own + "&annee=1999", header: live, want: period},
		{name: "mois of no year", target: quotient + own + "&mois=13", header: live, want: period},
		{name: "mois of words", target: quotient + own + "&mois=juin", header: live, want: period},
		{name: "annee with NUL", target: quotient + own + "&annee=2026%00", header: live, want: period},
		{name: "annee too large", target: quotient + own + "&annee=" + "99999999999999999999", header: live, want: period},
		{name: "what was not agreed", target: "/v3/dgfip/situation_ir" + own, header: live, want: scope},
		{name: "identity not agreed", target: "/v3/identite" + own, header: live, want: scope},
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions, "TRACE", "ACCORD"} {
		rows = append(rows, probe{name: method, method: method, target: quotient + own, header: live, want: wantAPI(http.StatusMethodNotAllowed, "00405")})
	}
	for _, path := range []string{
		"/v3", "/v3/", "/v3/dss", quotient + "/", quotient + "/identite", "/v3/../v3/dss/quotient_familial", "/v3//dss/quotient_familial", "/v3/dss/%00",
		"/v3/cnous/etudiant_inconnu", "/v3/" + many(8<<10),
	} {
		rows = append(rows, probe{name: "unknown " + path[:min(len(path), 40)], target: path + own, header: live, want: wantAPI(http.StatusNotFound, "00402")})
	}
	c.play(t, rows...)
	c.play(t, probe{name: "control", target: quotient + own, header: live, want: wantOnly(http.StatusOK, `"data":`), leaves: trace{leaves: 1}})
}
