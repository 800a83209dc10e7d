package broker_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"accord/broker"
	"accord/broker/admin"
	"accord/cmd/accord-demo/country"
)

// observed is a country whose broker counts and logs, as serve's does.
func observed(t *testing.T) (*country.Country, *admin.Metrics, *journal) {
	t.Helper()
	metrics, logged := admin.NewMetrics(), &journal{}
	c := ownCountry(t, func(c *broker.Config) {
		c.Metrics, c.Log = metrics, slog.New(slog.NewJSONHandler(logged, nil))
	})
	return c, metrics, logged
}

func scrape(t *testing.T, m *admin.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// ask sends what a curious client might.
func ask(t *testing.T, method, url string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accord-Request-Id", "chosen-by-the-client")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestWhatHappensIsCountedWithoutALabelAClientChose(t *testing.T) {
	c, metrics, _ := observed(t)
	client := canteen(t, c)
	_, tok := token(t, c, client, "camille")
	read(t, c, tok, quotient)
	refused := walk(t, c, client)
	see(t, refused, "camille")
	do(t, refused, "refuse")
	ask(t, "TREMBLIN", c.Accord+"/chosen-path?chosen=query")
	told := scrape(t, metrics)
	for _, want := range []string{
		`accord_http_request_seconds_count{class="2xx",method="GET",route="/v3/dss/quotient_familial"} 1`,
		`accord_http_request_seconds_count{class="4xx",method="other",route="other"} 1`,
		`accord_source_query_seconds_count{outcome="found",source="cnav"} 2`,
		`accord_decisions_total{outcome="granted",stage="decision"} 1`,
		`accord_decisions_total{outcome="refused",stage="decision"} 1`,
		`accord_releases_total{outcome="completed",resource="dss/quotient_familial"} 1`,
		`accord_store_command_seconds_count{command="decide",result="ok"} 2`,
		`accord_store_command_seconds_count{command="redeem",result="ok"} 1`,
	} {
		if !strings.Contains(told, want+"\n") {
			t.Errorf("not counted: %s", want)
		}
	}
	for _, chosen := range []string{"chosen", "TREMBLIN", country.Editor, "valbrume", tok.Recipient, tok.GrantID} {
		if strings.Contains(told, chosen) {
			t.Errorf("a label tells %q", chosen)
		}
	}
}

func TestEachRequestHasAnIDOfOursThatJoinsAnswerPageAndLog(t *testing.T) {
	c, _, logged := observed(t)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/chosen-path", "/connexion?i=chosen-id", "/v3/chosen", "/.well-known/openid-configuration"} {
		resp, page := ask(t, http.MethodGet, c.Accord+path)
		id := resp.Header.Get("Accord-Request-Id")
		if _, err := uuid.Parse(id); err != nil || seen[id] {
			t.Fatalf("%s: id %q", path, id)
		}
		seen[id] = true
		if resp.StatusCode >= 400 && strings.Contains(page, "<html") && !strings.Contains(page, id) {
			t.Errorf("%s: the page does not tell %s", path, id)
		}
	}
	for line := range strings.Lines(logged.String()) {
		var entry struct {
			Msg string `json:"msg"`
			ID  string `json:"request_id"`
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Errorf("the log is not JSON: %s", line)
		}
		if entry.Msg == "request" {
			delete(seen, entry.ID)
		}
		if strings.Contains(line, "chosen") {
			t.Errorf("the log tells what a client chose: %s", line)
		}
	}
	if len(seen) != 0 {
		t.Errorf("%d requests are not in the log", len(seen))
	}
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}
