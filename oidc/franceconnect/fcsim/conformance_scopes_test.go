package fcsim_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/oidc/franceconnect/fcsim"
)

// claimsOf gives the userinfo claims of a persona, read without judging.
func (b *bench) claimsOf(persona, scopes string) map[string]any {
	b.t.Helper()
	return part(b.t, b.userinfo(b.tokens(b.login(persona, scopes).Get("code"))["access_token"]).body, 1)
}

// identityMembers are the names beside the five of the answer itself.
func identityMembers(claims map[string]any) string {
	for _, name := range []string{"sub", "iss", "aud", "iat", "exp"} {
		delete(claims, name)
	}
	return strings.Join(slices.Sorted(maps.Keys(claims)), " ")
}

func scopesGiveTheirClaims(t *testing.T) {
	b := newBench(t, func(o *fcsim.Options) { o.AMR = true })
	for scopes, want := range map[string]string{
		"openid":                    "",
		"openid profile":            "birthdate family_name gender given_name given_name_array preferred_username",
		"openid birth":              "birthcountry birthplace",
		"openid identite_pivot":     "birthcountry birthdate birthplace family_name gender given_name given_name_array",
		"openid given_name":         "given_name given_name_array",
		"openid gender":             "gender",
		"openid birthdate":          "birthdate",
		"openid birthplace":         "birthplace",
		"openid birthcountry":       "birthcountry",
		"openid family_name":        "family_name",
		"openid email":              "email",
		"openid preferred_username": "preferred_username",
		"openid idp_birthdate":      "idp_birthdate",
		"openid idp_id":             "idp_id",
		"openid amr":                "amr",
		"openid dgfip_rfr":          "",
	} {
		if got := identityMembers(b.claimsOf("lise", scopes)); got != want {
			t.Errorf("%s gives %q, want %q", scopes, got, want)
		}
	}
}

// providerScopesAreKnown asks for one scope of each data provider's family
// without being entitled to it: refused where the platform knows it, ignored
// elsewhere.
func providerScopesAreKnown(t *testing.T) {
	low, high := newBench(t), newBench(t, plus)
	both := strings.Fields("dgfip_nbpart dgfip_annee_n_moins_1 cnam_caisse droits_assurance_maladie cnous_echelon_bourse")
	lowOnly := strings.Fields("cnaf_quotient_familial revenu_solidarite_active prime_activite_majoration allocation_adulte_handicape " +
		"complementaire_sante_solidaire api_fc-statutaugmentev1 dsnj_statut_service_national mesri_identite mi_siv_carte_grise " +
		"ants_extrait_immatriculation_vehicule_x gip_mds_service_civique_x")
	for _, scope := range append(both, lowOnly...) {
		sent(t, low.back(low.authorize(request("openid "+scope))), low.issuer, "invalid_scope")
	}
	for _, scope := range both {
		sent(t, high.back(high.authorize(plusRequest("openid "+scope, "eidas2"))), high.issuer, "invalid_scope")
	}
	for _, scope := range append(lowOnly, "idp_birthdate", "idp_id") {
		if a := high.authorize(plusRequest("openid "+scope, "eidas2")); a.StatusCode != 200 {
			t.Errorf("%s on FranceConnect+: HTTP %d", scope, a.StatusCode)
		}
	}
}

func identityFormats(t *testing.T) {
	b := newBench(t, func(o *fcsim.Options) { o.Personas = append(o.Personas, fcsim.EdgePersonas(time.Now())...) })
	const all = "openid profile birth email idp_birthdate"
	if c := b.claimsOf("lise", all); len(c) != 15 {
		t.Errorf("%d members of all identity scopes, want 15", len(c))
	}
	for _, c := range []struct {
		persona, claim string
		want           any
	}{
		{"gender-unspecified", "gender", "unspecified"},
		{"first-name-spaced", "given_name", "Anne Odile Renée"},
		{"hyphen-apostrophe", "family_name", "L'HERMEREL-D’AUZON"},
		{"used-name", "preferred_username", "SAINT-ESTRAN"},
		{"abroad-text", "birthplace", ""},
		{"abroad-text", "birthcountry", "99139"},
		{"algeria", "birthplace", "91352"},
		{"day-presumed", "birthdate", "1962-03-01"},
		{"month-presumed", "idp_birthdate", "1962-00-00"},
		{"accents", "email", "accents@courriel.example"},
	} {
		if got := b.claimsOf(c.persona, all)[c.claim]; got != c.want {
			t.Errorf("%s of %s is %v", c.claim, c.persona, got)
		}
	}
	names, _ := b.claimsOf("first-name-spaced", all)["given_name_array"].([]any)
	if len(names) != 2 || names[0] != "Anne Odile" {
		t.Errorf("first names %v", names)
	}
	for _, no := range []string{"phone_number", "address", "email_verified", "updated_at", "age"} {
		if b.claimsOf("lise", all)[no] != nil {
			t.Errorf("%s out of nowhere", no)
		}
	}
}
