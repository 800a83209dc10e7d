// Package issuer is the face Accord shows to service providers: an OpenID
// Provider (OpenID Connect Core 1.0) for the authorization code flow, with
// pushed authorization requests.
//
//	service provider                     issuer                       Hooks (broker/journey)
//	  POST /par ──────────── authenticate, check ──────────────────→ Review   → request_uri, 60 s
//	  GET  /authorize ────── check, or fetch what was pushed ──────→ Review, Begin → /connexion …
//	                         … SuccessURL, ErrorURL ←──────────────── the citizen's decision
//	  POST /token ────────── authenticate ─────────────────────────→ Redeem (Binding.Check inside its transaction)
//	       ← access token, ID token, grant_id, receipt
//	  GET  /userinfo ──────────────────────────────────────────────→ Token, UserinfoClaims
//	  POST /introspect, /revoke ── authenticate, own tokens only ──→ Token, RevokeToken
//	  GET  /session/end ──── check ────────────────────────────────→ EndSession
//	  GET  /jwks, /.well-known/openid-configuration
//
// It validates, authenticates and answers; it keeps nothing. What is durable
// (codes, tokens, consent) is behind Hooks, what lives for seconds (pushed
// requests, assertions seen once) behind Memory, private keys behind Keys.
//
// Of zitadel/oidc it uses the wire types, the checks of redirect URIs, of
// prompt and of ID token hints, and op.CreateIDToken; not its handlers, whose
// defects are listed beside the code that answers them.
package issuer
