package resource

import (
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// sealed encrypts a signed delivery to the client that registered a key for it
// (RFC 7519 §5.2, a nested JWT: the JWS is inside, and is what is kept and
// verified). For any other client it is the JWS itself. The digest in the log
// stays that of the data the JWS holds.
func (d *Deliverer) sealed(client string, jws []byte) ([]byte, error) {
	if d.Encryption == nil {
		return jws, nil
	}
	key, registered := d.Encryption(client)
	if !registered {
		return jws, nil
	}
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
