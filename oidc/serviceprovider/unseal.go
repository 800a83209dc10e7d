package serviceprovider

import (
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// unsealed gives the JWS inside an encrypted delivery (RFC 7519 §5.2): what is
// kept and verified. With keys registered nothing else is taken, without them
// the body is the JWS itself.
func (c Config) unsealed(body []byte) ([]byte, error) {
	if len(c.Decryption) == 0 {
		return body, nil
	}
	algorithms := []jose.KeyAlgorithm{jose.ECDH_ES, jose.ECDH_ES_A256KW, jose.RSA_OAEP_256}
	jwe, err := jose.ParseEncryptedCompact(string(body), algorithms, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		return nil, fmt.Errorf("%w: it is not encrypted for us", ErrDelivery)
	}
	if _, zip := jwe.Header.ExtraHeaders["zip"]; zip { // a few bytes could blow up
		return nil, fmt.Errorf("%w: it is compressed", ErrDelivery)
	}
	n := slices.IndexFunc(c.Decryption, func(k jose.JSONWebKey) bool {
		return k.KeyID == jwe.Header.KeyID && k.Algorithm == jwe.Header.Algorithm
	})
	if n < 0 {
		return nil, fmt.Errorf("%w: it is encrypted to another key", ErrDelivery)
	}
	jws, err := jwe.Decrypt(c.Decryption[n].Key)
	if err != nil {
		return nil, fmt.Errorf("%w: it does not decrypt", ErrDelivery)
	}
	return jws, nil
}
