package main

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
)

const suiteTest = "https://suite.example/test/a/accord"

// underTest is a country for the suite, and the files it left.
func underTest(t *testing.T) (*country.Country, map[string]suitePlan) {
	t.Helper()
	c, err := country.Start(t.Context(), country.Options{Data: t.TempDir(), Conformance: suiteTest})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	plans := map[string]suitePlan{}
	for _, name := range []string{"fapi2", "fapi2-oauth", "oidcc"} {
		body, err := os.ReadFile(filepath.Join(c.Data, "conformance", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var p suitePlan
		if err := json.Unmarshal(body, &p); err != nil {
			t.Fatal(err)
		}
		plans[name] = p
	}
	return c, plans
}

func TestTheSuitesBrowserGoesEveryWayItsFilesTell(t *testing.T) {
	c, plans := underTest(t)
	for _, name := range []string{"fapi2", "fapi2-oauth"} {
		plan := plans[name]
		t.Run(name, func(t *testing.T) { bothClientsGoThrough(t, c, plan) })
		t.Run(name+" exceptions", func(t *testing.T) { exceptionsEndAsModulesWant(t, c, plan) })
	}
	t.Run("oidcc", func(t *testing.T) { secretClientsGoThrough(t, c, plans["oidcc"]) })
	t.Run("oidcc, email", func(t *testing.T) { theAddressIsTold(t, c, plans["oidcc"]) })
	t.Run("oidcc, twice", func(t *testing.T) { aSecondRequestIsServed(t, c, plans["oidcc"]) })
}

// theAddressIsTold is the modules that ask for the scope email.
func theAddressIsTold(t *testing.T, c *country.Country, plan suitePlan) {
	for module, scope := range map[string]string{"oidcc-scope-email": "openid email", "oidcc-ensure-other-scope-order-succeeds": "email openid"} {
		s, b := newSuiteRun(t, c, plan.Client, suiteTest+"/callback"), newSuiteBrowser(c, plan.Override[module].Browser)
		b.visit(t, s.request(scope))
		token, _ := s.redeem(b.page.Stopped)["access_token"].(string)
		if status, info := s.read(c.Accord+"/userinfo", token); status != http.StatusOK || info["email"] == nil {
			t.Errorf("%s: userinfo: %d %v", module, status, info)
		}
	}
}

// aSecondRequestIsServed is the modules that ask twice in one browser.
func aSecondRequestIsServed(t *testing.T, c *country.Country, plan suitePlan) {
	for _, more := range []string{"&prompt=none", "&max_age=10000", "&prompt=login"} {
		s, b := newSuiteRun(t, c, plan.Client, suiteTest+"/callback"), newSuiteBrowser(c, plan.Browser)
		b.visit(t, s.request("openid"))
		s.redeem(b.page.Stopped)
		again := newSuiteRun(t, c, plan.Client, suiteTest+"/callback")
		b.visit(t, again.request("openid")+more)
		if again.redeem(b.page.Stopped)["id_token"] == nil {
			t.Errorf("%s: %s", more, b.at())
		}
	}
}

// bothClientsGoThrough is the happy flow, and the first client's key with the
// second one's token.
func bothClientsGoThrough(t *testing.T, c *country.Country, plan suitePlan) {
	var first *suiteRun
	for n, client := range []suiteClient{plan.Client, plan.Client2} {
		s := newSuiteRun(t, c, client, suiteTest+"/callback"+[]string{"", "?dummy1=lorem&dummy2=ipsum"}[n])
		b := newSuiteBrowser(c, plan.Browser)
		b.visit(t, s.request(client.Scope))
		answer := s.redeem(b.page.Stopped)
		token, _ := answer["access_token"].(string)
		if _, there := answer["id_token"]; there != strings.Contains(client.Scope, "openid") || answer["token_type"] != "DPoP" || answer["refresh_token"] != nil {
			t.Errorf("%s: token answer %v", client.ID, answer)
		}
		for range 3 { // the plan reads it again and again
			if status, body := s.read(plan.Resource.ResourceURL, token); status != http.StatusOK {
				t.Fatalf("%s: resource: %d %v", client.ID, status, body)
			}
		}
		if first == nil {
			first = s
			continue
		}
		if status, _ := first.read(plan.Resource.ResourceURL, token); status != http.StatusUnauthorized {
			t.Errorf("with the first client's key: %d", status)
		}
	}
}

// exceptionsEndAsModulesWant plays the modules with commands of their own.
func exceptionsEndAsModulesWant(t *testing.T, c *country.Country, plan suitePlan) {
	const named = "fapi2-security-profile-final-"
	run := func() *suiteRun { return newSuiteRun(t, c, plan.Client, suiteTest+"/callback") }
	browser := func(module string) *suiteBrowser {
		exception, there := plan.Override[named+module]
		if !there {
			t.Fatalf("nothing is said of %s", module)
		}
		return newSuiteBrowser(c, exception.Browser)
	}
	b := browser("user-rejects-authentication")
	if b.visit(t, run().request(plan.Client.Scope)); b.page.Stopped == nil || b.page.Stopped.Query().Get("error") != "access_denied" {
		t.Errorf("refused: %s", b.at())
	}
	for name := range b.page.Stopped.Query() {
		if !strings.Contains(" error error_description state iss ", " "+name+" ") {
			t.Errorf("refused: an answer with %s", name)
		}
	}
	b, s := browser("par-ensure-reused-request-uri-prior-to-auth-completion-succeeds"), run()
	address := s.request(plan.Client.Scope)
	if b.visit(t, address); b.page.Stopped != nil {
		t.Error("the first visit went on")
	}
	b.visit(t, address)
	s.redeem(b.page.Stopped)
	b, s = browser("par-attempt-reuse-request_uri"), run()
	address = s.request(plan.Client.Scope)
	b.visit(t, address)
	s.redeem(b.page.Stopped)
	if b.visit(t, address); b.shown != 1 {
		t.Error("a request used again leaves no picture")
	}
	for module, address := range map[string]string{
		"par-attempt-to-use-expired-request_uri":                        c.Accord + "/authorize?client_id=" + plan.Client.ID + "&request_uri=urn:ietf:params:oauth:request_uri:gone",
		"par-attempt-to-use-request_uri-for-different-client":           strings.Replace(run().request(plan.Client.Scope), plan.Client.ID, plan.Client2.ID, 1),
		"ensure-unsigned-authorization-request-without-using-par-fails": c.Accord + "/authorize?client_id=" + plan.Client.ID + "&response_type=code&scope=openid&redirect_uri=" + url.QueryEscape(suiteTest+"/callback"),
	} {
		b := browser(module)
		if b.visit(t, address); b.shown != 1 || b.page.Stopped != nil {
			t.Errorf("%s: %s", module, b.at())
		}
	}
}

// secretClientsGoThrough is the way of the plans for profile oidc.
func secretClientsGoThrough(t *testing.T, c *country.Country, plan suitePlan) {
	for _, client := range []suiteClient{plan.Client, plan.Client2} {
		s, b := newSuiteRun(t, c, client, suiteTest+"/callback"), newSuiteBrowser(c, plan.Browser)
		b.visit(t, s.request("openid"))
		answer := s.redeem(b.page.Stopped)
		token, _ := answer["access_token"].(string)
		if status, info := s.read(c.Accord+"/userinfo", token); status != http.StatusOK || info["sub"] == nil {
			t.Fatalf("%s: userinfo: %d %v", client.ID, status, info)
		}
		hint, _ := answer["id_token"].(string)
		after := suiteTest + "/post_logout_redirect"
		b.visit(t, c.Accord+"/session/end?"+url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {after}, "state": {"bye"}}.Encode())
		if b.at() != after+"?state=bye" {
			t.Errorf("%s: logged out to %s", client.ID, b.at())
		}
		b.visit(t, c.Accord+"/session/end") // asks, and stays
	}
	b := newSuiteBrowser(c, plan.Override["oidcc-ensure-registered-redirect-uri"].Browser)
	b.visit(t, newSuiteRun(t, c, plan.Client, suiteTest+"/callback/other").request("openid"))
	if plan.Post.ID == "" || plan.Post.Secret == "" || b.shown != 1 {
		t.Errorf("another address: %s, client_secret_post: %q", b.at(), plan.Post.ID)
	}
}

// Discovery promises what the clients may have; TLS is as accord serve ends it.
func TestACountryUnderTestSaysAndEncryptsAsThePlansWant(t *testing.T) {
	c, plans := underTest(t)
	for name, plan := range plans {
		s := newSuiteRun(t, c, plan.Client, "")
		status, found := s.read(plan.Server.DiscoveryURL, "none")
		if status != http.StatusOK || found["issuer"] != c.Accord || !reflect.DeepEqual(found["grant_types_supported"], []any{"authorization_code"}) || plan.Alias != "accord" {
			t.Errorf("%s: %s: %d %v", name, plan.Server.DiscoveryURL, status, found)
		}
	}
	address := strings.TrimPrefix(c.Accord, "https://")
	conn, err := (&tls.Dialer{Config: &tls.Config{RootCAs: c.Roots()}}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if own, ok := conn.(*tls.Conn); !ok || own.ConnectionState().PeerCertificates[0].Subject.CommonName == "" {
		t.Error("the certificate has no name: the suite's Java could not read it")
	}
	_ = conn.Close()
	for name, o := range map[string]*tls.Config{
		"TLS 1.1":  {MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}, //nolint:gosec // G402: tries what the server must refuse
		"CBC":      {MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256}},
		"ChaCha20": {MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256}},
	} {
		o.RootCAs = c.Roots()
		d := tls.Dialer{Config: o}
		if conn, err := d.DialContext(t.Context(), "tcp", address); err == nil {
			_ = conn.Close()
			t.Errorf("%s is taken", name)
		}
	}
}

func TestOnlyATestsAddressIsTakenForConformance(t *testing.T) {
	for _, address := range []string{"http://suite.example/test/a/accord", "https://suite.example", "https://suite.example/test/a/a/b", "https://suite.example/test/a/accord?x=1"} {
		c, err := country.Start(t.Context(), country.Options{Conformance: address})
		if err == nil {
			_ = c.Close()
			t.Errorf("%s was taken", address)
		}
	}
}
