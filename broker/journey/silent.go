package journey

import (
	"context"
	"errors"
	"net/http"

	"accord/broker/store"
	"accord/oidc/issuer"
)

// Silently answers a request with prompt=none (issuer.Hooks). It gives a code
// where nothing new is to be agreed: the browser remembers the login and the
// agreement to the identifier alone, and both serve the request. Otherwise it
// says whether a login is missing or the agreement alone.
func (j *Journey) Silently(r *http.Request, client *issuer.Client, req *issuer.AuthorizationRequest) (string, *issuer.Error) {
	cr, err := j.request(client, req)
	if err != nil || !cr.IdentityOnly {
		return "", issuer.NewError("login_required", "the citizen must be asked")
	}
	in := &interaction{For: forRequest, Request: *req, Approval: cr.Approval.ID, ApprovalDigest: cr.Approval.Digest}
	in.Request.Prompt = ""
	if l, ok := j.remembered(r, in); ok && j.serves(l.SignedIn, in) {
		return j.anotherCode(r.Context(), in, l)
	}
	// Where the request names a person or an age, two answers would tell whose
	// session it is: to a service provider that nobody agreed to, in redirects
	// that nobody sees.
	probing := req.HintSubject != "" || req.MaxAge != nil
	if _, ok := j.sessionFor(r, in); ok && !probing {
		return "", issuer.NewError("consent_required", "the citizen must agree on a page")
	}
	return "", issuer.NewError("login_required", "the citizen must be asked")
}

// anotherCode gives a code under the agreement there is: same grant, same
// receipt, same login. The store judges whether it lives.
func (j *Journey) anotherCode(ctx context.Context, in *interaction, l login) (string, *issuer.Error) {
	first, err := j.Consume(ctx, &in.Request)
	if err != nil {
		return "", issuer.NewError("temporarily_unavailable", "").WithCause(err)
	}
	if !first {
		return "", issuer.NewError("invalid_request", "the pushed request gave a code already")
	}
	code := base64url(randomBytes(secretSize))
	row, err := Bound{
		Binding: in.Request.Binding(), Subject: l.At, ACR: l.ACR, AMR: l.AMR, AuthTime: l.AuthTime,
		Scopes: granted(in.Request.Scopes, nil), Grant: l.Grant, Receipt: l.Receipt,
	}.coded(code, nil)
	if err != nil {
		return "", issuer.NewError("server_error", "").WithCause(err)
	}
	err = j.Store.AnotherCode(ctx, store.AnotherCodeCmd{Grant: l.Grant, Citizen: l.Citizen, Code: *row})
	if err != nil {
		return "", anotherCodeError(err)
	}
	return code, nil
}

func anotherCodeError(err error) *issuer.Error {
	switch {
	case errors.Is(err, store.ErrCapped):
		return issuer.NewError("consent_required", "too many codes under one agreement").WithCause(err)
	case errors.Is(err, store.ErrRevoked), errors.Is(err, store.ErrExpired), errors.Is(err, store.ErrNotCovered), errors.Is(err, store.ErrNotFound):
		return issuer.NewError("consent_required", "the agreement has ended").WithCause(err)
	case errors.Is(err, store.ErrOverloaded), errors.Is(err, store.ErrUnavailable):
		return issuer.NewError("temporarily_unavailable", "").WithCause(err)
	}
	return issuer.NewError("server_error", "").WithCause(err)
}
