package issuer

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// Schemes of the Authorization header that carry an access token, compared in
// any case (RFC 9110 §11.1).
const (
	bearerScheme = "Bearer" // RFC 6750
	dpopScheme   = "DPoP"   // RFC 9449 §7.1
)

// Possession checks that whoever presents an access token may: one bound to a
// key (jkt is its thumbprint) only with the scheme DPoP and a new proof by that
// key for this request and this token; one bound to none only with Bearer. The
// address is the issuer's own with the request's path, whatever Host says.
// Refusals have status 401, or 503 while proofs cannot be remembered; Challenge
// words them.
func (i *Issuer) Possession(r *http.Request, token, jkt string) *Error {
	e := i.possession(r, token, jkt)
	if e == nil {
		return nil
	}
	if e.HTTPStatus() == http.StatusBadRequest {
		e.Status = http.StatusUnauthorized
	}
	e.dpop = jkt != ""
	return e
}

func (i *Issuer) possession(r *http.Request, token, jkt string) *Error {
	switch dpop := UsesDPoP(r); {
	case jkt == "" && !dpop:
		return nil
	case jkt == "":
		return NewError("invalid_token", "the access token is bound to no key: use the scheme Bearer")
	case !dpop:
		return NewError("invalid_token", "the access token is bound to a key: use the scheme DPoP")
	}
	p, e := i.proof(r, r.URL.EscapedPath(), token)
	switch {
	case e != nil:
		return e
	case p == nil:
		return invalidProof("the DPoP proof is missing")
	case subtle.ConstantTimeCompare([]byte(p.thumbprint), []byte(jkt)) != 1:
		return NewError("invalid_token", "the access token is bound to another key than the proof's")
	}
	return i.useProof(r.Context(), p)
}

// UsesDPoP reports whether a request presents its access token under the
// scheme DPoP.
func UsesDPoP(r *http.Request) bool {
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.EqualFold(scheme, dpopScheme)
}

// Challenge is the WWW-Authenticate of a refused access token (RFC 6750 §3,
// RFC 9449 §7.1): in the scheme the request used, or the one it should have.
func Challenge(r *http.Request, e *Error) string {
	told := ` error="` + describe(e.Code) + `", error_description="` + describe(e.Description) + `"`
	if e.dpop || UsesDPoP(r) {
		return dpopScheme + told + `, algs="` + proofAlgs() + `"`
	}
	return bearerScheme + told
}

// Schemes are the challenges to a request without any access token: no error is
// told (RFC 6750 §3.1).
func Schemes(realm string) []string {
	return []string{bearerScheme + ` realm="` + realm + `"`, dpopScheme + ` algs="` + proofAlgs() + `"`}
}

// proofAlgs is the list of RFC 9449 §7.1.
func proofAlgs() string {
	var names []string
	for _, alg := range assertionAlgs() {
		names = append(names, string(alg))
	}
	return strings.Join(names, " ")
}
