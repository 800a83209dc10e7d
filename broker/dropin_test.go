package broker_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
)

// TestATokenTellsWhatItMayRead: API Particulier's introspection, ping and
// headers, at its own addresses.
func TestATokenTellsWhatItMayRead(t *testing.T) {
	c := theCountry(t)
	_, tok := token(t, c, canteen(t, c), "camille")
	told := read(t, c, tok, "/api/introspect")
	var of struct {
		ID     string `json:"_id"`
		Name   *string
		Scopes []string
	}
	if err := json.Unmarshal([]byte(told.Body), &of); err != nil || told.Status != http.StatusOK {
		t.Fatalf("%d %s: %v", told.Status, told.Body, err)
	}
	if of.ID == "" || of.Name == nil || !slices.Equal(of.Scopes, []string{"openid", "cnaf_quotient_familial"}) {
		t.Errorf("introspection %s", told.Body)
	}
	for _, name := range []string{"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} {
		if told.Header.Get(name) == "" || read(t, c, tok, quotient).Header.Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
	if status, _, _ := fetched(t, c.Accord+"/api/ping"); status != http.StatusOK {
		t.Errorf("ping: %d", status)
	}
	if dead := readFor(t, c, "acc_unknown", "/api/introspect", "99900010200015"); dead.Status != http.StatusUnauthorized {
		t.Errorf("unknown token: %d %s", dead.Status, dead.Body)
	}
}
