package broker_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/oidc/serviceprovider"
)

// A wiretap keeps what a service provider sends and is given that would be of
// use to a thief.
type wiretap struct {
	mu   sync.Mutex
	seen map[string]string // by what it is; the last of each
}

func (w *wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent, got []byte
	var err error
	if r.Body != nil {
		if sent, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if got, err = io.ReadAll(res.Body); err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(got))
	w.keep(r, sent, got)
	return res, nil
}

func (w *wiretap) keep(r *http.Request, sent, got []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	form, _ := url.ParseQuery(string(sent)) // no form holds nothing
	for _, name := range []string{"client_assertion", "code", "code_verifier", "refresh_token", "token"} {
		w.note(name, form.Get(name))
	}
	w.note("proof", r.Header.Get("DPoP"))
	var answer map[string]any
	_ = json.Unmarshal(got, &answer) // nor does what is no object
	for _, name := range []string{"request_uri", "access_token", "refresh_token", "id_token"} {
		value, _ := answer[name].(string)
		w.note("answered "+name, value)
	}
}

func (w *wiretap) note(name, value string) {
	if value != "" {
		w.seen[name] = value
	}
}

// Attack list, row 111, for a client of profile fapi2: logs at their most
// talkative, and files, hold no assertion, proof, pushed request's name, code,
// verifier or token.
func TestNoLogHoldsWhatAClientOfFAPI2Sends(t *testing.T) {
	var logged journal
	data, tap := t.TempDir(), &wiretap{seen: map[string]string{}}
	c, err := country.Start(t.Context(), country.Options{
		Data: data, Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	p := portal{watched: watched{c, nil}}
	if p.Client, err = c.Portal(t.TempDir(), func(cfg *serviceprovider.Config) {
		p.held, cfg.HTTP = cfg.DPoP, &http.Client{Transport: tap}
	}); err != nil {
		t.Fatal(err)
	}
	token := p.agreedToRenew(t)
	again, err := p.Refresh(t.Context(), token.Refresh)
	if err == nil {
		_, err = p.Data(t.Context(), again, quotientResource)
	}
	if err == nil {
		_, err = p.Refresh(t.Context(), strings.Repeat("x", 43)) // what is refused is logged
	}
	if !errors.Is(err, serviceprovider.ErrEnded) {
		t.Fatal(err)
	}
	for _, kind := range []string{"client_assertion", "proof", "code", "code_verifier", "refresh_token", "answered request_uri", "answered access_token", "answered refresh_token"} {
		if len(tap.seen[kind]) < 32 {
			t.Errorf("no %s was seen: the test proves nothing", kind)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	var canaries []string
	for kind, secret := range tap.seen {
		canaries = append(canaries, secret)
		if bytes.Contains(logged.buf.Bytes(), []byte(secret)) {
			t.Errorf("the log holds the %s", kind)
		}
	}
	if searched := searchFiles(t, data, canaries); searched < 1<<14 || logged.buf.Len() == 0 {
		t.Fatal("nothing was searched: the test proves nothing")
	}
}
