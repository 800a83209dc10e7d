package issuer

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// An attack is one row of the attack list, tried over HTTP. want is how it
// must be answered: "page 400", "redirect <error>", "json 401 <error>".
type attack struct {
	row  int
	name string
	try  func(f *fixture) *httptest.ResponseRecorder
	want string
}

// authorizing is an authorization request of client basic with changes.
func authorizing(pairs ...string) func(f *fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder { return f.authorize(with(f.request("basic"), pairs...)) }
}

// exchanging is a token request with a good code, then changes.
func exchanging(pairs ...string) func(f *fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder {
		return f.post(pathToken, "basic", with(exchangeForm("basic", f.code("basic")), pairs...))
	}
}

func rawAuthorize(query string) func(f *fixture) *httptest.ResponseRecorder {
	return func(f *fixture) *httptest.ResponseRecorder {
		return f.send(httptest.NewRequest(http.MethodGet, testIssuer+pathAuthorize+"?"+query, nil))
	}
}

func (f *fixture) pushed(client string) string {
	f.t.Helper()
	return member(f.t, f.post(pathPush, client, f.request(client)), "request_uri")
}

// answered puts an answer into the words of attack.want.
func answered(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	switch {
	case w.Code == http.StatusSeeOther:
		to := location(t, w)
		if to.Query().Get("iss") != testIssuer || to.Query().Get("state") != "st" {
			t.Errorf("authorization response without iss or state: %s", to)
		}
		return "redirect " + to.Query().Get("error")
	case strings.HasPrefix(w.Body.String(), "page "):
		return fmt.Sprintf("page %d", w.Code)
	}
	return fmt.Sprintf("json %d %s", w.Code, member(t, w, "error"))
}

// run tries an attack on a fresh issuer, and finds that it got nothing.
func (a attack) run(t *testing.T) {
	f := newFixture(t)
	w := a.try(f)
	if got := answered(t, w); got != a.want {
		t.Errorf("row %d: %s, want %s: %s", a.row, got, a.want, w.Body)
	}
	if location := w.Header().Get("Location"); strings.Contains(w.Body.String(), "acc_") || strings.Contains(location, "code=") {
		t.Errorf("row %d: something was issued", a.row)
	}
	if len(f.journey.tokens) != 0 {
		t.Errorf("row %d: a token lives", a.row)
	}
	if a.row <= 28 && f.journey.given() != 0 {
		t.Errorf("row %d: a code was made", a.row)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("row %d: no Cache-Control: no-store", a.row)
	}
	if w.Code == http.StatusUnauthorized && w.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("row %d: 401 without WWW-Authenticate", a.row)
	}
}

func attacks(t *testing.T) []attack {
	return slices.Concat(redirectAttacks(), authorizeAttacks(), pushedAttacks(), tokenAttacks(), clientAttacks(), assertionAttacks(newFixture(t)),
		fapiAttacks(), proofAttacks(newFixture(t)))
}

func TestAttacksGetTheRightRefusalAndNothingElse(t *testing.T) {
	for _, a := range attacks(t) {
		t.Run(fmt.Sprintf("%d/%s", a.row, a.name[:min(40, len(a.name))]), a.run)
	}
}

// The rows that apply are all tried: in the table, or by a test of their own.
// Rows 65 to 67, 81 and 84 are also broker's to try, with tokens that live:
// TestADeadRefreshTokenGivesNothing, TestARefreshNeverWidens,
// TestFiftyRefreshesAtOnceLeaveOneFamily, TestAnothersTokensStayAlive.
func TestEveryAttackRowIsTried(t *testing.T) {
	tried := map[int]bool{
		15: true, 19: true, 47: true, 67: true, 76: true, 77: true, 78: true, 79: true, 80: true, 81: true, 82: true, 83: true, 84: true, 85: true, 86: true,
		90: true, 91: true, 92: true, 93: true, 104: true, 105: true, 106: true,
	}
	for _, a := range attacks(t) {
		tried[a.row] = true
	}
	for _, span := range [][2]int{{1, 24}, {28, 28}, {46, 86}, {90, 93}, {104, 106}} {
		for row := span[0]; row <= span[1]; row++ {
			if !tried[row] {
				t.Errorf("row %d is not tried", row)
			}
		}
	}
}
