package broker_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
)

// assertion is a client assertion of signer (RFC 7523), dated iat unless that
// is zero, that expires at exp.
func (r *remote) assertion(iat, exp time.Time) string {
	r.t.Helper()
	key := jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: r.key, KeyID: signer}}
	s, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		r.t.Fatal(err)
	}
	claims := map[string]any{"iss": signer, "sub": signer, "aud": r.Accord, "jti": rand.Text(), "exp": float64(exp.UnixMilli()) / 1000}
	if !iat.IsZero() {
		claims["iat"] = float64(iat.UnixMilli()) / 1000
	}
	compact, err := jwt.Signed(s).Claims(claims).Serialize()
	if err != nil {
		r.t.Fatal(err)
	}
	return compact
}

// tryPush sends a request with an assertion to the pushed authorization request
// endpoint, and returns the status.
func (r *remote) tryPush(assertion string) (int, error) {
	r.t.Helper()
	client := r.client()
	client.ID = signer
	u, err := url.Parse(client.Begin().URL(nil))
	if err != nil {
		r.t.Fatal(err)
	}
	form := u.Query()
	form.Set("client_assertion_type", assertions)
	form.Set("client_assertion", assertion)
	res, err := http.PostForm(r.Accord+"/par", form)
	if err != nil {
		return 0, err
	}
	_ = res.Body.Close()
	return res.StatusCode, nil
}

func (r *remote) pushes(what, assertion string, want int) {
	r.t.Helper()
	if got, err := r.tryPush(assertion); err != nil || got != want {
		r.t.Errorf("%s: %d (%v), want %d", what, got, err, want)
	}
}

// atCallback stands before /callback with FranceConnect's answer.
func (r *remote) atCallback() *country.Walk {
	r.t.Helper()
	w := walk(r.t, r.Country, r.client())
	w.StopAt(r.Accord + "/callback")
	do(r.t, w, "accept", "persona-camille", "continue")
	return w
}

// Promise 7, over kill -9 and over a clean restart: assertions, FranceConnect's
// states, pushed requests and codes. Whatever was used once is refused; what
// cannot be known to be unused is refused too.
func TestNothingIsAcceptedTwiceOverAKill(t *testing.T) {
	r := newRemote(t)
	first := r.assertion(time.Now(), time.Now().Add(9*time.Minute))
	r.pushes("an assertion", first, http.StatusCreated)
	r.pushes("the same assertion", first, http.StatusUnauthorized)
	unused := r.assertion(time.Now(), time.Now().Add(9*time.Minute))
	before, seen := r.atCallback(), r.atCallback()
	if p, err := seen.Get(seen.Page.Stopped.String()); err != nil || p.Status != http.StatusOK {
		t.Fatalf("a callback: %v", err)
	}
	pushed := walk(t, r.Country, r.client())
	request := url.Values{"client_id": {country.Editor}, "request_uri": {push(t, pushed)}}
	_, tok := token(t, r.Country, r.client(), "camille")
	r.kill()
	r.restart()
	time.Sleep(200 * time.Millisecond)

	r.pushes("the assertion from before the kill", first, http.StatusUnauthorized)
	r.pushes("an unused assertion from before the kill", unused, http.StatusUnauthorized)
	now := time.Now()
	r.pushes("an assertion of the first 10 s", r.assertion(now, now.Add(time.Minute)), http.StatusUnauthorized)
	r.pushes("an undated assertion", r.assertion(time.Time{}, now.Add(9*time.Minute)), http.StatusUnauthorized)
	later := r.assertion(now.Add(9900*time.Millisecond), now.Add(9*time.Minute)) // as of a clock within the accepted skew
	r.pushes("an assertion of later than 10 s after the start", later, http.StatusCreated)
	r.pushes("the same one", later, http.StatusUnauthorized)

	for name, w := range map[string]*country.Walk{"an unused state": before, "a used state": seen} {
		p, err := w.Get(w.Page.Stopped.String())
		if err != nil || p.Status < 400 || showsQuotient(p.Body) {
			t.Errorf("%s after the kill: %v, status %d", name, err, p.Status)
		}
	}
	if p, err := pushed.Get(r.Accord + "/authorize?" + request.Encode()); err != nil || p.Status < 400 || p.Has("accept") {
		t.Errorf("a pushed request after the kill: %v, status %d", err, p.Status)
	}
	if d := read(t, r.Country, tok, quotient); d.Status != http.StatusOK {
		t.Errorf("a token after the kill: %d", d.Status)
	}
	if again, err := tok.Exchange(); err == nil || again.Error != "invalid_grant" {
		t.Errorf("a used code after the kill: %v", err)
	}
	if d := read(t, r.Country, tok, quotient); d.Status != http.StatusUnauthorized {
		t.Errorf("the token of a code used twice: %d", d.Status)
	}
	r.stop()
	r.restart()
	r.pushes("the assertion from before a clean restart", later, http.StatusUnauthorized)
	now = time.Now()
	r.pushes("a new assertion after a clean restart", r.assertion(now, now.Add(time.Minute)), http.StatusCreated)
	r.stop()
	r.wantQueries(2) // seen and tok
}

// wantQueries: each request at a source was logged, so this is how many there
// were: one for each citizen who came back from FranceConnect, none for a
// callback replayed.
func (r *remote) wantQueries(want int) {
	r.t.Helper()
	got := 0
	for _, e := range r.log() {
		if e.Kind == audit.SourceQueried {
			got++
		}
	}
	if got != want {
		r.t.Errorf("%d queries at sources are logged, want %d", got, want)
	}
}
