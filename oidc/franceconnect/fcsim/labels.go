package fcsim

import (
	"slices"
	"strings"
)

// A group is the data of one provider on the information page.
type group struct {
	From   string
	Labels []string
}

// claimLabels are the identity claims that are shown, in FranceConnect's order.
// sub, given_name_array, idp_birthdate, idp_id and amr are sent but not shown.
func claimLabels() []struct {
	claim string
	label Text
} {
	return []struct {
		claim string
		label Text
	}{
		{"family_name", Text{"Nom de naissance", "Birth name"}},
		{"preferred_username", Text{"Nom d'usage", "Used name"}},
		{"given_name", Text{"Prénom(s)", "First name(s)"}},
		{"gender", Text{"Sexe", "Sex"}},
		{"birthdate", Text{"Date de naissance", "Date of birth"}},
		{"birthplace", Text{"Lieu de naissance", "Place of birth"}},
		{"birthcountry", Text{"Pays de naissance", "Country of birth"}},
		{"email", Text{"Adresse électronique", "E-mail address"}},
	}
}

// groups gives the data of the scopes: FranceConnect first, then the providers.
// A data provider's scope is shown by its name: FranceConnect sends only the
// right to ask for it.
func (s *Simulator) groups(scopes []string, lang string) []group {
	var out []group
	if labels := s.identityLabels(scopes, lang); len(labels) > 0 {
		out = append(out, group{Text{"Informations d'identité", "Identity information"}.in(lang), labels})
	}
	var provider []string
	for _, scope := range scopes {
		if s.providerScope(scope) {
			provider = append(provider, strings.ReplaceAll(scope, "_", " "))
		}
	}
	if len(provider) > 0 {
		slices.Sort(provider)
		out = append(out, group{Text{"Autorisations auprès d'autres administrations", "Authorisations towards other administrations"}.in(lang), provider})
	}
	return out
}

func (s *Simulator) identityLabels(scopes []string, lang string) []string {
	names := s.identityScopes()
	var labels []string
	for _, l := range claimLabels() {
		sent := slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(names[scope], l.claim) })
		if sent {
			labels = append(labels, l.label.in(lang))
		}
	}
	return labels
}
