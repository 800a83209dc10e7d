package consent

import (
	"slices"

	"accord/consent/receipt"
)

// A Desk says how agents of the service provider may ask on behalf of persons
// who do not log in themselves. Only ordinary data that need neither
// FranceConnect nor anything the citizen would have to supply are asked there.
type Desk struct {
	// DailyCap is how many look-ups one agent may ask for on one day (UTC): 1
	// to 500.
	DailyCap int `yaml:"daily_cap"`
	// Agreements are the ways a person may agree, at least one: signed_paper
	// (a form they signed), counter (said before the agent) or own_phone (on
	// the consent page, opened by a QR code on a phone of their own). Never by
	// telephone.
	Agreements []Agreement `yaml:"agreements"`
}

// DeskClient stands in events and grants of a desk in place of a client's id:
// no client may bear it.
const DeskClient = "guichet"

// An Agreement is how a person agreed, or was informed, at the desk.
type Agreement string

// The agreements.
const (
	SignedPaper Agreement = "signed_paper"
	AtCounter   Agreement = "counter"
	OwnPhone    Agreement = "own_phone"
)

// Method is the agreement as receipts write it, "" for an unknown one.
func (a Agreement) Method() string {
	switch a {
	case SignedPaper:
		return receipt.MethodSignedPaper
	case AtCounter:
		return receipt.MethodCounter
	case OwnPhone:
		return receipt.MethodOwnPhone
	}
	return ""
}

// AtDesk tells whether a datum may be asked at a desk: nothing sensitive, and
// nothing for which the source needs FranceConnect's token, a year or what
// only the citizen can tell.
func (d Datum) AtDesk() bool {
	return !d.Special && d.Preview != PreviewTicked && d.Source != SourceFranceConnect &&
		!needsInput(d) && len(d.FranceConnectScopes)+len(d.Selectors) == 0
}

// DeskData gives what the approval lets an agent ask for, in the catalogue's
// terms: what the purpose needs, and what may be added.
func (a *Approval) DeskData(c *Catalogue) (required, optional []Datum) {
	for _, d := range a.data(c) {
		switch {
		case !d.AtDesk():
		case a.requires(d.ID):
			required = append(required, d)
		default:
			optional = append(optional, d)
		}
	}
	return required, optional
}

// NewDeskRequest makes the request of an agent: all the approval requires, and
// the optional data named. The error is a *Refusal.
func NewDeskRequest(a *Approval, c *Catalogue, optional []string) (Request, error) {
	if a.Desk == nil {
		return Request{}, &Refusal{Code: "unauthorized_client", Reason: ReasonNoDesk, Detail: "the approval allows no desk"}
	}
	required, offered := a.DeskData(c)
	r := Request{Approval: a, Desk: true, Required: required}
	if len(r.Required) != len(a.Data.Required) {
		return Request{}, refuseScope(ReasonOverAsking, "the approval %s requires data that no desk may ask for", a.ID)
	}
	for _, id := range optional {
		if !slices.Contains(IDs(offered), id) {
			return Request{}, refuseScope(ReasonOverAsking, "no desk may ask for %s under the approval %s", quoted([]string{id}), a.ID)
		}
	}
	r.Optional = slices.DeleteFunc(offered, func(d Datum) bool { return !slices.Contains(optional, d.ID) })
	if len(r.Data()) == 0 {
		return Request{}, refuseScope(ReasonNoDatum, "no datum is asked")
	}
	return r, nil
}
