package broker_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"testing"

	"accord/cmd/accord-demo/country"
)

// A stranger may send somebody's name, or a stolen token, anywhere in a request
// that is refused: nothing of it is written into the operator's log.
func TestWhatARefusedRequestSaidIsNotLogged(t *testing.T) {
	var logged journal
	c, err := country.Start(t.Context(), country.Options{Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	client := account(t, c)
	for _, more := range [][]string{
		{"scope", "openid canary"},
		{"state", "canary\x01"},
		{"id_token_hint", "canary.a.b"},
		{"purpose", "canary"},
		{"prompt", "canary"},
		{"authorization_details", `[{"type":"accord_data","required":["canary"]}]`},
		{"authorization_details", `[{"canary":1}]`},
		{"redirect_uri", "https://canary.example/"},
		{"client_id", "canary"},
		{"login_hint", "canary"},
		{"resource", "https://canary.example"},
		{"request_uri", "urn:ietf:params:oauth:request_uri:canary"},
		{"max_age", "canary"},
		{"acr_values", "canary"},
		{"until", "canary"},
	} {
		r := client.Begin()
		if err := get(r.URL(values(more...)), http.Header{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{
		"/grants/canary", "/userinfo?access_token=canary", "/recu/canary.jws", "/canary", "/v3/canary", "/v3/dss/quotient_familial?canary=1",
		"/session/end?id_token_hint=canary&state=canary&client_id=canary", "/callback?state=canarycanary&code=canary", "/connexion?i=canary12", "/deconnecte?state=canary",
	} {
		for _, h := range []http.Header{{"Authorization": {"Bearer canary"}, "Cookie": {"accord=canary"}}, {"Authorization": {"DPoP canary"}, "Dpop": {"canary.a.b"}}} {
			if err := get(c.Accord+path, h); err != nil {
				t.Fatal(err)
			}
		}
	}
	if bytes.Count(logged.buf.Bytes(), []byte("refused")) < 20 {
		t.Fatal("little was refused: the test proves nothing")
	}
	for line := range bytes.Lines(logged.buf.Bytes()) {
		if bytes.Contains(line, []byte("canary")) {
			t.Errorf("logged: %s", line)
		}
	}
}

// get asks for an address without following where it leads.
func get(address string, h http.Header) error {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Header = h
	a, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return err
	}
	return a.Body.Close()
}
