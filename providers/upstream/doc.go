// Package upstream makes a connector's HTTP calls under one credential, so
// that every connector keeps the same promises:
//
//	Ask ─ breaker ─ queue ─ token ─ Query.Attempt ─ HTTP ─ judge ─ Attempt.Done ─┐
//	 └────────────────── once more, when it is safe to ask again ────────────────┘
//
// Clients of one credential, one a resource, share an Account: its rate, its
// queue and its tokens. Breakers are each client's own.
//
// The token (OAuth 2.0 client credentials, RFC 6749 §4.4) carries nobody and
// needs no attempt; a request about a person has exactly one. No redirect is
// followed: a person's identity goes to the configured address or nowhere.
// Errors are of a closed set and hold neither address parameters nor a byte of
// an answer, as both are personal.
package upstream
