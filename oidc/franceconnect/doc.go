// Package franceconnect is a relying party of FranceConnect (API v2, OpenID
// Connect authorization code flow). It keeps no session: the caller holds
// state, nonce and what follows, one browser leg at a time.
//
//	AuthorizationURL ─→ browser at FranceConnect ─→ Callback ─→ Exchange ─→ Login
//	   state, nonce                                 code         │ token   30 s after the
//	                                                             │ ID token   citizen's click
//	                                                             └ userinfo (a signed JWT)
//	LogoutURL ─→ browser ─→ FranceConnect's session ends ─→ PostLogoutRedirectURI
//
// What FranceConnect does otherwise than an ordinary OpenID Provider, and this
// package therefore too: it refuses any authorization parameter outside a short
// list, PKCE's included, although its discovery document advertises PKCE; it
// authenticates clients by client_secret_post; its userinfo answer is a JWT
// signed like the ID token; a grant dies 30 seconds after the citizen's click,
// so Exchange must run inside the callback request.
//
// FranceConnect+ encrypts ID token and userinfo besides: Config.DecryptionKeys.
//
// Nothing here contacts FranceConnect before it is needed, and a document once
// read keeps serving while FranceConnect is away: see document.
package franceconnect
