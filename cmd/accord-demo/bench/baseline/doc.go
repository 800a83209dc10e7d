// Package baseline is a yardstick, not a product: a bare FAPI 2.0 flow on
// zitadel's library, everything in memory. The bench runs Accord's whole
// durable journey beside it and prints the ratio of the two rates.
//
//	POST /par (private_key_jwt, DPoP) → GET /authorize?request_uri
//	→ 303 /login → 303 /consent → /authorize/callback → code, iss
//	→ POST /oauth/token (private_key_jwt, PKCE, DPoP) → GET /userinfo (DPoP)
//
// Left to the library: parameters, redirect URIs, PKCE, code exchange, ID and
// access tokens (ES256 JWTs), userinfo. Ours, since the library has none of it:
// pushed requests, the client assertion with jti, proofs with nonce and jti,
// dpop_jkt, iss. Nothing is ever forgotten, nobody logs in, and no page is
// shown: what a product adds costs more, never less.
package baseline
