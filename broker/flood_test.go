package broker_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// A visitor begins interactions and keeps no cookie.
type visitor struct {
	t       *testing.T
	country *country.Country
	client  headless.Client
	http    *http.Client
}

func newVisitor(t *testing.T, proxies ...string) visitor {
	t.Helper()
	c := ownCountry(t, func(b *broker.Config) { b.TrustedProxies = proxies })
	return visitor{t, c, canteen(t, c), &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// begins is the answer to one request under these lines of X-Forwarded-For.
func (v visitor) begins(method, path string, forwarded ...string) (*http.Response, string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.country.Accord+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header["X-Forwarded-For"] = forwarded
	r.Header.Set("X-Real-IP", "198.51.100.7") // which counts nowhere
	answer, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // a test's
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer, string(body)
}

func (v visitor) request() string {
	return strings.TrimPrefix(v.client.Begin().URL(nil), v.country.Accord)
}

// flood begins interactions until the address is told to wait.
func (v visitor) flood(forwarded func(n int) string) (begun int, answer *http.Response, page string) {
	v.t.Helper()
	for ; begun < 10_000; begun++ {
		if answer, page = v.begins(http.MethodGet, v.request(), forwarded(begun)); answer.StatusCode != http.StatusSeeOther {
			return begun, answer, page
		}
	}
	v.t.Fatalf("%d interactions for one address, and no end", begun)
	return begun, nil, ""
}

// The places of interactions are all clients' together: one address, unknown to
// anybody, takes a part of them, generous for a school or a town hall, and its
// next visitor is sent back. Nobody else waits for it.
func TestOneAddressCannotTakeThePlacesOfAll(t *testing.T) {
	v := newVisitor(t, "127.0.0.1")
	begun, answer, page := v.flood(func(int) string { return "198.51.100.7" })
	if begun < 3000 || begun > 6000 {
		t.Errorf("%d begun", begun)
	}
	if answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") == "" || len(answer.Cookies()) != 0 ||
		!strings.Contains(page, "<code>A19</code>") || !strings.Contains(page, "error=temporarily_unavailable") {
		t.Errorf("%d %v: %s", answer.StatusCode, answer.Header, page)
	}
	for name, row := range map[string]struct {
		method, path string
		forwarded    []string
		want         int
	}{
		"« Mes accords »":             {http.MethodPost, "/mes-accords/connexion", []string{"198.51.100.7"}, http.StatusTooManyRequests},
		"what the visitor wrote":      {http.MethodGet, v.request(), []string{"203.0.113.9, 198.51.100.7"}, http.StatusTooManyRequests},
		"in a line of its own":        {http.MethodGet, v.request(), []string{"203.0.113.9", "198.51.100.7"}, http.StatusTooManyRequests},
		"which is no address":         {http.MethodGet, v.request(), []string{"nobody", "198.51.100.7"}, http.StatusTooManyRequests},
		"no header of a proxy's":      {http.MethodGet, v.request(), nil, http.StatusSeeOther},
		"another address":             {http.MethodGet, v.request(), []string{"198.51.100.8"}, http.StatusSeeOther},
		"another's « Mes accords »":   {http.MethodPost, "/mes-accords/connexion", []string{"198.51.100.8"}, http.StatusSeeOther},
		"a page that begins nothing":  {http.MethodGet, "/habilitations", []string{"198.51.100.7"}, http.StatusOK},
		"a request without a browser": {http.MethodGet, v.request() + "&prompt=none", []string{"198.51.100.7"}, http.StatusSeeOther},
	} {
		if answer, body := v.begins(row.method, row.path, row.forwarded...); answer.StatusCode != row.want {
			t.Errorf("%s: %d, want %d: %.300s", name, answer.StatusCode, row.want, body)
		}
	}
}

// Without a trusted proxy the connection's own address counts, whatever a
// header says.
func TestAVisitorDoesNotChooseTheAddressItIsKnownBy(t *testing.T) {
	v := newVisitor(t)
	if begun, answer, _ := v.flood(func(n int) string { return "198.51.100." + string(rune('0'+n%10)) }); begun > 6000 || answer.StatusCode != http.StatusTooManyRequests {
		t.Errorf("%d begun, then %d", begun, answer.StatusCode)
	}
}
