package auditor

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

const secret = "an auditor's secret, long enough to be one"

// long is a log of many leaves, as a store gives it.
type long struct {
	store.Store
	keys   *keyring.Ring
	size   int64
	broken int64 // leaf that cannot be read; -1: none
	event  []byte
}

func (s *long) Checkpoint(context.Context) ([]byte, error) {
	return ledger.SignCheckpoint(ledger.Checkpoint{Origin: s.keys.Origin(), Size: s.size}, s.keys.LogSigner())
}

func (s *long) Entries(_ context.Context, from, to int64) (all []store.Entry, err error) {
	if to-from > 1000 {
		return nil, os.ErrInvalid
	}
	for i := from; i < min(to, s.size); i++ {
		if i == s.broken {
			return nil, os.ErrInvalid
		}
		all = append(all, store.Entry{Index: i, Kind: audit.SourceAnswered, Salt: [32]byte{1}, Event: s.event})
	}
	return all, nil
}

func newLong(t *testing.T, size int64) (*long, *httptest.Server) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	if err := keyring.Create(dir, "accord.example/log/1", "https://accord.example", time.Now()); err != nil {
		t.Fatal(err)
	}
	ring, err := keyring.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	event, err := audit.Encode(audit.Event{V: 1, Kind: audit.SourceAnswered.String(), Time: "2026-11-24T02:00:00.000Z", Outcome: "found"})
	if err != nil {
		t.Fatal(err)
	}
	s := &long{keys: ring, size: size, broken: -1, event: event}
	p := New(Config{Store: s, Keys: ring, Auditors: []Credential{{"cnil", audit.Digest([]byte(secret))}}})
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	p.Mount(r, func(func(*gin.Context) error) gin.HandlerFunc { return func(*gin.Context) {} })
	mux := http.NewServeMux()
	mux.Handle("/", r)
	mux.Handle("/export", p.Export())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return s, server
}

func ask(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp, "cut short"
	}
	return resp, string(body)
}

// A long log comes in bounded answers, each saying where the next begins, and
// none leaves a leaf out.
func TestALongLogComesInBoundedAnswers(t *testing.T) {
	_, server := newLong(t, 2*mostLines+3)
	for _, at := range []string{"/auditor/events.ndjson", "/auditor/export.csv"} {
		leaves, answers := 0, 0
		for path := at; path != ""; answers++ {
			resp, body := ask(t, server.URL+path)
			lines := strings.Count(body, "\n") - 1
			if resp.StatusCode != http.StatusOK || lines > mostLines {
				t.Fatalf("%s: status %d, %d lines", path, resp.StatusCode, lines)
			}
			leaves += lines
			link, _, _ := strings.Cut(strings.TrimPrefix(resp.Header.Get("Link"), "<"), ">")
			path = link
		}
		if leaves != 2*mostLines+3 || answers != 3 {
			t.Errorf("%s: %d leaves in %d answers", at, leaves, answers)
		}
	}
}

// What cannot be read whole is not read at all.
func TestALogThatCannotBeReadIsNeverServedInPart(t *testing.T) {
	s, server := newLong(t, 3000)
	s.broken = 2500
	if resp, body := ask(t, server.URL+"/auditor/events.ndjson"); resp.StatusCode != http.StatusServiceUnavailable || strings.Contains(body, "{") {
		t.Errorf("status %d: %.80s", resp.StatusCode, body)
	}
	if _, body := ask(t, server.URL+"/export"); body != "cut short" {
		t.Errorf("the export ended cleanly after %d lines", strings.Count(body, "\n"))
	}
}

func TestTheExportIsTheWholeLogUnderItsCheckpoint(t *testing.T) {
	s, server := newLong(t, 2500)
	resp, body := ask(t, server.URL+"/export")
	head, rest, _ := strings.Cut(body, "\n")
	h, err := audit.DecodeExportHeader([]byte(head))
	if err != nil || resp.StatusCode != http.StatusOK || h.To != s.size || h.Checkpoint == "" || strings.Count(rest, "\n") != 2500 {
		t.Errorf("status %d, header %+v, %d lines: %v", resp.StatusCode, h, strings.Count(rest, "\n"), err)
	}
}

func TestAnAuditorWhoAsksTooOftenIsToldToWait(t *testing.T) {
	_, server := newLong(t, 1)
	for n := range answersBurst + 5 {
		resp, _ := ask(t, server.URL+"/auditor/events.ndjson")
		if resp.StatusCode == http.StatusTooManyRequests {
			if resp.Header.Get("Retry-After") == "" || n < answersBurst {
				t.Errorf("refused at %d, Retry-After %q", n, resp.Header.Get("Retry-After"))
			}
			return
		}
	}
	t.Error("never told to wait")
}

// Nothing but the one credential opens; the question says how to authenticate
// and nothing else.
func TestOnlyTheAuditorsTokenOpens(t *testing.T) {
	_, server := newLong(t, 1)
	for _, header := range []string{"", "Bearer", "Bearer ", "Basic " + secret, secret, "Bearer " + secret[1:], "Bearer " + audit.Digest([]byte(secret))} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/auditor/events.ndjson", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", header)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), `Bearer realm="accord-auditor"`) {
			t.Errorf("%q: status %d, %q", header, resp.StatusCode, resp.Header.Get("WWW-Authenticate"))
		}
	}
}
