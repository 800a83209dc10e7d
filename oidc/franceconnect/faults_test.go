package franceconnect_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"accord/oidc/franceconnect"
	"accord/oidc/franceconnect/fcsim"
)

// A verdict is what the relying party must say of a fault. Each reason stands
// once: the audit tells the faults apart.
type verdict struct {
	kind   franceconnect.Kind
	reason string
}

func verdicts() map[fcsim.Fault]verdict {
	const bad, away, no, other = franceconnect.Invalid, franceconnect.Unavailable, franceconnect.Refused, franceconnect.StateMismatch
	return map[fcsim.Fault]verdict{
		"state-missing":             {other, "callback without state"},
		"state-other":               {other, "callback with another state"},
		"state-undefined":           {other, "callback with state undefined"},
		"iss-missing":               {bad, "callback without issuer"},
		"iss-other":                 {bad, "callback from another issuer"},
		"code-and-error":            {bad, "callback with both code and error"},
		"code-missing":              {bad, "callback with neither code nor error"},
		"cancelled":                 {franceconnect.Cancelled, "access_denied"},
		"invalid-acr":               {franceconnect.LevelTooLow, "invalid_acr"},
		"server-error":              {no, "server_error"},
		"busy":                      {away, "temporarily_unavailable"},
		"error-unknown":             {no, "unknown error code"},
		"nonce-missing":             {bad, "ID token: without nonce"},
		"nonce-other":               {bad, "ID token: another nonce"},
		"id-iss-other":              {bad, "ID token: another issuer"},
		"id-aud-other":              {bad, "ID token: another audience"},
		"id-sub-missing":            {bad, "ID token: malformed subject"},
		"id-expired":                {bad, "ID token: expired"},
		"id-iat-future":             {bad, "ID token: issued in the future"},
		"acr-missing":               {bad, "ID token: without acr"},
		"acr-lower":                 {franceconnect.LevelTooLow, "ID token: acr below the one asked"},
		"acr-unknown":               {bad, "ID token: unknown acr"},
		"id-alg-none":               {bad, "ID token: not signed (alg none)"},
		"id-alg-hs256":              {bad, "ID token: signed by a symmetric algorithm"},
		"id-kid-unknown":            {bad, "ID token: signed by an unknown key"},
		"id-key-other":              {bad, "ID token: signature does not verify"},
		"info-json":                 {bad, "userinfo: not signed"},
		"info-key-other":            {bad, "userinfo: signature does not verify"},
		"info-kid-unknown":          {bad, "userinfo: signed by an unknown key"},
		"info-alg-none":             {bad, "userinfo: not signed (alg none)"},
		"info-sub-other":            {bad, "userinfo: about another subject"},
		"info-sub-missing":          {bad, "userinfo: malformed subject"},
		"info-iss-other":            {bad, "userinfo: another issuer"},
		"info-aud-other":            {bad, "userinfo: another audience"},
		"info-expired":              {bad, "userinfo: expired"},
		"info-oversized":            {bad, "userinfo: answer too large"},
		"info-late":                 {no, "userinfo: invalid_token"},
		"info-503":                  {away, "userinfo: HTTP 503"},
		"info-birthdate-malformed":  {bad, "userinfo: malformed birthdate"},
		"token-no-id":               {bad, "token: no ID token"},
		"token-no-access":           {bad, "token: malformed access token"},
		"token-type-other":          {bad, "token: not a Bearer token"},
		"token-html-502":            {away, "token: HTTP 502"},
		"token-500":                 {away, "token: HTTP 500"},
		"token-html-200":            {bad, "token: not a JSON object"},
		"token-slow":                {away, "token: no answer in time"},
		"token-cut":                 {away, "token: no answer"},
		"code-expired":              {no, "token: invalid_grant"},
		"discovery-issuer-other":    {bad, "discovery: another issuer"},
		"discovery-endpoint-unsafe": {bad, "discovery: an endpoint is missing or unsafe"},
		"discovery-503":             {away, "discovery: HTTP 503"},
		"keys-empty":                {bad, "keys: an empty set"},
		"keys-cut":                  {away, "keys: no answer"},
		"keys-500":                  {away, "keys: HTTP 500"},
		"keys-huge":                 {bad, "keys: answer too large"},
		"keys-redirect":             {bad, "keys: a redirect where an answer was due"},
	}
}

// meet plays a login with f, by a relying party that has read nothing yet. It
// gives the login, or why there is none.
func (c country) meet(t *testing.T, f fcsim.Fault) (*franceconnect.Login, error) {
	t.Helper()
	if documentFault(f) {
		c.sim.Play(f)
		defer c.sim.Play("")
		f = ""
	}
	at, err := c.rp.AuthorizationURL(context.Background(), ordinary())
	if err != nil {
		return nil, err
	}
	picker := get(t, c.browser, at)
	consent := post(t, c.browser, picker.Request.URL.String(), url.Values{"persona": {"lise"}, "fault": {string(f)}})
	back := post(t, c.browser, strings.TrimSuffix(consent.Request.URL.String(), "/consent")+"/login", nil)
	code, err := c.rp.Callback(location(t, back), stateMark)
	if err != nil {
		return nil, err
	}
	return c.rp.Exchange(context.Background(), code, nonceMark, "")
}

func documentFault(f fcsim.Fault) bool {
	return strings.HasPrefix(string(f), "keys-") || strings.HasPrefix(string(f), "discovery-")
}

func playable(o *fcsim.Options) { o.Faults = true }

func faults(t *testing.T) []row {
	t.Helper()
	low := start(t, "ES256", playable)
	high := start(t, "ES256", playable, func(o *fcsim.Options) { o.Plus = &fcsim.Plus{} })
	var out []row
	reasons := map[string]fcsim.Fault{}
	for _, f := range fcsim.Faults() {
		want, ok := verdicts()[f]
		if twin := reasons[want.reason]; !ok || twin != "" {
			t.Errorf("fault %s has no reason of its own (%q, also of %q)", f, want.reason, twin)
		}
		reasons[want.reason] = f
		c := low.fresh(t, impatient(f))
		if f == "acr-lower" {
			c = high.fresh(t, func(c *franceconnect.Config) { c.ACR = "eidas2" })
		}
		out = append(out, row{"N-" + string(f), func(t *testing.T) { c.mustRefuse(t, f, want) }})
	}
	return out
}

// impatient shortens the wait for an answer that will not come.
func impatient(f fcsim.Fault) func(*franceconnect.Config) {
	return func(c *franceconnect.Config) {
		if f == "token-slow" {
			c.HTTP = &http.Client{Timeout: 300 * time.Millisecond}
		}
	}
}

func (c country) mustRefuse(t *testing.T, f fcsim.Fault, want verdict) {
	t.Helper()
	_, err := c.meet(t, f)
	refused(t, err, want.kind)
	var e *franceconnect.Error
	if errors.As(err, &e) && e.Reason != want.reason {
		t.Errorf("reason %q, want %q", e.Reason, want.reason)
	}
	if _, err := c.fresh(t).meet(t, ""); err != nil {
		t.Errorf("the login after it: %v", err)
	}
}

func variations(t *testing.T) []row {
	t.Helper()
	country := start(t, "ES256", playable)
	var out []row
	for _, f := range fcsim.Variations() {
		c := country.fresh(t)
		out = append(out, row{"M-" + string(f), func(t *testing.T) {
			if _, err := c.meet(t, f); err != nil {
				t.Error(err)
			}
		}})
	}
	return out
}
