package fcsim

import (
	"slices"
	"strings"
)

// identityScopes gives the userinfo claims of each identity scope; sub comes
// with openid and is always there.
func identityScopes() map[string][]string {
	pivot := []string{"given_name", "given_name_array", "family_name", "birthdate", "gender", "birthplace", "birthcountry"}
	m := map[string][]string{
		"openid":         nil,
		"profile":        {"given_name", "given_name_array", "family_name", "birthdate", "gender", "preferred_username"},
		"birth":          {"birthplace", "birthcountry"},
		"identite_pivot": pivot,
		"given_name":     {"given_name", "given_name_array"},
	}
	for _, one := range []string{"gender", "birthdate", "birthplace", "birthcountry", "family_name", "email", "preferred_username", "idp_birthdate", "idp_id", "amr"} {
		m[one] = []string{one}
	}
	return m
}

// providerPrefixes are how the names of data providers' scopes begin; whole
// names stand beside them.
var providerPrefixes = []string{
	"dgfip_", "cnaf_", "cnam_", "cnous_", "api_fc-", "mesri_", "mi_siv_", "ants_extrait_", "gip_mds_",
	"allocation_adulte_handicape", "allocation_soutien_familial", "prime_activite", "revenu_solidarite_active",
	"droits_assurance_maladie", "complementaire_sante_solidaire", "dsnj_statut_service_national",
}

// plusPrefixes are those of them that FranceConnect+ knows.
var plusPrefixes = []string{"dgfip_", "cnam_", "cnous_", "droits_assurance_maladie"}

func (s *Simulator) providerScope(scope string) bool {
	prefixes := providerPrefixes
	if s.options.Plus != nil {
		prefixes = plusPrefixes
	}
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(scope, p) })
}

// grantScopes keeps the scopes the platform knows, in the order asked, and
// names the first one this client may not have. Unknown ones are ignored.
func (s *Simulator) grantScopes(asked []string) (granted []string, forbidden string) {
	identity := s.identityScopes()
	for _, scope := range asked {
		_, known := identity[scope]
		entitled := known && (scope != "amr" || s.options.AMR) || slices.Contains(s.options.ProviderScopes, scope)
		switch {
		case entitled && !slices.Contains(granted, scope):
			granted = append(granted, scope)
		case !entitled && (known || s.providerScope(scope)):
			return nil, scope
		}
	}
	return granted, ""
}

// identityScopes are those of the platform.
func (s *Simulator) identityScopes() map[string][]string {
	if s.options.Plus != nil {
		return plusScopes()
	}
	return identityScopes()
}

// claims gives the claims of the granted scopes. A data provider's scope gives
// none: it is only an authorisation for that provider.
func (s *Simulator) claims(i Identity, scopes []string) map[string]any {
	all, out, names := i.claims(), map[string]any{}, s.identityScopes()
	if s.options.Plus != nil {
		all = i.plusClaims()
	}
	for _, scope := range scopes {
		for _, claim := range names[scope] {
			if v, ok := all[claim]; ok {
				out[claim] = v
			}
		}
	}
	return out
}
