package sourcetest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"accord/providers"
	"accord/providers/upstream"
)

// A Table is every way a source refuses or fails, by the row ids of
// reference/api-particulier.md: "6.1 40409" is a code of §6.1, "4 XX004" one of
// §4's, where API Particulier itself would answer it.
type Table struct {
	Reference []string // row ids; each must stand in Rows
	Rows      []Refusal
	Query     providers.Query
	Make      func(*http.Client, func(source, what string)) (providers.Source, error) // with that client and alarm
}

// A Refusal is one answer, or none, and what it must become.
type Refusal struct {
	Reference string // row id; "" for an answer the reference does not list
	Name      string
	Status    int
	Header    http.Header
	Body      string
	Transport error // instead of an answer

	Outcome  providers.Outcome
	Cause    string // words the cause for the log must hold
	Alarm    bool   // an answer nobody foresaw
	Attempts int    // 0 = 1
}

// Refuse runs the table.
func Refuse(t *testing.T, table Table) {
	t.Helper()
	covered := map[string]bool{}
	for _, row := range table.Rows {
		covered[row.Reference] = true
		t.Run(strings.TrimSpace(row.Reference+" "+row.Name), func(t *testing.T) {
			t.Parallel()
			row.check(t, table)
		})
	}
	for _, id := range table.Reference {
		if !covered[id] {
			t.Errorf("row %s of the reference is not covered", id)
		}
	}
	delete(covered, "")
	for id := range covered {
		if !slices.Contains(table.Reference, id) {
			t.Errorf("row %s is none of the reference's", id)
		}
	}
	t.Logf("rows of the reference covered: %s", strings.Join(table.Reference, ", "))
}

func (r Refusal) check(t *testing.T, table Table) {
	var alarms atomic.Int32
	source, err := table.Make(&http.Client{Transport: r}, func(source, what string) {
		if source == "" || what == "" {
			t.Error("alarm of nobody or about nothing")
		}
		silent(t, what, table.Query)
		alarms.Add(1)
	})
	if err != nil {
		t.Fatal(err)
	}
	l := &ledger{}
	q := table.Query
	q.Attempt = l.begin
	a := source.Query(context.Background(), q)
	whole(t, source, q, a)
	l.settled(t)
	attempts := max(r.Attempts, 1)
	if a.Outcome != r.Outcome || a.Cause == nil || !strings.Contains(a.Cause.Error(), r.Cause) || len(l.ids) != attempts {
		t.Errorf("outcome %s (%v) after %d attempts, want %s (%s) after %d", a.Outcome, a.Cause, len(l.ids), r.Outcome, r.Cause, attempts)
	}
	var unlisted *upstream.Unlisted
	if errors.As(a.Cause, &unlisted) != r.Alarm || (alarms.Load() == 1) != r.Alarm {
		t.Errorf("cause %v and %d alarms, want an unlisted answer and an alarm: %t", a.Cause, alarms.Load(), r.Alarm)
	}
}

// RoundTrip is the source's: a token to whoever wants one, else the refusal.
func (r Refusal) RoundTrip(request *http.Request) (*http.Response, error) {
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: request}
	body := `{"access_token":"t","token_type":"Bearer","expires_in":3600}`
	if strings.HasPrefix(request.Header.Get("Authorization"), "Bearer ") {
		if r.Transport != nil {
			return nil, r.Transport
		}
		answer.StatusCode, body = r.Status, r.Body
		if r.Header != nil {
			answer.Header = r.Header
		}
	}
	answer.Body = io.NopCloser(strings.NewReader(body))
	return answer, nil
}
