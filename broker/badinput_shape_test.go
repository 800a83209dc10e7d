package broker_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A shape is what an answer must look like; the first member set decides.
type shape struct {
	status int
	code   string // a citizen's page with this code of the error table
	oauth  string // JSON, RFC 6749 §5.2
	api    string // JSON, API Particulier's error object with this code
	back   string // redirect to the registered address with error, state, iss
	state  string // of back
	to     string // redirect within Accord, by its beginning
	again  bool   // the page of the form, with its problems
	holds  string // any other answer, holding this
}

func wantPage(status int, code string) shape  { return shape{status: status, code: code} }
func wantOAuth(status int, code string) shape { return shape{status: status, oauth: code} }
func wantAPI(status int, code string) shape   { return shape{status: status, api: code} }
func wantTo(path string) shape                { return shape{status: http.StatusSeeOther, to: path} }

func wantAgain() shape                        { return shape{status: http.StatusUnprocessableEntity, again: true} }
func wantOnly(status int, holds string) shape { return shape{status: status, holds: holds} }

func (s shape) check(t *testing.T, w watched, a answer, lang string) {
	t.Helper()
	if a.status != s.status {
		t.Fatalf("status %d, want %d: %.300s %v", a.status, s.status, words(a.body), a.header["Location"])
	}
	switch {
	case s.code != "" || s.again:
		s.checkPage(t, a, lang)
	case s.oauth != "":
		checkMember(t, a, "error", s.oauth)
	case s.api != "":
		checkAPI(t, a, s.api)
	case s.back != "":
		s.checkBack(t, w, a)
	case s.to != "" && !strings.HasPrefix(a.header.Get("Location"), s.to):
		t.Errorf("sent to %q, want %q", a.header.Get("Location"), s.to)
	case !strings.Contains(a.body, s.holds):
		t.Errorf("answered %.300q, want %q in it", a.body, s.holds)
	}
	if s.to == "" && s.back == "" && a.header.Get("Location") != "" {
		t.Errorf("sent to %q", a.header.Get("Location"))
	}
}

// jargon never meets a citizen.
func jargon() []string {
	return []string{
		"invalid_", "access_denied", "server_error", "temporarily_unavailable", "unauthorized_client", "login_required", "redirect_uri",
		"request_uri", "client_id", "code_challenge", "state ", "nonce", "csrf", "OAuth", "token", "⟦",
	}
}

func (s shape) checkPage(t *testing.T, a answer, lang string) {
	t.Helper()
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || !strings.Contains(a.body, `<html lang="`+lang+`"`) {
		t.Errorf("no page in %s: %.120s", lang, a.body)
	}
	if s.code != "" && !strings.Contains(a.body, "<code>"+s.code+"</code>") {
		t.Errorf("no code %s: %.300s", s.code, words(a.body))
	}
	if s.again && (!strings.Contains(a.body, `id="refuse"`) || !strings.Contains(a.body, `"?i=`)) {
		t.Errorf("the form did not come again, in both languages: %.300s", words(a.body))
	}
	for _, word := range jargon() {
		if strings.Contains(words(a.body), word) {
			t.Errorf("the citizen reads %q: %.300s", word, words(a.body))
		}
	}
	h := a.header
	if !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || h.Get("Cache-Control") != "no-store" ||
		h.Get("X-Frame-Options") != "DENY" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("a page without its headers: %v", h)
	}
}

func checkMember(t *testing.T, a answer, name, want string) {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || body[name] != want {
		t.Errorf("answered %.300s, want %s %s", a.body, name, want)
	}
	checkJSON(t, a)
}

func checkAPI(t *testing.T, a answer, code string) {
	t.Helper()
	var body struct{ Errors []map[string]any }
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || len(body.Errors) != 1 || body.Errors[0]["code"] != code {
		t.Errorf("answered %.300s, want code %s", a.body, code)
		return
	}
	if body.Errors[0]["title"] == "" || body.Errors[0]["detail"] == "" {
		t.Errorf("an error without title or detail: %s", a.body)
	}
	checkJSON(t, a)
	challenge := a.header.Get("WWW-Authenticate")
	if a.status == http.StatusUnauthorized && !strings.HasPrefix(challenge, "Bearer") && !strings.HasPrefix(challenge, "DPoP") {
		t.Errorf("401 without a challenge: %v", a.header)
	}
	if code == "00192" && (!strings.HasPrefix(challenge, `DPoP error="`) || !strings.HasSuffix(challenge, `algs="ES256 PS256 EdDSA"`)) {
		t.Errorf("a refused proof without its challenge: %q", challenge)
	}
}

func checkJSON(t *testing.T, a answer) {
	t.Helper()
	h := a.header
	if !strings.HasPrefix(h.Get("Content-Type"), "application/json") || h.Get("Cache-Control") != "no-store" || h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("JSON without its headers: %v", h)
	}
}

// checkBack: the registered address, with exactly error, state and iss.
func (s shape) checkBack(t *testing.T, w watched, a answer) {
	t.Helper()
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil || !strings.HasPrefix(u.String(), w.TownHallURL+"/retour?") {
		t.Fatalf("sent to %q", a.header.Get("Location"))
	}
	q := u.Query()
	q.Del("error_description")
	if want := (url.Values{"error": {s.back}, "state": {s.state}, "iss": {w.Accord}}); q.Encode() != want.Encode() {
		t.Errorf("sent back with %v, want %v", q, want)
	}
}

// words is what a reader sees of a page.
func words(page string) string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return page
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
