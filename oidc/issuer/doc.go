// Package issuer is the face Accord shows to service providers: an OpenID
// Provider (OpenID Connect Core 1.0) for the authorization code flow, with
// pushed authorization requests. A client has one of two profiles: oidc for
// stock software, and fapi2 (FAPI 2.0 Security Profile), which must push its
// requests, sign its authentication, and hold a key that its tokens are bound
// to (DPoP, RFC 9449).
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
//	a DPoP proof ─→ form, signature ─→ htm, htu, iat ─→ nonce ─→ ath ┬→ client, assertion's jti ─→ proof's jti ─→ Redeem
//	                (use_dpop_nonce consumes nothing)                 └→ Possession: userinfo, and broker/resource's /v3
//
// It validates, authenticates and answers; it keeps nothing. What is durable
// (codes, tokens, consent) is behind Hooks, what lives for seconds (pushed
// requests, assertions seen once) behind Memory, private keys behind Keys.
//
// Of zitadel/oidc it uses the wire types, the checks of redirect URIs, of
// prompt and of ID token hints, and the claims of ID tokens; not its handlers,
// whose defects are listed beside the code that answers them.
package issuer
