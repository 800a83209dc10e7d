package issuer

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
)

// Failure is never shown as absence: while the store cannot tell, no token is
// told as dead.
func TestATokenNobodyCanLookUpIsNotToldAsDead(t *testing.T) {
	f := newFixture(t)
	token := f.token("basic")
	f.journey.away = errors.New("store away")
	if w := f.post(pathIntrospect, "basic", url.Values{"token": {token}}); w.Code != http.StatusServiceUnavailable {
		t.Errorf("introspection answered %d", w.Code)
	}
	f.journey.away = nil
	if w := f.post(pathIntrospect, "basic", url.Values{"token": {token}}); w.Code != http.StatusOK {
		t.Errorf("with the store back: %d", w.Code)
	}
}
