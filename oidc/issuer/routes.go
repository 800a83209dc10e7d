package issuer

import (
	"net/http"

	"accord/oidc/issuer/details"
)

const (
	pathDiscovery  = "/.well-known/openid-configuration"
	pathOAuth      = "/.well-known/oauth-authorization-server" // RFC 8414 §3
	pathJWKS       = "/jwks"
	pathPush       = "/par"
	pathAuthorize  = "/authorize"
	pathToken      = "/token"
	pathUserinfo   = "/userinfo"
	pathIntrospect = "/introspect"
	pathRevoke     = "/revoke"
	pathEndSession = "/session/end"
	pathOfGrants   = "/grants"
	pathGrants     = pathOfGrants + "/" // and a grant's id
	pathResource   = "/v3"              // what access tokens read; served by broker/resource
)

// A Route is one endpoint. Mount Handler for every method: it answers 405
// with Allow itself.
type Route struct {
	Methods []string // those it serves
	Path    string   // exact, from the root of the issuer's host; with "/" at its end, all below it
	Handler http.Handler
}

// Routes are all endpoints of the issuer.
func (i *Issuer) Routes() []Route {
	get := []string{http.MethodGet, http.MethodHead, http.MethodOptions}
	post := []string{http.MethodPost}
	both := []string{http.MethodGet, http.MethodPost}
	return []Route{
		{get, pathDiscovery, http.HandlerFunc(i.discovery)},
		{get, pathOAuth, http.HandlerFunc(i.discovery)},
		{get, pathJWKS, http.HandlerFunc(i.jwks)},
		{post, pathPush, http.HandlerFunc(i.push)},
		{both, pathAuthorize, http.HandlerFunc(i.authorize)},
		{post, pathToken, http.HandlerFunc(i.token)},
		{both, pathUserinfo, http.HandlerFunc(i.userinfo)},
		{post, pathIntrospect, http.HandlerFunc(i.introspect)},
		{post, pathRevoke, http.HandlerFunc(i.revoke)},
		{both, pathEndSession, http.HandlerFunc(i.endSession)},
		{[]string{http.MethodGet, http.MethodDelete}, pathGrants, http.HandlerFunc(i.grants)},
		{get, details.Path, http.HandlerFunc(i.detailsSchema)},
	}
}
