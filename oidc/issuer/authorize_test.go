package issuer

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEveryAuthorizationResponseNamesTheIssuer(t *testing.T) {
	f := newFixture(t)
	for name, pairs := range map[string][]string{"success": nil, "error": {"prompt", "none"}} {
		to := location(t, f.authorize(with(f.request("basic"), pairs...)))
		if to.Query().Get("iss") != testIssuer || to.Query().Get("state") != "st" {
			t.Errorf("%s: %s", name, to)
		}
	}
}

func TestRegisteredQueryIsKeptToTheCharacter(t *testing.T) {
	f := newFixture(t)
	uri := redirectOf("basic") + "?b=2&a=1"
	w := f.authorize(with(f.request("basic"), "redirect_uri", uri))
	if got := w.Header().Get("Location"); !strings.HasPrefix(got, uri+"&code=") {
		t.Errorf("answered to %s", got)
	}
}

func TestErrorDescriptionKeepsToItsCharacters(t *testing.T) {
	f := newFixture(t)
	req := &AuthorizationRequest{RedirectURI: redirectOf("basic")}
	to, err := url.Parse(f.issuer.ErrorURL(req, "access_denied", "refusé \"\\\r\nX"))
	if err != nil || to.Query().Get("error_description") != "refus? '???X" || to.Query().Has("state") {
		t.Errorf("%s, %v", to, err)
	}
}

func TestAuthorizationRequestReachesTheJourneyWhole(t *testing.T) {
	f := newFixture(t)
	v := with(f.request("basic"), "scope", "openid  family_name openid", "prompt", "login consent", "max_age", "300", "ui_locales", "en fr",
		"acr_values", "eidas2 eidas1", "recipient", "21300131000015", "purpose", "cantine", "annee", "2026", "mois", "05", "annee_campagne", "2024",
		"until", "2027-08-31", "fetches", "4", "unknown", "ignored", "login_hint", "someone")
	v.Add("unknown", "twice")
	zero := 0
	want := &AuthorizationRequest{
		ClientID: "basic", RedirectURI: redirectOf("basic"), State: "st", Nonce: "no", CodeChallenge: challengeOf(verifier),
		Scopes: []string{"openid", "family_name"}, Recipient: "21300131000015", Purpose: "cantine", Year: 2026, Month: 5, Campaign: 2024, UILocales: "en fr",
		Until: "2027-08-31", Fetches: 4,
		Prompt: "login consent", MaxAge: &zero, ACRValues: []string{"eidas2", "eidas1"},
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"GET":  f.authorize(v),
		"POST": f.post(pathAuthorize, "nobody", v),
	} {
		location(t, w)
		if got := f.journey.begun[len(f.journey.begun)-1]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s began %+v", name, got)
		}
	}
}

