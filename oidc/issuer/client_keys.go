package issuer

import (
	"context"
	"errors"

	"github.com/go-jose/go-jose/v4"
)

// clientKey finds the key that a client's assertion names: among those
// registered in line, or those its jwks_uri publishes. Only registered
// addresses are ever fetched.
func (i *Issuer) clientKey(ctx context.Context, c *Client, kid string) (jose.JSONWebKey, *Error) {
	if c.JWKSURI == "" {
		key, ok := c.JWKS.key(kid)
		if !ok {
			return key, invalidClient("client authentication failed").WithCause(errors.New("unknown kid"))
		}
		return key, nil
	}
	key, ok, err := i.keys.Key(ctx, c.JWKSURI, kid)
	switch {
	case err != nil:
		return key, unavailable(err)
	case !ok:
		return key, invalidClient("client authentication failed").WithCause(errors.New("unknown kid at jwks_uri"))
	}
	return key, nil
}

// goodRemoteKey is what a registration in line would have to be.
func goodRemoteKey(k jose.JSONWebKey) bool {
	return k.KeyID != "" && len(k.KeyID) <= 256 && (k.Use == "" || k.Use == "sig") && badKey(k) == ""
}
