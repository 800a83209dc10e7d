package issuer

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	proofAge   = 5 * time.Minute // oldest iat
	proofAhead = time.Minute     // furthest iat and nbf: clocks of service providers go wrong
	// proofMemory outlives every nonce (two windows), and so every proof that
	// holds one.
	proofMemory = 5 * time.Minute
)

// proof reads the DPoP proof of a request to path and checks all of it but that
// it is new: nil, nil without one. It consumes nothing, so that a client told
// use_dpop_nonce may send everything else again. token is the access token
// that comes with it, "" at the issuer's own endpoints.
func (i *Issuer) proof(r *http.Request, path, token string) (*proof, *Error) {
	header, e := proofHeader(r)
	if header == "" || e != nil {
		return nil, e
	}
	p, err := parseProof(header)
	if err != nil {
		return nil, invalidProof("DPoP proof: " + err.Error())
	}
	switch {
	case p.ID == "" || len(p.ID) > 256:
		return nil, invalidProof("jti must have 1 to 256 characters")
	case p.Method != r.Method:
		return nil, invalidProof("htm is not the request's method")
	case !sameAddress(p.URI, i.config.Issuer+path):
		return nil, invalidProof("htu is not the address of the request")
	}
	if e := i.checkProofTimes(p); e != nil {
		return nil, e
	}
	if p.Nonce == "" || !i.nonces.good(p.Nonce) {
		return nil, NewError("use_dpop_nonce", "put the value of the header DPoP-Nonce into the proof's nonce")
	}
	return p, checkTokenHash(p, token)
}

// checkProofTimes compares as floats: a huge time must not overflow.
func (i *Issuer) checkProofTimes(p *proof) *Error {
	now := seconds(i.config.Now())
	latest := now + proofAhead.Seconds()
	switch {
	case p.IssuedAt == nil:
		return invalidProof("iat is missing")
	case *p.IssuedAt < now-proofAge.Seconds():
		return invalidProof("iat is more than 5 minutes old")
	case *p.IssuedAt > latest:
		return invalidProof("iat is in the future")
	case p.NotBefore != nil && *p.NotBefore > latest:
		return invalidProof("nbf is in the future")
	case p.Expires != nil && *p.Expires <= now-skew.Seconds():
		return invalidProof("exp has passed")
	}
	return nil
}

// checkTokenHash is RFC 9449 §4.3 check 11: a proof made for one token serves
// no other.
func checkTokenHash(p *proof, token string) *Error {
	if token == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(token))
	want := base64.RawURLEncoding.EncodeToString(sum[:])
	if subtle.ConstantTimeCompare([]byte(p.TokenHash), []byte(want)) != 1 {
		return invalidProof("ath is not the hash of the access token")
	}
	return nil
}

// sameAddress compares htu with the address as configured, never as the Host
// header has it: without query and fragment, scheme and host in any case
// (RFC 9449 §4.3, RFC 3986 §6.2.2 and §6.2.3).
func sameAddress(htu, address string) bool {
	if i := strings.IndexAny(htu, "?#"); i >= 0 {
		htu = htu[:i]
	}
	if htu == address {
		return true
	}
	got, err := url.Parse(htu)
	want, errWant := url.Parse(address)
	if err != nil || errWant != nil || len(htu) > 2048 || got.User != nil || got.Opaque != "" {
		return false
	}
	return got.Scheme == want.Scheme && canonicalHost(got) == canonicalHost(want) && got.EscapedPath() == want.EscapedPath()
}

// canonicalHost is in lower case, without the scheme's own port.
func canonicalHost(u *url.URL) string {
	host := strings.ToLower(u.Host)
	for scheme, port := range map[string]string{"https": ":443", "http": ":80"} {
		if u.Scheme == scheme {
			host = strings.TrimSuffix(host, port)
		}
	}
	return host
}

// useProof takes a jti of a key once (RFC 9449 §11.1), as long as its nonce
// could be good.
func (i *Issuer) useProof(ctx context.Context, p *proof) *Error {
	if p == nil {
		return nil
	}
	key := sha256.Sum256([]byte(p.thumbprint + "\x00" + p.ID))
	fresh, err := i.config.Memory.Once(ctx, spaceProofs, key, i.config.Now().Add(proofMemory))
	if err != nil {
		return unavailable(fmt.Errorf("remembering a proof: %w", err))
	}
	if !fresh {
		return invalidProof("jti was used before")
	}
	return nil
}
