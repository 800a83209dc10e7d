package broker_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// Attack list, row 29: the parameter claims asks for data that no scope named,
// in the ID token and at userinfo, and nothing more is given than without it.
func TestTheParameterClaimsGivesNothing(t *testing.T) {
	c := ownCountry(t, func(b *broker.Config) { b.Clients[0].UserinfoClaims = true })
	const claims = `{"userinfo":{"cnaf_adresse":{"essential":true},"cnaf_enfants":null,"birthdate":null,"given_name":{"essential":true}},
		"id_token":{"cnaf_quotient_familial":{"essential":true},"birthdate":{"essential":true},"family_name":null,"sub":null}}`
	plain, asked := givenFor(t, c), givenFor(t, c, "claims", claims)
	if !maps.EqualFunc(plain, asked, slices.Equal[[]string]) {
		t.Errorf("with claims %v is given, without %v", asked, plain)
	}
	if !slices.Equal(asked["data"], []string{"quotient_familial"}) || len(asked["id token"]) < 8 || len(asked["userinfo"]) < 2 {
		t.Errorf("given %v", asked)
	}
}

func TestDiscoveryNamesTheClaimsThatAreGivenAndNoMore(t *testing.T) {
	c := ownCountry(t, func(b *broker.Config) { b.Clients[0].UserinfoClaims = true })
	given, named := givenFor(t, c), claimsNamed(t, c)
	for _, claim := range slices.Concat(given["id token"], given["userinfo"], []string{"given_name_array", "email"}) {
		if !slices.Contains(named, claim) {
			t.Errorf("%s is given and not named: %v", claim, named)
		}
	}
	none := ownCountry(t, func(b *broker.Config) {
		for _, one := range b.Clients {
			one.UserinfoClaims = false
		}
	})
	if named := claimsNamed(t, none); slices.Contains(named, "dss/quotient_familial") || slices.Contains(named, "amr") {
		t.Errorf("named, and given to nobody: %v", named)
	}
}

func claimsNamed(t *testing.T, c *country.Country) []string {
	t.Helper()
	_, _, body := fetched(t, c.Accord+"/.well-known/openid-configuration")
	var told struct {
		Claims []string `json:"claims_supported"`
	}
	if err := json.Unmarshal([]byte(body), &told); err != nil {
		t.Fatal(err)
	}
	return told.Claims
}

// givenFor are the names of all members a service provider is given after a
// request with more parameters.
func givenFor(t *testing.T, c *country.Country, more ...string) map[string][]string {
	t.Helper()
	w := begun(t, c, canteen(t, c), more...)
	see(t, w, "camille")
	do(t, w, "accept")
	tok, err := w.Request.Exchange(w.Page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	status, _, body, err := headless.Read(c.Accord+"/userinfo", tok.Access)
	if err != nil || status != http.StatusOK {
		t.Fatalf("userinfo: %d %s %v", status, body, err)
	}
	d := read(t, c, tok, quotient)
	return map[string][]string{"id token": namesIn(t, payloadOf(t, tok.ID)), "userinfo": namesIn(t, body), "data": slices.Sorted(maps.Keys(d.Data)), "scope": {tok.Scope}}
}

func namesIn(t *testing.T, object []byte) []string {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(members))
}
