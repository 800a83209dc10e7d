package consent

import "slices"

// A Request is what a service provider asks, already within its approval.
type Request struct {
	Approval  *Approval
	Client    string   // OAuth client_id; set by the caller, not needed by the rules
	Required  []Datum  // asked and, by the approval, needed: agreeing means agreeing to all of these
	Optional  []Datum  // asked and, by the approval, left to the citizen
	Selectors []string // the year asked of DGFiP: one selector with tax data, none without
	Period    Period   // the month or campaign asked, see During; zero: the source's latest
	Later     *Later   // access asked after today; nil: none

	Desk         bool // asked by an agent for the person
	IdentityOnly bool // openid alone: an identifier of the service provider's own, no datum
}

// NewRequest checks the scopes of an authorization request against the
// approval. The error is a *Refusal (invalid_scope): a scope outside the
// catalogue, a datum or year outside the approval, a year missing or in
// conflict (DataPass's rules), or no datum at all where the approval does not
// allow openid alone. A datum for which a grid of the approval answers stands
// in it as that answer.
func NewRequest(a *Approval, c *Catalogue, scopes []string) (Request, error) {
	if a.Legal.Act == InformationOnly {
		return Request{}, &Refusal{Code: "unauthorized_client", Reason: ReasonDeskOnly, Detail: "the approval " + a.ID + " is for the desk alone"}
	}
	data, selectors, unknown := c.Select(scopes)
	if len(unknown) > 0 {
		return Request{}, refuseScope(ReasonUnknownScope, "unknown scope: %s", quoted(unknown))
	}
	if len(data)+len(selectors) == 0 && a.Data.IdentityOnly {
		return Request{Approval: a, IdentityOnly: true}, nil
	}
	if len(data)+len(selectors) == 0 {
		return Request{}, refuseScope(ReasonNoDatum, "no datum is asked: add the scope of at least one approved datum")
	}
	if over := a.outside(data, selectors); len(over) > 0 {
		return Request{}, refuseScope(ReasonOverAsking, "not in the approval %s: %s", a.ID, quoted(over))
	}
	if refusal := checkYears(data, selectors, a.Data.Years); refusal != nil {
		return Request{}, refusal
	}
	r := Request{Approval: a, Selectors: selectors}
	for _, d := range data {
		if a.requires(d.ID) {
			r.Required = append(r.Required, a.As(d, c))
		} else {
			r.Optional = append(r.Optional, a.As(d, c))
		}
	}
	return r, nil
}

// Data gives everything asked, required first.
func (r Request) Data() []Datum { return slices.Concat(r.Required, r.Optional) }

// Without gives the request without its optional data named in ids: those the
// citizen already declined before the look-up.
func (r Request) Without(ids []string) Request {
	r.Optional = slices.DeleteFunc(slices.Clone(r.Optional), func(d Datum) bool {
		return slices.Contains(ids, d.ID)
	})
	if !slices.ContainsFunc(r.Data(), needsYear) {
		r.Selectors = nil
	}
	return r
}

// FranceConnectScopes gives the scopes to ask FranceConnect for: the pivot and
// the raw birth date always, then exactly those the requested data need there,
// year selectors included, cut to what FranceConnect granted this client
// (entitled; empty: not known, no cut). Asking for more would be refused by
// FranceConnect with invalid_scope, for the whole login.
func (r Request) FranceConnectScopes(entitled []string) []string {
	scopes := []string{"openid", "identite_pivot", "idp_birthdate"}
	wanted := slices.Clone(r.Selectors)
	for _, d := range r.Data() {
		wanted = append(wanted, d.FranceConnectScopes...)
	}
	slices.Sort(wanted)
	for _, s := range slices.Compact(wanted) {
		if len(entitled) == 0 || slices.Contains(entitled, s) {
			scopes = append(scopes, s)
		}
	}
	return scopes
}

// outside lists the asked scopes the approval does not cover.
func (a *Approval) outside(data []Datum, selectors []string) []string {
	var over []string
	for _, d := range data {
		if !a.requires(d.ID) && !a.offers(d.ID) {
			over = append(over, d.Scope)
		}
	}
	for _, s := range selectors {
		if !slices.Contains(a.Data.Years, s) {
			over = append(over, s)
		}
	}
	return over
}

func (a *Approval) requires(id string) bool {
	return slices.ContainsFunc(a.Data.Required, func(d ApprovedDatum) bool { return d.ID == id })
}

func (a *Approval) offers(id string) bool {
	return slices.ContainsFunc(a.Data.Optional, func(d ApprovedDatum) bool { return d.ID == id })
}
