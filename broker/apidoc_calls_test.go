package broker_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"accord/broker/apidoc"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// TestTheQuickStartsCallsAnswerAsThePageSays makes the very requests that
// /developpeurs shows, as a citizen agrees in between and withdraws at the end,
// and compares each answer with the one shown.
func TestTheQuickStartsCallsAnswerAsThePageSays(t *testing.T) {
	c := exampleCountry(t)
	calls, err := apidoc.Calls()
	if err != nil {
		t.Fatal(err)
	}
	begin(t, c).follow(t, "calls", calls)
	trueLog(t, c)
}

// TestTheQuickStartsFurtherCallsAnswerAsThePageSays makes the further requests of
// /developpeurs, whose answers are also the examples of /openapi.yaml, each of
// its schema: about the tokens and the receipt, and the end of the agreement.
func TestTheQuickStartsFurtherCallsAnswerAsThePageSays(t *testing.T) {
	c := exampleCountry(t)
	first, err := apidoc.Calls()
	if err != nil {
		t.Fatal(err)
	}
	further, err := apidoc.FurtherCalls()
	if err != nil {
		t.Fatal(err)
	}
	made := begin(t, c)
	for _, call := range first[:3] { // to the token
		if call.ID == "token" {
			made.agree(t)
		}
		made.make(t, call)
	}
	keepsSchemas(t, made.follow(t, "further", further))
	trueLog(t, c)
}

// keepsSchemas holds recorded answers to the description.
func keepsSchemas(t *testing.T, calls []apidoc.Call) {
	t.Helper()
	schemas := map[string]string{"introspect": "introspection", "management": "tokenAnswer", "grant": "grant"}
	for _, call := range calls {
		name, ok := schemas[call.ID]
		if !ok {
			continue
		}
		delete(schemas, call.ID)
		if breaches, err := described(t, name).Check([]byte(call.Body)); err != nil || len(breaches) > 0 {
			t.Errorf("%s: %v %v", call.ID, breaches, err)
		}
	}
	if len(schemas) > 0 {
		t.Errorf("not called: %v", schemas)
	}
}

// follow makes the calls of a file of examples, and compares or records.
func (s *start) follow(t *testing.T, file string, calls []apidoc.Call) (recorded []apidoc.Call) {
	t.Helper()
	for _, call := range calls {
		switch call.ID {
		case "token":
			s.agree(t)
		case "withdrawn":
			s.withdraw(t)
		}
		got := s.make(t, call)
		if got.Status != call.Status || got.Location != call.Location || got.Body != call.Body {
			if !*update {
				t.Errorf("%s: answered %d %s %s, the page says %d %s %s", call.ID, got.Status, got.Location, got.Body, call.Status, call.Location, call.Body)
			}
		}
		recorded = append(recorded, got)
	}
	if *update {
		writeCalls(t, file, recorded)
	}
	return recorded
}

// A start is one service provider's first journey, with what its calls name.
type start struct {
	country *country.Country
	client  headless.Client
	browser *headless.Browser
	page    *headless.Page
	values  map[string]string
}

func begin(t *testing.T, c *country.Country) *start {
	t.Helper()
	client := canteen(t, c)
	r := client.Begin()
	challenge := sha256.Sum256([]byte(r.Verifier))
	return &start{country: c, client: client, browser: headless.New().StopAt(client.RedirectURI), values: map[string]string{
		"CLIENT_ID": client.ID, "REDIRECT_URI": client.RedirectURI, "STATE": r.State, "NONCE": r.Nonce,
		"CODE_VERIFIER": r.Verifier, "CODE_CHALLENGE": base64.RawURLEncoding.EncodeToString(challenge[:]),
		"RECIPIENT": client.Recipient, "PURPOSE": client.Purpose,
	}}
}

