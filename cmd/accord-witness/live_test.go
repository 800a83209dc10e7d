package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
)

// The log that a running Accord serves is one the monitor can follow.
func TestARunningAccordIsFollowed(t *testing.T) {
	c, err := country.Start(t.Context(), country.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	a := newAuditor(t, &testLog{url: c.Accord + "/log/1"})
	a.write("policy", served(t, c.Accord+"/log/1/policy"))
	a.expect(exitWell, "WELL log ")
	client, err := c.Client(country.Editor, "valbrume-cantine", "cnaf_quotient_familial")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Token(client, "camille"); err != nil {
		t.Fatal(err)
	}
	// Events are published a second later at most.
	for range 50 {
		status, out := a.look()
		if status != exitWell {
			t.Fatalf("exit %d: %s", status, out)
		}
		if !strings.Contains(out, " 0 of them new") {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("the log did not grow with an agreement")
}

func served(t *testing.T, address string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", address, answer.StatusCode, err)
	}
	return string(body)
}
