package fcsim

import "slices"

// Introspect answers what FranceConnect's checktoken would tell a data
// provider about an access token: the whole pivot identity, whatever was asked,
// and the granted scopes, which the caller cuts to its own. ok is false for an
// unknown, expired or revoked token, and once the citizen's session has ended.
func (s *Simulator) Introspect(accessToken string) (identity Identity, scopes []string, ok bool) {
	g, ok := s.memory.introspect(accessToken)
	if !ok {
		return Identity{}, nil, false
	}
	return g.persona.Identity, slices.Clone(g.request.scopes), true
}
