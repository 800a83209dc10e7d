package fcsim

import (
	"fmt"
	"slices"
)

// Elsewhere logs a persona in at another client of FranceConnect than the
// simulator's own, and gives the access token that client would hold: what a
// service provider presents to a data provider. The browser's leg is left out;
// whether the client is entitled to its scopes is not looked at.
func (s *Simulator) Elsewhere(clientID, persona string, scopes ...string) (accessToken string, err error) {
	n := slices.IndexFunc(s.options.Personas, func(p Persona) bool { return p.ID == persona })
	if n < 0 {
		return "", fmt.Errorf("no persona %s", persona)
	}
	levels := s.levels()
	code := s.memory.grant(interaction{
		session: random(16), persona: &s.options.Personas[n],
		request: request{clientID: clientID, scopes: append([]string{"openid", "identite_pivot"}, scopes...), acr: levels[len(levels)-1]},
	})
	g, refusal := s.memory.redeem(code, func(request) string { return "" })
	if refusal != "" {
		return "", fmt.Errorf("redeeming: %s", refusal)
	}
	return g.token, nil
}
