package apidoc

import (
	_ "embed" // the calls
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The calls of the quick start, and those that may follow an agreement.
var (
	//go:embed examples/calls.json
	callsFile []byte
	//go:embed examples/further.json
	furtherFile []byte
)

// Prepare is what to run before the calls, in any sh: what they name $STATE,
// $NONCE, $CODE_VERIFIER and $CODE_CHALLENGE (RFC 7636 §4.2).
const Prepare = `STATE=$(openssl rand -hex 16)
NONCE=$(openssl rand -hex 16)
CODE_VERIFIER=$(openssl rand -hex 32)
CODE_CHALLENGE=$(printf %s "$CODE_VERIFIER" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d =)`

// A Call is one request that /developpeurs shows, written by hand, with the answer
// that a test recorded when it last made it. $NAMES stand for what differs each
// time, in requests and answers alike, so that the curl line can be run.
type Call struct {
	ID       string      `json:"id"` // texts are dev.call.<ID>
	Method   string      `json:"method"`
	Path     string      `json:"path"`             // and query
	Client   bool        `json:"client,omitempty"` // authenticates as client_secret_basic
	Headers  [][2]string `json:"headers,omitempty"`
	Form     [][2]string `json:"form,omitempty"`
	Status   int         `json:"status"`
	Location string      `json:"location,omitempty"`
	Body     string      `json:"body,omitempty"`
}

// Calls are those of the quick start, in the order they are made.
func Calls() ([]Call, error) { return read(callsFile) }

// FurtherCalls are about an agreement that was given: its tokens, its receipt
// and what is left of it. The last one ends it.
func FurtherCalls() ([]Call, error) { return read(furtherFile) }

func read(file []byte) ([]Call, error) {
	var all []Call
	if err := json.Unmarshal(file, &all); err != nil {
		return nil, fmt.Errorf("reading recorded calls: %w", err)
	}
	return all, nil
}

// Curl writes the request as a command of sh, its variables to be set before.
func (c Call) Curl(issuer string) string {
	parts := []string{"curl -i"}
	if c.Method != http.MethodGet && len(c.Form) == 0 {
		parts[0] += " -X " + c.Method
	}
	if c.Client {
		parts = append(parts, `-u "$CLIENT_ID:$CLIENT_SECRET"`)
	}
	for _, h := range c.Headers {
		parts = append(parts, fmt.Sprintf("-H %q", h[0]+": "+h[1]))
	}
	for _, f := range c.Form {
		parts = append(parts, fmt.Sprintf("--data-urlencode %q", f[0]+"="+f[1]))
	}
	return strings.Join(append(parts, fmt.Sprintf("%q", issuer+c.Path)), " \\\n  ")
}

// Expanded is the request with its variables filled in: its address and its
// form.
func (c Call) Expanded(issuer string, value func(string) string) (address string, form url.Values) {
	address = issuer + Expand(c.Path, func(name string) string { return url.QueryEscape(value(name)) })
	if len(c.Form) > 0 {
		form = url.Values{}
	}
	for _, f := range c.Form {
		form.Add(f[0], Expand(f[1], value))
	}
	return address, form
}

// Expand replaces $NAMES of text, longest first.
func Expand(text string, value func(string) string) string {
	for _, name := range variables() {
		text = strings.ReplaceAll(text, "$"+name, value(name))
	}
	return text
}

// variables are the names that may stand in a call, the longer before those
// they begin with.
func variables() []string {
	all := strings.Fields("CLIENT_ID REDIRECT_URI STATE NONCE CODE_CHALLENGE CODE_VERIFIER RECIPIENT PURPOSE REQUEST_URI CODE ACCESS_TOKEN MANAGEMENT_TOKEN GRANT_ID RECEIPT_ID")
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}