// make sends a call and gives it back with its answer, what is random named.
func (s *start) make(t *testing.T, call apidoc.Call) apidoc.Call {
	t.Helper()
	address, form := call.Expanded(s.country.Accord, func(name string) string { return s.values[name] })
	req, err := http.NewRequestWithContext(t.Context(), call.Method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if call.Client {
		req.SetBasicAuth(url.QueryEscape(s.client.ID), url.QueryEscape(s.client.Secret))
	}
	for _, h := range call.Headers {
		req.Header.Set(h[0], apidoc.Expand(h[1], func(name string) string { return s.values[name] }))
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	s.learn(body)
	if call.ID == "authorize" { // from here on the citizen's browser
		if s.page, err = s.browser.Get(address); err != nil {
			t.Fatal(err)
		}
		body = nil
	}
	call.Status, call.Location, call.Body = resp.StatusCode, s.named(resp.Header.Get("Location")), s.named(string(bytes.TrimSpace(body)))
	return call
}

// learn keeps what an answer gives for the calls that follow.
func (s *start) learn(body []byte) {
	var told map[string]any
	if json.Unmarshal(body, &told) != nil {
		signed := string(bytes.TrimSpace(body))
		if strings.Count(signed, ".") == 2 && !strings.Contains(signed, " ") && signed != s.values["RECEIPT"] {
			s.values["SIGNED_DELIVERY"] = signed
		}
		return
	}
	if token, ok := told["access_token"].(string); ok && strings.HasPrefix(token, "acm_") {
		s.values["MANAGEMENT_TOKEN"] = token
		delete(told, "access_token")
	}
	for _, name := range []string{"request_uri", "access_token", "id_token", "grant_id", "receipt", "receipt_uri"} {
		if value, ok := told[name].(string); ok {
			s.values[strings.ToUpper(name)] = value
		}
	}
	if uri := s.values["RECEIPT_URI"]; uri != "" {
		s.values["RECEIPT_ID"] = uri[strings.LastIndex(uri, "/")+1:]
	}
	if sub, ok := told["sub"].(string); ok {
		s.values["SUBJECT_ID"] = sub
	}
}

// toFiveMinutes rounds seconds since 1970 down, since no two runs are as quick.
func toFiveMinutes(digits string) string {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return digits
	}
	return strconv.FormatInt(n-n%300, 10)
}

// named puts the names of random values in their places, the longest first.
func (s *start) named(text string) string {
	text = regexp.MustCompile(`\?i=[A-Za-z0-9_-]{8}$`).ReplaceAllString(text, "?i=…")
	text = regexp.MustCompile(`\b1[0-9]{9}\b`).ReplaceAllStringFunc(text, toFiveMinutes)
	var names []string
	for name := range s.values {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return len(s.values[b]) - len(s.values[a]) })
	for _, name := range names {
		if strings.ContainsAny(name, "_") || name == "RECEIPT" {
			text = strings.ReplaceAll(text, s.values[name], "$"+name)
		}
	}
	return strings.ReplaceAll(text, s.country.Accord, "https://accord.example")
}

// agree is the citizen's part: see the values and agree.
func (s *start) agree(t *testing.T) {
	t.Helper()
	w := &country.Walk{Browser: s.browser, Country: s.country, Page: s.page}
	see(t, w, "camille")
	do(t, w, "accept")
	s.values["CODE"] = w.Page.Stopped.Query().Get("code")
}

func (s *start) withdraw(t *testing.T) {
	t.Helper()
	if _, err := s.country.LookBack(s.browser.StopAt(""), "camille"); err != nil {
		t.Fatal(err)
	}
	asked, err := s.browser.Get(s.country.Accord + "/mes-accords/" + s.values["GRANT_ID"] + "/retirer")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.browser.Press(asked, "submit", nil); err != nil {
		t.Fatal(err)
	}
}

func writeCalls(t *testing.T, file string, calls []apidoc.Call) {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(calls); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("apidoc/examples/"+file+".json", out.Bytes(), 0o644); err != nil { //nolint:gosec // G306: a page everybody reads
		t.Fatal(err)
	}
}
