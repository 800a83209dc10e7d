package franceconnect

import (
	"context"
	"net/url"
)

// LogoutURL gives where to send the browser to end FranceConnect's session
// (OpenID Connect RP-Initiated Logout §2). idToken may have expired long ago;
// state comes back with the browser at Config.PostLogoutRedirectURI.
func (rp *RelyingParty) LogoutURL(ctx context.Context, idToken, state string) (string, error) {
	if idToken == "" || state == "" || rp.config.PostLogoutRedirectURI == "" {
		return "", invalid("logout without ID token, state or return address")
	}
	e, err := rp.discovery.get(ctx)
	if err != nil {
		return "", err
	}
	if e.EndSession == "" {
		return "", invalid("logout: discovery names no end_session_endpoint")
	}
	return withQuery(e.EndSession, url.Values{
		"id_token_hint":            {idToken},
		"state":                    {state},
		"post_logout_redirect_uri": {rp.config.PostLogoutRedirectURI},
	}), nil
}
