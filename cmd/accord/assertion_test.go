package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	compte       = "valbrume-compte" // the example's client with private_key_jwt
	compteIssuer = "http://localhost:8080"
)

// withKeyOf makes a key of the test's own that of the client, and returns it.
func withKeyOf(t *testing.T, dir string) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	text, err := json.Marshal(jose.JSONWebKey{Key: key.Public()})
	must(t, err)
	var public struct{ X, Y string }
	must(t, json.Unmarshal(text, &public))
	replace(t, filepath.Join(dir, "clients", compte+".yaml"),
		"WGV28U1czfz3nSk8UkCBYX3CnEFhB1y_ArSr2i9fiFc", public.X, "-LarFKgt8WGyV8t7DQDwj0J3EzHIL-6UCIyXNgrZvP0", public.Y)
	return key
}

func assertionOf(t *testing.T, key *ecdsa.PrivateKey) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "compte-2026"}}, nil)
	must(t, err)
	now := time.Now()
	compact, err := jwt.Signed(signer).Claims(map[string]any{
		"iss": compte, "sub": compte, "aud": compteIssuer, "jti": rand.Text(), "iat": now.Unix(), "exp": now.Add(9 * time.Minute).Unix(),
	}).Serialize()
	must(t, err)
	return compact
}

// pushes sends a good request with an assertion to serve's /par.
func pushes(t *testing.T, c *child, what, assertion string, want int) {
	t.Helper()
	res, err := http.PostForm("http://"+c.until("serving")["listen"].(string)+"/par", url.Values{
		"client_id": {compte}, "redirect_uri": {"https://valbrume.example/compte/retour"}, "response_type": {"code"}, "scope": {"openid"},
		"state": {"s"}, "nonce": {"n"}, "recipient": {"99900010200015"}, "purpose": {"compte-citoyen"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {assertion},
	})
	must(t, err)
	_ = res.Body.Close()
	if res.StatusCode != want {
		t.Errorf("%s: %d, want %d", what, res.StatusCode, want)
	}
}

// serve tells its issuer how the run before ended: after a kill nothing from
// before it counts, used or not; after a clean stop only what was used.
func TestServeTakesNoAssertionOfBeforeAKill(t *testing.T) {
	dir := readyFolder(t)
	key := withKeyOf(t, dir)
	serve := func(what, assertion string, want int) *child {
		c := start(t, dir, nil, "-wait", "0s")
		pushes(t, c, what, assertion, want)
		return c
	}
	killed := func(c *child) { must(t, c.cmd.Process.Kill()); _ = c.cmd.Wait() }
	stopped := func(c *child) { must(t, c.cmd.Process.Signal(syscall.SIGTERM)); c.ends() }

	used, unused := assertionOf(t, key), assertionOf(t, key)
	stopped(serve("an assertion", used, http.StatusCreated))
	stopped(serve("the same one after a clean stop", used, http.StatusUnauthorized))
	killed(serve("an unused one after a clean stop", unused, http.StatusCreated))
	killed(serve("one that was used before a kill", unused, http.StatusUnauthorized))
	killed(serve("one never used, of before a kill", assertionOf(t, key), http.StatusUnauthorized))
}
