package issuer

import (
	"context"
	"net/http"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// authorize is the authorization endpoint (OpenID Connect Core §3.1.2): a
// request in plain parameters, or one pushed before.
func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	noStore(w.Header())
	w.Header().Set("Referrer-Policy", "no-referrer")
	if !allowed(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	c, req, e := i.requested(w, r)
	if e == nil {
		e = i.config.Hooks.Review(r.Context(), c, req)
	}
	switch {
	case e != nil:
		i.refuseAuthorization(w, r, req, e)
	case req.Prompt == oidc.PromptNone:
		i.silently(w, r, c, req)
	default:
		i.config.Hooks.Begin(w, r, c, req)
	}
}

// requested finds the client and its checked request.
func (i *Issuer) requested(w http.ResponseWriter, r *http.Request) (*Client, *AuthorizationRequest, *Error) {
	p, e := queryOrFormParameters(w, r)
	if e != nil {
		e.Page = "invalid_request"
		return nil, nil, e
	}
	c, e := i.client(p["client_id"])
	if e != nil {
		return nil, nil, e
	}
	if p["request_uri"] == "" && c.Profile == FAPI2 {
		return nil, nil, pageError("invalid_request", "invalid_request", "this client must push its request (RFC 9126)")
	}
	if p["request_uri"] == "" {
		req, e := i.readRequest(r.Context(), p, c)
		return c, req, e
	}
	req, e := i.pushedRequest(r.Context(), p, c)
	return c, req, e
}

// pushedRequest takes everything from what was pushed and ignores all other
// parameters (RFC 9126 §4). No other address is ever fetched.
func (i *Issuer) pushedRequest(ctx context.Context, p parameters, c *Client) (*AuthorizationRequest, *Error) {
	if p["request"] != "" {
		return nil, pageError("invalid_request", "invalid_request", "request and request_uri are given together")
	}
	if !strings.HasPrefix(p["request_uri"], pushedName) {
		return nil, pageError("unknown_request", "request_uri_not_supported", "request_uri was not given by this issuer")
	}
	return i.recall(ctx, p["request_uri"], c)
}

// silently answers prompt=none: the journey shows no page, whatever it answers
// (design note 0031).
func (i *Issuer) silently(w http.ResponseWriter, r *http.Request, c *Client, req *AuthorizationRequest) {
	code, e := i.config.Hooks.Silently(r, c, req)
	if e != nil {
		i.refuseAuthorization(w, r, req, e)
		return
	}
	http.Redirect(w, r, i.SuccessURL(req, code), http.StatusSeeOther)
}

// refuseAuthorization answers on a local page, or to the client when its
// redirect URI was found good. 303 lets no browser send a form again.
func (i *Issuer) refuseAuthorization(w http.ResponseWriter, r *http.Request, req *AuthorizationRequest, e *Error) {
	i.logRefusal(r.Context(), r.URL.Path, e)
	if e.Page != "" || req == nil {
		page := *e
		if page.Page == "" {
			page.Page = "invalid_request"
		}
		if req != nil {
			page.Back = i.ErrorURL(req, e.body().Code, e.Description)
		}
		i.config.Hooks.ErrorPage(w, r, &page)
		return
	}
	http.Redirect(w, r, i.ErrorURL(req, e.body().Code, e.Description), http.StatusSeeOther)
}
