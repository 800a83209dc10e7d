package issuer

import (
	"net/http"
	"slices"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"accord/oidc/issuer/details"
)

// checkDetails reads authorization_details (RFC 9396) into the very members
// that plain parameters fill, so that there is one request behind both. Either
// describes the data alone: two descriptions could differ, and the citizen
// would see one of them.
func checkDetails(p parameters, _ *Client, req *AuthorizationRequest) *Error {
	sent, given := p["authorization_details"]
	if !given {
		return nil
	}
	d, err := details.Parse(sent)
	if err != nil {
		return invalidDetails(err)
	}
	for _, name := range []string{"recipient", "purpose", "annee", "mois", "annee_campagne", "until", "fetches"} {
		if _, beside := p[name]; beside {
			return invalidRequest(name + " stands beside authorization_details: write it there")
		}
	}
	if slices.ContainsFunc(req.Scopes, func(s string) bool { return s != oidc.ScopeOpenID }) {
		return NewError("invalid_scope", "authorization_details describe the data: scope may hold openid alone")
	}
	req.describe(d)
	return nil
}

func invalidDetails(err error) *Error {
	return NewError("invalid_authorization_details", "authorization_details: "+err.Error())
}

// describe fills in what plain parameters would say.
func (r *AuthorizationRequest) describe(d details.Request) {
	r.Details, r.Scopes = &d, append(r.Scopes, d.Scopes()...)
	r.Recipient, r.Purpose = d.Recipient, d.Purpose
	if d.Period != nil {
		r.Year, r.Month, r.Campaign = d.Period.Year, d.Period.Month, d.Period.Campaign
	}
	if d.Recurring != nil {
		r.Until, r.Fetches = d.Recurring.Until, d.Recurring.Fetches
	}
}

// detailsSchema publishes what authorization_details may hold.
func (i *Issuer) detailsSchema(w http.ResponseWriter, r *http.Request) {
	if !public(w, r) {
		return
	}
	w.Header().Set("Content-Type", "application/schema+json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(details.Schema()) // a client that left is not ours to mourn
}
