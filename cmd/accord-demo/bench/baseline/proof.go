package baseline

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
)

var errProof = errors.New("DPoP proof")

// proofs verifies DPoP proofs (RFC 9449): nonces are an HMAC of the time, so
// that none is kept; jti are.
type proofs struct {
	secret [32]byte
	seen   *onceSet
}

func newProofs() *proofs {
	p := &proofs{seen: newOnceSet()}
	rand.Read(p.secret[:])
	return p
}

const nonceWindow = 120 // seconds

// nonce is that of this window, or of the one before.
func (p *proofs) nonce(before uint64) string {
	var window [8]byte
	binary.BigEndian.PutUint64(window[:], uint64(time.Now().Unix())/nonceWindow-before)
	mac := hmac.New(sha256.New, p.secret[:])
	mac.Write(window[:])
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

type proofClaims struct {
	JTI, HTM, HTU, Nonce, ATH string
	IAT                       int64
}

// verify gives the thumbprint of the key a request proved, with token its
// access token or "".
func (p *proofs) verify(h http.Header, method, address, token string) (jkt string, err error) {
	jws, err := jose.ParseSignedCompact(one(h.Values("DPoP")), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return "", errProof
	}
	header := jws.Signatures[0].Protected
	if header.ExtraHeaders[jose.HeaderType] != "dpop+jwt" || header.JSONWebKey == nil || !header.JSONWebKey.IsPublic() {
		return "", errProof
	}
	payload, err := jws.Verify(header.JSONWebKey)
	if err != nil {
		return "", errProof
	}
	var c proofClaims
	if json.Unmarshal(payload, &c) != nil || !p.fits(c, method, address, token) {
		return "", errProof
	}
	if jkt, err = oidc.JWKThumbprint(header.JSONWebKey); err != nil || !p.seen.first(jkt+c.JTI) {
		return "", errProof
	}
	return jkt, nil
}

func (p *proofs) fits(c proofClaims, method, address, token string) bool {
	now := time.Now().Unix()
	if c.HTM != method || c.HTU != address || c.JTI == "" || len(c.JTI) > 256 || c.IAT < now-300 || c.IAT > now+60 {
		return false
	}
	if c.Nonce != p.nonce(0) && c.Nonce != p.nonce(1) {
		return false
	}
	sum := sha256.Sum256([]byte(token))
	return token == "" || c.ATH == base64.RawURLEncoding.EncodeToString(sum[:])
}

func one(values []string) string {
	if len(values) != 1 {
		return ""
	}
	return values[0]
}

// bound lets a bound access token through to the library, which knows bearers
// only. It reads cnf before the signature: the library checks the same string
// right after.
func (s *server) bound(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		jkt, err := s.proofs.verify(r.Header, r.Method, s.config.Issuer+r.URL.Path, token)
		if err != nil || !strings.EqualFold(scheme, "DPoP") || confirmation(token) != jkt {
			refuse(w, http.StatusUnauthorized, "invalid_token")
			return
		}
		r.Header.Set("Authorization", "Bearer "+token)
		next.ServeHTTP(w, r)
	})
}

func confirmation(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	var c struct {
		CNF struct{ JKT string } `json:"cnf"`
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(payload, &c) != nil {
		return ""
	}
	return c.CNF.JKT
}
