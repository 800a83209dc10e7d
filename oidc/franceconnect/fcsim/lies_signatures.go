package fcsim

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// unsigned is a token under alg none, with the kid of the true key.
func unsigned(s *Simulator, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	header, err := json.Marshal(map[string]string{"alg": "none", "kid": s.signingKey().KeyID})
	enc := base64.RawURLEncoding
	return enc.EncodeToString(header) + "." + enc.EncodeToString(payload) + ".", err
}

// keyedByPublicKey signs with HS256 whose secret is the published key, for a
// client that takes the algorithm from the token.
func keyedByPublicKey(s *Simulator, claims map[string]any) (string, error) {
	key := s.signingKey()
	public, err := key.Public().MarshalJSON()
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	return signBy(jose.HS256, jose.JSONWebKey{Key: public, KeyID: key.KeyID}, payload)
}

func byUnknownKey(s *Simulator, claims map[string]any) (string, error) {
	return bySomeKey(s, random(16), claims)
}

func byOtherKey(s *Simulator, claims map[string]any) (string, error) {
	return bySomeKey(s, s.signingKey().KeyID, claims)
}

// bySomeKey signs with a key that is not published, under kid.
func bySomeKey(s *Simulator, kid string, claims map[string]any) (string, error) {
	other := newEC()
	if s.options.SigningAlg == "RS256" {
		other = newRSA()
	}
	other.KeyID = kid
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	return signBy(jose.SignatureAlgorithm(s.options.SigningAlg), other, payload)
}

func (s *Simulator) signingKey() jose.JSONWebKey { return s.keys.private(s.options.SigningAlg) }

// backwards signs truly, the members written in the other order.
func backwards(s *Simulator, claims map[string]any) (string, error) {
	names := slices.Sorted(maps.Keys(claims))
	slices.Reverse(names)
	payload := []byte("{")
	for n, name := range names {
		member, err := json.Marshal(map[string]any{name: claims[name]})
		if err != nil {
			return "", err
		}
		if n > 0 {
			payload = append(payload, ',', ' ')
		}
		payload = append(payload, member[1:len(member)-1]...)
	}
	return signBy(jose.SignatureAlgorithm(s.options.SigningAlg), s.signingKey(), append(payload, '}'))
}

// acceptable are the answers a client must take although they are unusual.
func acceptable() []lie {
	info := func(name Fault, change func(c map[string]any)) lie {
		return lie{name: name, userinfo: func(_ *Simulator, c map[string]any) { change(c) }}
	}
	return []lie{
		{
			name:    "claims-extra",
			idToken: func(_ *Simulator, c map[string]any) { c["c_hash"], c["sid"] = "x", 12 },
			userinfo: func(_ *Simulator, c map[string]any) {
				c["phone_number"], c["address"] = nil, map[string]any{"x": []int{1}}
			},
		},
		info("usage-name-missing", func(c map[string]any) { delete(c, "preferred_username") }),
		info("birthplace-absent", func(c map[string]any) { delete(c, "birthplace") }),
		info("birthplace-null", func(c map[string]any) { c["birthplace"] = nil }),
		info("birthplace-empty", func(c map[string]any) { c["birthplace"] = "" }),
		{name: "members-reordered", signID: backwards, signInfo: backwards},
		{name: "keys-extra", keys: func(shown []jose.JSONWebKey) []jose.JSONWebKey {
			sealing, another := newEC(), newEC()
			sealing.Use, sealing.Algorithm = "enc", "ECDH-ES"
			return append([]jose.JSONWebKey{sealing.Public(), another.Public()}, shown...)
		}},
		{name: "token-members-extra", tokens: func(m map[string]any) { m["session_state"], m["not-before-policy"] = "x", 0 }},
		{name: "discovery-members-extra", discovery: func(d map[string]any) { d["x_unknown"] = []string{"x"} }},
	}
}
