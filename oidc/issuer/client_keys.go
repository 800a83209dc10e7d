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

// EncryptionKey is what signed deliveries to a client are encrypted to: the first
// of its keys in line with use enc, or the first that its jwks_uri publishes; ok
// is false for a client that wants none. With an error nothing signed may leave:
// the client wants encryption, or may want it, and no key of its is known.
func (i *Issuer) EncryptionKey(ctx context.Context, c *Client) (key jose.JSONWebKey, ok bool, err error) {
	key, ok = c.EncryptionKey()
	if !ok && c.JWKSURI != "" {
		key, ok, err = i.keys.Encryption(ctx, c.JWKSURI)
	}
	if err == nil && !ok && c.EncryptedDeliveries {
		err = errors.New("deliveries to the client are encrypted, and it has no key to encrypt to")
	}
	return key, ok, err
}

func goodRemoteEncryptionKey(k jose.JSONWebKey) bool {
	return k.KeyID != "" && len(k.KeyID) <= 256 && badEncryptionKey(k) == ""
}

// goodRemoteKey is what a registration in line would have to be.
func goodRemoteKey(k jose.JSONWebKey) bool {
	return k.KeyID != "" && len(k.KeyID) <= 256 && (k.Use == "" || k.Use == "sig") && badKey(k) == ""
}
