// Package proconnect is the relying party of the OpenID provider that knows
// public agents: ProConnect, or another that gives the same claims.
//
//	Begin ─ authorization URL (state, nonce, PKCE where offered) ─→ the provider
//	Finish ←─ callback ─ code → tokens → ID token (iss, aud, nonce, acr) → userinfo (siret)
//
// The protocol is zitadel's client library; what stands here is what it leaves
// to its caller: one state and nonce a login, the level asked, a signed
// userinfo, and which claims an agent must have. The provider is contacted at
// the first login, not at start: a desk that is closed keeps nobody else out.
package proconnect
