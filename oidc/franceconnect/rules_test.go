package franceconnect_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/oidc/franceconnect"
	"accord/oidc/franceconnect/fcsim"
)

// tokenServesDataSources: the token a login holds is good at a data source's,
// which learns the whole identity whatever was asked.
func tokenServesDataSources(t *testing.T) {
	c := start(t, "ES256")
	code := c.walk(t, "lise", "dgfip_rfr").Get("code")
	l, err := c.rp.Exchange(context.Background(), code, nonceMark, "")
	if err != nil {
		t.Fatal(err)
	}
	who, scopes, ok := c.sim.Introspect(l.AccessToken)
	if !ok || who.FamilyName != "QUENOUILLE" || !slices.Equal(scopes, []string{"openid", "dgfip_rfr"}) {
		t.Errorf("a data source learns %t %v", ok, scopes)
	}
	if l.Identity.FamilyName != "" {
		t.Error("a name that was not asked")
	}
}

// rotationReadsTheKeysOnce: a new key costs one read of the keys; after it,
// keys nobody knows cost none for ten seconds, then one.
func rotationReadsTheKeysOnce(t *testing.T) {
	n := &counting{n: map[string]int{}}
	c := start(t, "ES256", playable).fresh(t, func(f *franceconnect.Config) { f.HTTP = &http.Client{Transport: n} })
	reads := func(what string, f fcsim.Fault, want int) {
		t.Helper()
		if _, err := c.meet(t, f); (err == nil) != (f == "") {
			t.Errorf("%s: %v", what, err)
		}
		if got := n.of("/api/v2/jwks"); got != want {
			t.Errorf("%s: %d reads of the keys, want %d", what, got, want)
		}
	}
	reads("first", "", 1)
	c.sim.RotateKeys()
	reads("rotated", "", 2)
	reads("known", "", 2)
	for range 5 {
		reads("unknown at once", "id-kid-unknown", 2)
	}
	c.clock.pass(11 * time.Second)
	reads("unknown later", "info-kid-unknown", 3)
	reads("known still", "", 3)
	reads("known kid, other key", "id-key-other", 3)
}

func clocksMayDifferByFiveSeconds(t *testing.T) {
	for _, skew := range []time.Duration{5 * time.Second, -5 * time.Second} {
		c := start(t, "ES256", func(o *fcsim.Options) { o.Skew = skew })
		if _, err := c.meet(t, ""); err != nil {
			t.Errorf("%v: %v", skew, err)
		}
	}
	far := start(t, "ES256", func(o *fcsim.Options) { o.Skew = time.Minute })
	_, err := far.meet(t, "")
	refused(t, err, franceconnect.Invalid)
}

// stateOfAnotherLoginIsRefused: a callback of an earlier login does not pass
// for this one. That a state is not used twice is for whoever holds the login.
func stateOfAnotherLoginIsRefused(t *testing.T) {
	c := start(t, "ES256")
	old := c.walk(t, "lise")
	if _, err := c.rp.Callback(old, stateMark); err != nil {
		t.Fatal(err)
	}
	_, err := c.rp.Callback(old, "another-"+stateMark)
	refused(t, err, franceconnect.StateMismatch)
}

// userinfoLaterThanTheGrantIsRefused: 31 seconds pass between the token
// answer and userinfo.
func userinfoLaterThanTheGrantIsRefused(t *testing.T) {
	var c country
	c = start(t, "ES256", func(o *fcsim.Options) {
		o.Fault = func(point string) int {
			if point == "userinfo" {
				c.clock.pass(31 * time.Second)
			}
			return 0
		}
	})
	_, err := c.meet(t, "")
	refused(t, err, franceconnect.Refused)
	var e *franceconnect.Error
	if errors.As(err, &e) && e.Reason != "userinfo: invalid_token" {
		t.Errorf("reason %q", e.Reason)
	}
}

// nobodyReturns: FranceConnect forgets the login, and the relying party never
// held any.
func nobodyReturns(t *testing.T) {
	c := start(t, "ES256")
	at, err := c.rp.AuthorizationURL(context.Background(), ordinary())
	if err != nil {
		t.Fatal(err)
	}
	picker := get(t, c.browser, at).Request.URL.String()
	c.clock.pass(31 * time.Minute)
	if r := get(t, c.browser, picker); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("HTTP %d", r.StatusCode)
	}
	if _, err := c.meet(t, ""); err != nil {
		t.Errorf("the next login: %v", err)
	}
}

// wrappingKey is a client's private key for FranceConnect+.
func wrappingKey(t *testing.T, kid, alg string) jose.JSONWebKey {
	t.Helper()
	if alg == "ECDH-ES" {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return jose.JSONWebKey{Key: k, KeyID: kid, Algorithm: alg}
	}
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: k, KeyID: kid, Algorithm: alg}
}

// startPlus is FranceConnect+ encrypting for to, and a relying party that
// decrypts with ours.
func startPlus(t *testing.T, to jose.JSONWebKey, ours ...jose.JSONWebKey) country {
	t.Helper()
	plus := func(o *fcsim.Options) { o.Plus = &fcsim.Plus{EncryptionKey: to} }
	return start(t, "ES256", plus).fresh(t, func(c *franceconnect.Config) { c.ACR, c.DecryptionKeys = "eidas2", ours })
}

func plusLogsIn(t *testing.T) {
	for _, alg := range []string{"ECDH-ES", "RSA-OAEP", "RSA-OAEP-256"} {
		key := wrappingKey(t, "ours", alg)
		c := startPlus(t, key.Public(), wrappingKey(t, "next", "ECDH-ES"), key)
		l, err := c.meet(t, "")
		if err != nil {
			t.Fatalf("%s: %v", alg, err)
		}
		if l.ACR != "eidas2" || l.Identity.FamilyName != "QUENOUILLE" || l.Identity.GivenName != "Lise Anne Zoé" {
			t.Errorf("%s: login %+v", alg, l)
		}
		c.logsOut(t, l) // with the decrypted ID token
	}
}

func plusTokensMustBeEncryptedForUs(t *testing.T) {
	ours, other := wrappingKey(t, "ours", "ECDH-ES"), wrappingKey(t, "other", "ECDH-ES")
	impostor := other
	impostor.KeyID = "ours"
	for reason, c := range map[string]country{
		"ID token: not a JWE of a registered algorithm": startPlus(t, jose.JSONWebKey{}, ours),
		"ID token: encrypted for an unknown key":        startPlus(t, other.Public(), ours),
		"ID token: does not decrypt":                    startPlus(t, impostor.Public(), ours),
		"ID token: not a compact JWS":                   startPlus(t, ours.Public()),
	} {
		_, err := c.meet(t, "")
		refused(t, err, franceconnect.Invalid)
		var e *franceconnect.Error
		if errors.As(err, &e) && e.Reason != reason {
			t.Errorf("reason %q, want %q", e.Reason, reason)
		}
	}
	public := ours.Public()
	if _, err := franceconnect.New(start(t, "ES256").fresh(t).with(public)); err == nil {
		t.Error("a public key passes for a decryption key")
	}
}

func (c country) with(k jose.JSONWebKey) franceconnect.Config {
	c.config.DecryptionKeys = []jose.JSONWebKey{k}
	return c.config
}
