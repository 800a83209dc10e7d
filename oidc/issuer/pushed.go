package issuer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	pushedLifetime = 60 * time.Second // design §4
	// interactionMax outlives every interaction a pushed request can start.
	interactionMax = 90 * time.Minute
)

// push is the pushed authorization request endpoint (RFC 9126 §2).
func (i *Issuer) push(w http.ResponseWriter, r *http.Request) {
	i.proving(w.Header())
	if !allowed(w, r, http.MethodPost) {
		return
	}
	uri, e := i.pushed(w, r)
	if e != nil {
		i.refuse(w, r, e)
		return
	}
	writeJSON(w, http.StatusCreated, struct {
		RequestURI string `json:"request_uri"`
		ExpiresIn  int    `json:"expires_in"`
	}{uri, int(pushedLifetime.Seconds())})
}

// pushed checks a request as /authorize would, before any citizen sees it. The
// DPoP proof, if there is one, comes before anything that can be used once.
func (i *Issuer) pushed(w http.ResponseWriter, r *http.Request) (string, *Error) {
	p, e := formParameters(w, r)
	if e != nil {
		return "", e
	}
	shown, e := i.proof(r, pathPush, "")
	if e != nil {
		return "", e
	}
	c, e := i.authenticate(r, p)
	if e == nil {
		e = i.bindTo(r.Context(), p, shown)
	}
	if e != nil {
		return "", e
	}
	if p["request_uri"] != "" || p["request"] != "" {
		return "", invalidRequest("push plain parameters, without request or request_uri")
	}
	req, e := i.readRequest(r.Context(), p, c)
	if e == nil {
		e = i.config.Hooks.Review(r.Context(), c, req)
	}
	if e != nil {
		return "", e
	}
	return i.remember(r.Context(), req)
}

// bindTo makes the key of a proof the one the code will be bound to; a
// dpop_jkt beside it must name the same (RFC 9449 §10.1).
func (i *Issuer) bindTo(ctx context.Context, p parameters, shown *proof) *Error {
	if shown == nil {
		return nil
	}
	if named := p["dpop_jkt"]; named != "" && named != shown.thumbprint {
		return invalidProof("dpop_jkt names another key than the proof's")
	}
	p["dpop_jkt"] = shown.thumbprint
	return i.useProof(ctx, shown)
}

// remember keeps a request for 60 s under a name nobody can guess. What is
// kept is sealed under the name itself.
func (i *Issuer) remember(ctx context.Context, req *AuthorizationRequest) (string, *Error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	uri := pushedName + base64.RawURLEncoding.EncodeToString(secret)
	req.Pushed = true
	sealed, err := sealRequest(uri, req)
	if err != nil {
		return "", serverError("the request could not be kept", err)
	}
	until := i.config.Now().Add(pushedLifetime)
	if e := i.pushes.add(req.ClientID, pushedKey(uri), until); e != nil {
		return "", e
	}
	if err := i.config.Memory.Put(ctx, spacePushed, pushedKey(uri), sealed, until); err != nil {
		return "", unavailable(fmt.Errorf("keeping a pushed request: %w", err))
	}
	return uri, nil
}

// recall reads a pushed request of this client. It stays until it expires or
// its code is issued: a reload is no attack, and FAPI 2.0 asks for it. An
// unknown, expired, used or foreign one are the same answer.
func (i *Issuer) recall(ctx context.Context, uri string, c *Client) (*AuthorizationRequest, *Error) {
	gone := pageError("request_expired", "invalid_request_uri", "request_uri is unknown, expired or used")
	sealed, err := i.config.Memory.Get(ctx, spacePushed, pushedKey(uri))
	if errors.Is(err, ErrAbsent) {
		return nil, gone
	}
	if err != nil {
		e := unavailable(fmt.Errorf("reading a pushed request: %w", err))
		e.Page = "unavailable"
		return nil, e
	}
	req, err := openRequest(uri, sealed)
	if err != nil || req.ClientID != c.ID {
		return nil, gone
	}
	req.PushedURI = uri
	return req, nil
}

// ConsumePushed ends a pushed request when its code is issued: call it just
// before the decision, once for each interaction (a repeated POST is answered
// from the interaction's stored answer before). first is false when another
// interaction of the same pushed request was answered already: no code may be
// issued then. A request that was not pushed is always the first.
func (i *Issuer) ConsumePushed(ctx context.Context, req *AuthorizationRequest) (first bool, err error) {
	if req.PushedURI == "" {
		return true, nil
	}
	i.pushes.done(req.ClientID, pushedKey(req.PushedURI))
	used := sha256.Sum256([]byte("used\x00" + req.PushedURI))
	first, err = i.config.Memory.Once(ctx, spacePushed, used, i.config.Now().Add(interactionMax))
	if err != nil {
		return false, fmt.Errorf("consuming a pushed request: %w", err)
	}
	_, err = i.config.Memory.Take(ctx, spacePushed, pushedKey(req.PushedURI))
	if err != nil && !errors.Is(err, ErrAbsent) {
		return false, fmt.Errorf("consuming a pushed request: %w", err)
	}
	return first, nil
}

func pushedKey(uri string) [32]byte { return sha256.Sum256([]byte(uri)) }

const pushedPurpose = "accord-pushed-request-v1"

func sealRequest(uri string, req *AuthorizationRequest) ([]byte, error) {
	return sealUnder(uri, pushedPurpose, req)
}

func openRequest(uri string, sealed []byte) (*AuthorizationRequest, error) {
	req := new(AuthorizationRequest)
	return req, openUnder(uri, pushedPurpose, sealed, req)
}
