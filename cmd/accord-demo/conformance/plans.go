package conformance

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// A plan is the configuration of one of the suite's plans, in its names.
type plan struct {
	Alias       string               `json:"alias"`
	Description string               `json:"description"`
	Server      server               `json:"server"`
	Client      client               `json:"client"`
	Post        *client              `json:"client_secret_post,omitempty"`
	Client2     client               `json:"client2"`
	Resource    *protected           `json:"resource,omitempty"`
	Browser     []visit              `json:"browser"`
	Override    map[string]exception `json:"override,omitempty"` // by module
}

type server struct {
	Discovery string `json:"discoveryUrl"`
}

type client struct {
	ID       string              `json:"client_id"`
	Secret   string              `json:"client_secret,omitempty"`
	Scope    string              `json:"scope,omitempty"`
	JWKS     *jose.JSONWebKeySet `json:"jwks,omitempty"` // private
	ProofAlg string              `json:"dpop_signing_alg,omitempty"`
}

type protected struct {
	URL string `json:"resourceUrl"`
}

type exception struct {
	Browser []visit `json:"browser"`
}

// commands are the plans in the form the suite's script takes them: the name
// with its variants, then the file.
func commands() []string {
	const fapi2 = "fapi2-security-profile-final-test-plan[fapi_profile=plain_fapi][client_auth_type=private_key_jwt][sender_constrain=dpop]"
	return []string{
		fapi2 + "[openid=openid_connect] fapi2.json",
		fapi2 + "[openid=plain_oauth] fapi2-oauth.json",
		"oidcc-basic-certification-test-plan[server_metadata=discovery][client_registration=static_client] oidcc.json",
		"oidcc-config-certification-test-plan oidcc.json",
		"oidcc-rp-initiated-logout-certification-test-plan[response_type=code][client_registration=static_client] oidcc.json",
	}
}

// Files are the plans' configuration by file name, and plans.txt, which names
// the plan each is for.
func (r *Registration) Files(p Place) (map[string][]byte, error) {
	files := map[string][]byte{"plans.txt": []byte(strings.Join(commands(), "\n") + "\n")}
	for name, one := range map[string]plan{
		"fapi2.json":       r.fapi2(p, "/.well-known/openid-configuration", "openid "+dataScope, p.Accord+"/userinfo"),
		"fapi2-oauth.json": r.fapi2(p, "/.well-known/oauth-authorization-server", dataScope, p.Accord+dataPath+"?recipient="+p.Recipient),
		"oidcc.json":       r.oidcc(p),
	} {
		body, err := json.MarshalIndent(one, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, err)
		}
		files[name] = append(body, '\n')
	}
	return files, nil
}

func (r *Registration) fapi2(p Place, discovery, scope, resource string) plan {
	var both []client
	for _, c := range r.fapi {
		both = append(both, client{ID: c.ID, Scope: scope, JWKS: &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{c.key}}, ProofAlg: string(jose.ES256)})
	}
	stops := exception{[]visit{p.stop()}}
	return plan{
		Alias: r.test.Alias, Description: "Accord, profile fapi2", Server: server{p.Accord + discovery},
		Client: both[0], Client2: both[1], Resource: &protected{resource}, Browser: []visit{p.agree(r.test)},
		Override: map[string]exception{
			"fapi2-security-profile-final-user-rejects-authentication":                                     {[]visit{p.refuse(r.test)}},
			"fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds": {[]visit{p.look(), p.agree(r.test)}},
			"fapi2-security-profile-final-par-attempt-reuse-request_uri":                                   {[]visit{once(p.agree(r.test)), p.stop()}},
			"fapi2-security-profile-final-par-attempt-to-use-expired-request_uri":                          stops,
			"fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client":             stops,
			"fapi2-security-profile-final-ensure-unsigned-authorization-request-without-using-par-fails":   stops,
		},
	}
}

func (r *Registration) oidcc(p Place) plan {
	var all []client
	for _, c := range r.basic {
		all = append(all, client{ID: c.ID, Secret: c.secret})
	}
	return plan{
		Alias: r.test.Alias, Description: "Accord, profile oidc", Server: server{p.Accord + "/.well-known/openid-configuration"},
		Client: all[0], Post: &all[1], Client2: all[2], Browser: []visit{p.identify(r.test), p.leave()},
		Override: map[string]exception{
			"oidcc-scope-email": {[]visit{p.agree(r.test)}}, "oidcc-ensure-other-scope-order-succeeds": {[]visit{p.agree(r.test)}},
			"oidcc-ensure-registered-redirect-uri": {[]visit{p.stop()}},
		},
	}
}
