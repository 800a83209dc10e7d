// Package serviceprovider is a service provider's client of Accord, small
// enough to be read before it is used: net/http, go-jose, and Accord's pure
// packages for what an auditor checks too.
//
//	Login ── POST /par (PKCE, state, nonce) ──→ Attempt: kept in the person's session
//	  └─→ the browser goes to Attempt.URL: who asks, FranceConnect, the values, the decision
//	Callback ←── the browser comes back: state, iss, code | error=access_denied → *Denied
//	  └─→ POST /token → ID token checked (signature, iss, aud, nonce, exp) → Token
//	Data, Signed ── GET /v3/… ──→ Accord-Release-Id and Accord-Log, or ErrUnlogged
//	  └─→ the release id written and fsynced in the list → only then the answer
//	later, with Token.Refresh: Refresh ── POST /token ──→ Token → Data, fetched anew
//	  └─→ ErrEnded → Login;  Grant, EndGrant: what is left of it, and its end;  Receipt: its proof again
//	later, with FranceConnect's token: DataWithFranceConnect ── GET /v3/…/france_connect ──→ the same
//	  └─→ ErrConsentRequired → LoginAgain → Attempt
//
// With Config.DPoP each request to Accord carries a proof that its sender holds
// a key (RFC 9449); a stolen token is then of no use. Profile fapi2 is Config.Key
// and Config.DPoP.
//
// The list of release ids is what makes an operator honest: every delivery
// stands in Accord's log before it leaves, so an id of the list that is not in
// the log is a delivery made outside it (accord-verify reconcile -releases).
// An answer that names no release is therefore refused, whatever it holds.
//
// Signed asks the same answer as a statement signed by Accord, which is worth
// keeping: Verify checks it years later through Accord's key history.
package serviceprovider
