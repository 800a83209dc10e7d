package journey

import (
	"encoding/json"
	"fmt"
	"slices"

	"accord/consent"
	"accord/oidc/issuer/details"
)

// agreedDetails says what was agreed to as authorization_details do (RFC 9396
// §7), however it was asked for; null for the identifier alone.
func agreedDetails(in *interaction, cr consent.Request, agreed consent.Agreed) (json.RawMessage, error) {
	if len(agreed.Data) == 0 {
		return nil, nil
	}
	unasked := func(d consent.Datum) bool { return !agreed.Has(d.ID) }
	d := details.Request{
		Type: details.Type, Purpose: cr.Approval.Purpose.ID, Recipient: cr.Approval.ServiceProvider.SIRET,
		Required: consent.IDs(slices.DeleteFunc(slices.Clone(cr.Required), unasked)),
		Optional: consent.IDs(slices.DeleteFunc(slices.Clone(cr.Optional), unasked)),
		Answers:  consent.IDs(slices.DeleteFunc(slices.Clone(agreed.Data), func(d consent.Datum) bool { return d.Answered == nil })),
		Period:   agreedPeriod(cr, agreed),
	}
	if mode, fetches := cr.Fetch(agreed); mode == consent.ModeRepeated {
		d.Recurring = &details.Recurring{Until: in.Request.Until, Fetches: fetches}
	}
	raw, err := json.Marshal([]details.Request{d})
	if err != nil {
		return nil, fmt.Errorf("writing what was agreed to: %w", err)
	}
	return raw, nil
}

// agreedPeriod is when the agreed data were asked for, nil when nothing said so.
func agreedPeriod(cr consent.Request, agreed consent.Agreed) *details.Period {
	var p details.Period
	for _, d := range agreed.Data {
		switch {
		case d.Resource == consent.ResourceQuotientFamilial:
			p.Year, p.Month = cr.Period.Year, cr.Period.Month
		case d.Resource == consent.ResourceGrantHolder:
			p.Campaign = cr.Period.Campaign
		}
		if len(d.Selectors) > 0 && len(cr.Selectors) > 0 {
			p.IncomeYear = cr.Selectors[0]
		}
	}
	if p == (details.Period{}) {
		return nil
	}
	return &p
}
