// Package pcsim simulates ProConnect for the demonstration and for tests: an
// OpenID provider of invented agents, on loopback, in memory only, with a fresh
// key at each start.
//
//	GET  …/authorize   a page: which agent to be
//	POST …/authorize   the choice → code
//	POST …/token, GET …/userinfo (signed), …/jwks, …/.well-known/openid-configuration
//
// It is no ProConnect, and whoever it logs in does not exist.
package pcsim
