package issuer

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
)

// credentials are what a request offers to authenticate its client.
type credentials struct {
	method    AuthMethod
	clientID  string // as claimed; empty with a bare assertion
	secret    string
	assertion string
}

// authenticate finds the client that makes a request to /par, /token,
// /introspect or /revoke (RFC 6749 §2.3), by the one method it registered.
// It comes before anything the request asks for, so that a stranger can
// neither probe nor burn a code (design note 0001, B7).
func (i *Issuer) authenticate(r *http.Request, p parameters) (*Client, *Error) {
	c, a, e := i.identify(r, p)
	if e == nil {
		e = i.useAssertion(r.Context(), a)
	}
	if e != nil {
		return nil, e
	}
	return c, nil
}

// identify is authenticate without using up the assertion, nil of a client
// with a secret: what the request lacks can be told before it costs one.
func (i *Issuer) identify(r *http.Request, p parameters) (*Client, *assertion, *Error) {
	offered, e := readCredentials(r, p)
	if e != nil {
		return nil, nil, e
	}
	if offered.method == PrivateKeyJWT {
		return i.verifyAssertion(r.Context(), offered)
	}
	c, e := i.verifySecret(offered)
	return c, nil, e
}

func invalidClient(description string) *Error {
	return NewError("invalid_client", description)
}

// readCredentials insists on exactly one method (RFC 6749 §2.3).
func readCredentials(r *http.Request, p parameters) (credentials, *Error) {
	headers := r.Header.Values("Authorization")
	var found []AuthMethod
	if len(headers) > 0 {
		found = append(found, ClientSecretBasic)
	}
	if p["client_secret"] != "" {
		found = append(found, ClientSecretPost)
	}
	if p["client_assertion"] != "" || p["client_assertion_type"] != "" {
		found = append(found, PrivateKeyJWT)
	}
	switch {
	case len(found) == 0:
		return credentials{}, invalidClient("the client did not authenticate")
	case len(found) > 1 || len(headers) > 1:
		return credentials{}, invalidRequest("use one way to authenticate the client")
	}
	return readMethod(r, p, found[0])
}

func readMethod(r *http.Request, p parameters, method AuthMethod) (credentials, *Error) {
	switch method {
	case ClientSecretBasic:
		return readBasic(r, p)
	case ClientSecretPost:
		return credentials{method: method, clientID: p["client_id"], secret: p["client_secret"]}, nil
	}
	if p["client_assertion_type"] != assertionType {
		return credentials{}, invalidRequest("client_assertion_type is not " + assertionType)
	}
	return credentials{method: PrivateKeyJWT, clientID: p["client_id"], assertion: p["client_assertion"]}, nil
}

// readBasic decodes id and secret as forms do before they are put together
// (RFC 6749 §2.3.1).
func readBasic(r *http.Request, p parameters) (credentials, *Error) {
	id, secret, ok := r.BasicAuth()
	if !ok {
		return credentials{}, invalidClient("the Authorization header is not Basic")
	}
	id, errID := url.QueryUnescape(id)
	secret, errSecret := url.QueryUnescape(secret)
	if errID != nil || errSecret != nil {
		return credentials{}, invalidClient("the Authorization header cannot be read")
	}
	if other, given := p["client_id"]; given && other != id {
		return credentials{}, invalidClient("client_id differs from the Authorization header's")
	}
	return credentials{method: ClientSecretBasic, clientID: id, secret: secret}, nil
}

// verifySecret takes the same time for a wrong secret, a wrong method and a
// client that is not there.
func (i *Issuer) verifySecret(offered credentials) (*Client, *Error) {
	c, e := i.client(offered.clientID)
	want, usable := [32]byte{}, false
	if e == nil && c.AuthMethod == offered.method && c.Profile != FAPI2 {
		want, usable = decodeSecretHash(c.SecretHash)
	}
	got := sha256.Sum256([]byte(offered.secret))
	same := subtle.ConstantTimeCompare(got[:], want[:]) == 1
	if !usable || !same || strings.TrimSpace(offered.secret) == "" {
		return nil, invalidClient("client authentication failed")
	}
	return c, nil
}
