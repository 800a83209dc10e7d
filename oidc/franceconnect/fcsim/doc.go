// Package fcsim simulates FranceConnect (API v2, "low" platform, eidas1; with
// Options.Plus FranceConnect+) for a login, with its refusals. It is not
// FranceConnect and says so on every page: no password, no State mark, no logo;
// memory only, new keys at each start.
//
//	/authorize ─→ /interaction/{uid}            who do you want to be? ─→ "Revenir sur …": access_denied
//	                 └→ /interaction/{uid}/consent   information, one button "Continuer sur …"
//	                        └→ /interaction/{uid}/login ─→ redirect_uri?code&state&iss
//	/token   /userinfo (a signed JWT)   /token/revocation   /session/end   /jwks   discovery
//	/checktoken (for data providers: a JWE of a JWS)
//
// A machine walks it without reading a page: GET the authorization URL, POST
// persona=<id> to where it leads, POST nothing to that address + "/login" in
// place of "/consent", keeping the cookie.
//
// It tells the truth unless told to lie: Faults lists what a client must
// refuse, Variations what it must take, Simulator.Play and Options.Faults play
// them. EdgePersonas are persons at the edges of the civil registry.
//
// What it takes and refuses follows FranceConnect's published behaviour, down
// to error codes; it shares no code with the relying party beside it, so that
// both do not share a mistake.
package fcsim