func TestOptionalPKCEIsForClientsRegisteredSo(t *testing.T) {
	f := newFixture(t)
	code := f.code("loose", "code_challenge", "", "code_challenge_method", "")
	if w := f.post(pathToken, "loose", with(exchangeForm("loose", code), "code_verifier", "")); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// Review stands before any page, at both doors.
func TestReviewRefusesAtBothDoors(t *testing.T) {
	f := newFixture(t)
	page := false
	f.journey.review = func(*Client, *AuthorizationRequest) *Error {
		if page {
			return &Error{Code: "invalid_scope", Page: "over_asking"}
		}
		return NewError("invalid_scope", "over-asking")
	}
	if got := answered(t, f.post(pathPush, "basic", f.request("basic"))); got != "json 400 invalid_scope" {
		t.Errorf("pushed: %s", got)
	}
	if got := answered(t, f.authorize(f.request("basic"))); got != "redirect invalid_scope" {
		t.Errorf("plain: %s", got)
	}
	page = true
	if got := f.authorize(f.request("basic")).Body.String(); got != "page over_asking invalid_scope" {
		t.Errorf("with a page: %s", got)
	}
	if len(f.journey.begun) != 0 {
		t.Error("an interaction began")
	}
}

func TestPushedRequestServesReloadsAndOneCode(t *testing.T) {
	f := newFixture(t)
	w := f.post(pathPush, "jwt", f.request("jwt"))
	uri, body := member(t, w, "request_uri"), object(t, w)
	if w.Code != http.StatusCreated || body["expires_in"] != 60.0 || len(strings.TrimPrefix(uri, pushedName)) != 43 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for range 2 { // a reload before the decision
		if _, e := f.issuer.recall(t.Context(), uri, f.clients["jwt"]); e != nil {
			t.Fatal(e)
		}
	}
	first, e := f.issuer.recall(t.Context(), uri, f.clients["jwt"])
	second, e2 := f.issuer.recall(t.Context(), uri, f.clients["jwt"])
	if e != nil || e2 != nil {
		t.Fatal(e, e2)
	}
	f.clock.add(10 * pushedLifetime) // the citizen reads; the entry has expired
	for n, req := range []*AuthorizationRequest{first, second} {
		if ok, err := f.issuer.ConsumePushed(t.Context(), req); err != nil || ok != (n == 0) {
			t.Errorf("interaction %d: first %v, %v", n, ok, err)
		}
	}
	if ok, err := f.issuer.ConsumePushed(t.Context(), &AuthorizationRequest{}); !ok || err != nil {
		t.Errorf("a plain request: %v %v", ok, err)
	}
}

func TestPushedRequestIsKeptSealed(t *testing.T) {
	f := newFixture(t)
	f.pushed("basic")
	for name, value := range f.memory.values {
		if strings.Contains(string(value), "basic") || strings.Contains(name, pushedName) {
			t.Errorf("kept in clear: %q", value)
		}
	}
	if len(f.memory.values) != 1 {
		t.Errorf("%d values kept", len(f.memory.values))
	}
}

func TestPushedNeedsAnAuthenticatedClient(t *testing.T) {
	f := newFixture(t)
	if got := answered(t, f.post(pathPush, "nobody", f.request("basic"))); got != "json 401 invalid_client" {
		t.Errorf("%s", got)
	}
	if got := answered(t, f.post(pathPush, "other", f.request("basic"))); got != "json 401 invalid_client" {
		t.Errorf("for another client: %s", got)
	}
	if got := answered(t, f.send(httptest.NewRequest(http.MethodGet, testIssuer+pathPush, nil))); got != "json 405 invalid_request" {
		t.Errorf("GET: %s", got)
	}
}

// ClientOf serves pages read by GET: Basic of a good client, and nothing else.
func TestOnlyGoodBasicCredentialsNameAClientOnAPage(t *testing.T) {
	f := newFixture(t)
	for name, c := range map[string]struct {
		user, secret, want string
	}{
		"good":          {"basic", testSecret, "basic"},
		"wrong secret":  {"basic", "x", ""},
		"other method":  {"post", testSecret, ""},
		"profile fapi2": {"lax", testSecret, ""},
		"none":          {"", "", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, testIssuer+"/recu/1.jws?client_id=basic&client_secret="+testSecret, nil)
		if c.user != "" {
			r.SetBasicAuth(c.user, c.secret)
		}
		got, ok := f.issuer.ClientOf(r)
		if ok != (c.want != "") || ok && got.ID != c.want {
			t.Errorf("%s: %v %v", name, got, ok)
		}
	}
}

func TestMethodGuardsNameWhatIsAllowed(t *testing.T) {
	f := newFixture(t)
	for _, route := range f.issuer.Routes() {
		w := f.send(httptest.NewRequest(http.MethodPatch, testIssuer+route.Path, nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != strings.Join(route.Methods, ", ") {
			t.Errorf("%s: %d, Allow %q", route.Path, w.Code, w.Header().Get("Allow"))
		}
	}
}

// FuzzAuthorizationRequest: whatever the query, nobody is sent but to a
// registered address, and what begins is well-formed and survives storing.
func FuzzAuthorizationRequest(f *testing.F) {
	fix := newFixture(f)
	f.Add(fix.request("basic").Encode())
	f.Add(fix.request("loose").Encode() + "&prompt=none&max_age=1&acr_values=eidas1&ui_locales=fr")
	f.Add("client_id=basic&client_id=other&redirect_uri=https://basic.example/cb%00")
	f.Add("client_id=loose&redirect_uri=https://loose.example/cb?b=2%26a=1&response_type=code&scope=openid&state=%22%0d%0a")
	f.Fuzz(func(t *testing.T, query string) {
		fix.journey.begun = nil
		r := httptest.NewRequest(http.MethodGet, testIssuer+pathAuthorize, nil)
		r.URL.RawQuery = query
		w := fix.send(r)
		if w.Code == http.StatusSeeOther {
			checkSentToClient(t, fix, w.Header().Get("Location"))
		} else if w.Code < 400 || w.Code > 499 {
			t.Fatalf("answered %d", w.Code)
		}
		for _, req := range fix.journey.begun {
			checkBegun(t, fix, req)
		}
	})
}

func checkSentToClient(t *testing.T, f *fixture, location string) {
	t.Helper()
	for _, c := range f.clients {
		for _, uri := range c.RedirectURIs {
			if strings.HasPrefix(location, uri+"?") || strings.HasPrefix(location, uri+"&") {
				return
			}
		}
	}
	t.Fatalf("sent to %q", location)
}

func checkBegun(t *testing.T, f *fixture, req *AuthorizationRequest) {
	t.Helper()
	c := f.clients[req.ClientID]
	if c == nil || !slices.Contains(c.RedirectURIs, req.RedirectURI) || !slices.Contains(req.Scopes, "openid") {
		t.Fatalf("began %+v", req)
	}
	if c.PKCERequired() && len(req.CodeChallenge) != challengeLength || !utf8.ValidString(req.State) || !printable(req.State+req.Nonce) {
		t.Fatalf("began %+v", req)
	}
	stored, err := json.Marshal(req)
	again := new(AuthorizationRequest)
	if err != nil || json.Unmarshal(stored, again) != nil {
		t.Fatalf("cannot be stored: %v", err)
	}
	if second, err := json.Marshal(again); err != nil || string(second) != string(stored) {
		t.Fatalf("stored as %s, read back as %s", stored, second)
	}
}
