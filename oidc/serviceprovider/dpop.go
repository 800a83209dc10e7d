package serviceprovider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

const (
	bearerType = "Bearer"
	dpopType   = "DPoP" // RFC 9449
)

// NewDPoPKey makes a key for Config.DPoP. Tokens are bound to it: all processes
// that use one token need the one key.
func NewDPoPKey() (*jose.JSONWebKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a DPoP key: %w", err)
	}
	return &jose.JSONWebKey{Key: key, Algorithm: string(jose.ES256)}, nil
}

// tokenType is how tokens must be presented.
func (c *Client) tokenType() string {
	if c.config.DPoP == nil {
		return bearerType
	}
	return dpopType
}

// sendProved sends what make makes with a proof of possession (RFC 9449 §4),
// and once more, made anew, when Accord asks for a nonce of its own (§8).
func (c *Client) sendProved(make func() (*http.Request, error), token string) (status int, header http.Header, body []byte, err error) {
	for try := range 2 {
		r, err := make()
		if err != nil {
			return 0, nil, nil, err
		}
		if err := c.prove(r, token); err != nil {
			return 0, nil, nil, fmt.Errorf("proving possession: %w", err)
		}
		if status, header, body, err = c.send(r); err != nil {
			return 0, nil, nil, err
		}
		if nonce := header.Get("DPoP-Nonce"); nonce != "" {
			c.nonce.Store(&nonce)
		}
		if try > 0 || c.config.DPoP == nil || !asksNonce(status, header, body) {
			break
		}
	}
	return status, header, body, nil
}

// asksNonce is the answer use_dpop_nonce, of an endpoint or of a resource.
func asksNonce(status int, header http.Header, body []byte) bool {
	switch status {
	case http.StatusBadRequest:
		var e struct {
			Code string `json:"error"`
		}
		return json.Unmarshal(body, &e) == nil && e.Code == "use_dpop_nonce"
	case http.StatusUnauthorized:
		return strings.Contains(header.Get("WWW-Authenticate"), `error="use_dpop_nonce"`)
	}
	return false
}

// prove puts a proof for this request, and this token, on it; nothing without
// a key.
func (c *Client) prove(r *http.Request, token string) error {
	if c.config.DPoP == nil {
		return nil
	}
	at := url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: r.URL.Path}
	claims := map[string]any{"jti": rand.Text(), "htm": r.Method, "htu": at.String(), "iat": c.config.Now().Unix()}
	if nonce := c.nonce.Load(); nonce != nil {
		claims["nonce"] = *nonce
	}
	if token != "" {
		sum := sha256.Sum256([]byte(token))
		claims["ath"] = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return err
	}
	// The key alone, without its name: the proof carries its public half.
	key := jose.SigningKey{Algorithm: jose.SignatureAlgorithm(c.config.DPoP.Algorithm), Key: c.config.DPoP.Key}
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt"))
	if err != nil {
		return err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return err
	}
	proof, err := signed.CompactSerialize()
	r.Header.Set("DPoP", proof)
	return err
}
