package franceconnect

import (
	"testing"
)

// Attack list, row 96: claims FranceConnect does not send today must be right
// when they stand there.
func TestAnIDTokenForAnotherPartyOrAccessTokenIsRefused(t *testing.T) {
	const client, token = "client", "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
	const hash = "77QmUPtjPfzWtF2AnpK9RQ" // of that access token, OpenID Connect Core Appendix A.3
	for _, c := range []struct {
		name, azp, hash string
		refused         bool
	}{
		{"neither", "", "", false},
		{"both right", client, hash, false},
		{"another azp", "other", "", true},
		{"another at_hash", "", hash[:21] + "A", true},
		{"at_hash of the whole digest", "", hash + hash, true},
	} {
		err := idClaims{AZP: c.azp, ATHash: c.hash}.checkParty(client, token)
		if (err != nil) != c.refused {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
