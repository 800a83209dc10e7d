package issuer

import (
	"context"
	"net/http"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// endSession is the logout endpoint (RP-Initiated Logout 1.0 §2). It checks;
// the journey asks the citizen and ends the session. What is refused redirects
// nowhere: the citizen is asked, or told on a local page.
func (i *Issuer) endSession(w http.ResponseWriter, r *http.Request) {
	noStore(w.Header())
	w.Header().Set("Referrer-Policy", "no-referrer")
	if !allowed(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	p, e := queryOrFormParameters(w, r)
	var end EndSession
	if e == nil {
		end, e = i.readEndSession(r.Context(), p)
	}
	if e != nil {
		e.Page = "logout"
		i.logRefusal(r.Context(), r.URL.Path, e)
		end = EndSession{Refused: e}
	}
	i.config.Hooks.EndSession(w, r, end)
}

func (i *Issuer) readEndSession(ctx context.Context, p parameters) (EndSession, *Error) {
	end := EndSession{ClientID: p["client_id"], State: p["state"]}
	if len(end.State) > maxOpaque || !printable(end.State) {
		return EndSession{}, invalidRequest("state must be at most 2048 printable ASCII characters")
	}
	if e := i.readEndHint(ctx, p["id_token_hint"], &end); e != nil {
		return EndSession{}, e
	}
	if end.ClientID == "" {
		if p["post_logout_redirect_uri"] != "" {
			return EndSession{}, invalidRequest("post_logout_redirect_uri needs id_token_hint or client_id")
		}
		return end, nil
	}
	return i.readEndRedirect(p["post_logout_redirect_uri"], end)
}

// readEndHint takes the client from the hint, and refuses a hint of another
// one than client_id names (RP-Initiated Logout 1.0 §2).
func (i *Issuer) readEndHint(ctx context.Context, hint string, end *EndSession) *Error {
	if hint == "" {
		return nil
	}
	claims, err := i.verifyHint(ctx, hint)
	if err != nil || len(claims.Audience) == 0 {
		return invalidRequest("id_token_hint is not valid").WithCause(err)
	}
	if end.ClientID == "" {
		end.ClientID = claims.Audience[0]
	}
	if !slices.Contains(claims.Audience, end.ClientID) {
		return invalidRequest("id_token_hint is another client's")
	}
	end.Hint = claims.Subject
	return nil
}

func (i *Issuer) readEndRedirect(uri string, end EndSession) (EndSession, *Error) {
	c, e := i.client(end.ClientID)
	if e != nil {
		return EndSession{}, e
	}
	if uri == "" {
		return end, nil
	}
	if err := op.ValidateEndSessionPostLogoutRedirectURI(uri, libraryClient{c}); err != nil {
		return EndSession{}, invalidRequest("post_logout_redirect_uri is not registered for the client")
	}
	end.PostLogoutRedirectURI = uri
	return end, nil
}
