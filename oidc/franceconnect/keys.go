package franceconnect

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// Keys gives the keys by which FranceConnect's signatures are now verified:
// public, for signing, of the registered algorithm. The slice is the caller's.
func (rp *RelyingParty) Keys(ctx context.Context) ([]jose.JSONWebKey, error) {
	keys, err := rp.keys.get(ctx)
	return slices.Clone(keys), err
}

func (rp *RelyingParty) loadKeys(ctx context.Context) ([]jose.JSONWebKey, error) {
	e, err := rp.discovery.get(ctx)
	if err != nil {
		return nil, err
	}
	a, err := rp.getDocument(ctx, "keys", e.JWKS)
	if err != nil {
		return nil, err
	}
	return parseKeys(a.body, rp.alg, rp.plain())
}

// parseKeys keeps the keys that alg can be verified by. Each is read on its
// own, so that one of a type we do not know cannot hide the others. One without
// kid is passed over, or, if name is set, named by its thumbprint.
func parseKeys(body []byte, alg jose.SignatureAlgorithm, name bool) ([]jose.JSONWebKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(body, &set) != nil {
		return nil, invalid("keys: not a JWK Set")
	}
	var keys []jose.JSONWebKey
	for _, raw := range set.Keys {
		var k jose.JSONWebKey
		if k.UnmarshalJSON(raw) != nil {
			continue
		}
		if name {
			k = named(k)
		}
		if verifies(k, alg) {
			keys = append(keys, k)
		}
	}
	if len(set.Keys) == 0 {
		return nil, invalid("keys: an empty set")
	}
	if len(keys) == 0 {
		return nil, invalid("keys: none of the registered algorithm")
	}
	return keys, nil
}

// verifies tells whether k is a public key for signatures of alg, with a kid.
func verifies(k jose.JSONWebKey, alg jose.SignatureAlgorithm) bool {
	if k.KeyID == "" || k.Use != "" && k.Use != "sig" || k.Algorithm != "" && k.Algorithm != string(alg) {
		return false
	}
	switch public := k.Key.(type) {
	case *ecdsa.PublicKey:
		return alg == jose.ES256 && public.Curve == elliptic.P256()
	case *rsa.PublicKey:
		return alg == jose.RS256 && public.N.BitLen() >= 2048
	}
	return false
}

// key finds the key named kid. An unknown one makes the keys be read again,
// once: FranceConnect may have changed keys a moment ago.
func (rp *RelyingParty) key(ctx context.Context, kid string) (key jose.JSONWebKey, found bool, err error) {
	for _, read := range []func(context.Context) ([]jose.JSONWebKey, error){rp.keys.get, rp.keys.reload} {
		keys, err := read(ctx)
		if err != nil {
			return jose.JSONWebKey{}, false, err
		}
		if i := indexKey(keys, kid); i >= 0 {
			return keys[i], true, nil
		}
	}
	return jose.JSONWebKey{}, false, nil
}

func indexKey(keys []jose.JSONWebKey, kid string) int {
	return slices.IndexFunc(keys, func(k jose.JSONWebKey) bool { return k.KeyID == kid })
}
