package broker_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"accord/broker"
	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// shared is one country for the tests that change nothing in it.
var shared = sync.OnceValues(func() (watched, error) {
	kept := new(atomic.Int64)
	c, err := country.Start(context.Background(), country.Options{Wrap: wrapStore(func(s store.Store) store.Store { return counting{s, kept} })})
	return watched{c, kept}, err
})

func TestMain(m *testing.M) {
	if dir := os.Getenv(childData); dir != "" {
		os.Exit(child(dir))
	}
	code := m.Run()
	if c, err := shared(); err == nil {
		_ = c.Close() // the process ends anyway
	}
	os.Exit(code)
}

func theCountry(t *testing.T) *country.Country {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return c.Country
}

// ownCountry is a country of the test's own, its broker's parts changed.
func ownCountry(t *testing.T, wrap country.Wrap) *country.Country {
	t.Helper()
	c, err := country.Start(t.Context(), country.Options{Wrap: wrap})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error("closing:", err)
		}
	})
	return c
}

// wrapStore puts another store between the broker and the real one.
func wrapStore(around func(store.Store) store.Store) country.Wrap {
	return func(c *broker.Config) { c.Store = around(c.Store) }
}

func canteen(t *testing.T, c *country.Country, scopes ...string) headless.Client {
	t.Helper()
	client, err := c.Client(country.Editor, "valbrume-cantine", append([]string{"cnaf_quotient_familial"}, scopes...)...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func walk(t *testing.T, c *country.Country, client headless.Client) *country.Walk {
	t.Helper()
	w, err := c.Walk(client)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func do(t *testing.T, w *country.Walk, buttons ...string) {
	t.Helper()
	if err := w.Do(buttons...); err != nil {
		t.Fatal(err)
	}
}

func see(t *testing.T, w *country.Walk, persona string) {
	t.Helper()
	if err := w.See(persona); err != nil {
		t.Fatal(err)
	}
}

func token(t *testing.T, c *country.Country, client headless.Client, persona string) (*country.Walk, headless.Token) {
	t.Helper()
	w, tok, err := c.Token(client, persona)
	if err != nil {
		t.Fatal(err)
	}
	return w, tok
}

// A delivery is what /v3 answered.
type delivery struct {
	Status int
	Header http.Header
	Body   string
	Data   map[string]json.RawMessage
}

func read(t *testing.T, c *country.Country, tok headless.Token, path string) delivery {
	t.Helper()
	return readFor(t, c, tok.Access, path, tok.Recipient)
}

func readFor(t *testing.T, c *country.Country, access, path, recipient string) delivery {
	t.Helper()
	glue := "?"
	if strings.Contains(path, "?") {
		glue = "&"
	}
	status, header, body, err := headless.Read(c.Accord+path+glue+"recipient="+recipient, access)
	if err != nil {
		t.Fatal(err)
	}
	d := delivery{Status: status, Header: header, Body: string(body)}
	var envelope struct{ Data map[string]json.RawMessage }
	if json.Unmarshal(body, &envelope) == nil {
		d.Data = envelope.Data
	}
	return d
}

const quotient = "/v3/dss/quotient_familial"
