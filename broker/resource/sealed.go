package resource

import (
	"context"
	"fmt"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

// A sending is how a delivery is to leave.
type sending struct {
	form
	to *jose.JSONWebKey // a signed one is encrypted to it; nil: to none
}

// errNoKey: what a client wants encrypted never leaves otherwise.
var errNoKey = apiError{
	status: http.StatusServiceUnavailable, Code: "00504", Title: "Clé de chiffrement indisponible", wait: "10",
	Detail: "Les remises signées sont à chiffrer pour ce client, et aucune de ses clés use enc n'a pu être lue. Rien n'a été transmis.",
}

// sendingTo finds what a signed delivery to a client is encrypted to, before
// anything is asked or logged for it.
func (d *Deliverer) sendingTo(ctx context.Context, f form, client string) (sending, *apiError) {
	if f != signedForm || d.Encryption == nil {
		return sending{form: f}, nil
	}
	key, ok, err := d.Encryption(ctx, client)
	switch {
	case err != nil:
		d.Log.WarnContext(ctx, "finding the key to encrypt a delivery to", "client", client, "cause", err)
		return sending{}, &errNoKey
	case !ok:
		return sending{form: f}, nil
	}
	return sending{f, &key}, nil
}

// sealed encrypts a signed delivery to the client that has a key for it
// (RFC 7519 §5.2, a nested JWT: the JWS is inside, and is what is kept and
// verified). For any other client it is the JWS itself. The digest in the log
// stays that of the data the JWS holds.
func (s sending) sealed(jws []byte) ([]byte, error) {
	if s.to == nil {
		return jws, nil
	}
	key := s.to
	to := jose.Recipient{Algorithm: jose.KeyAlgorithm(key.Algorithm), Key: key.Key, KeyID: key.KeyID}
	encrypter, err := jose.NewEncrypter(jose.A256GCM, to, (&jose.EncrypterOptions{}).WithContentType("JWT"))
	if err != nil {
		return nil, fmt.Errorf("encrypting to key %s: %w", key.KeyID, err)
	}
	jwe, err := encrypter.Encrypt(jws)
	if err != nil {
		return nil, fmt.Errorf("encrypting to key %s: %w", key.KeyID, err)
	}
	compact, err := jwe.CompactSerialize()
	if err != nil {
		return nil, fmt.Errorf("writing a delivery encrypted to key %s: %w", key.KeyID, err)
	}
	return []byte(compact), nil
}
