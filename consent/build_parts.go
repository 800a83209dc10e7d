package consent

import (
	"slices"

	"accord/consent/receipt"
)

// parties lists who takes part: recipient, editor, broker, and the sources of
// the data asked.
func (in ReceiptInput) parties() []receipt.Party {
	a := in.Request.Approval
	all := []receipt.Party{partyOf(a.ServiceProvider, "controller", "recipient")}
	if a.Editor != nil {
		all = append(all, partyOf(*a.Editor, "processor", "editor"))
	}
	all = append(all, partyOf(in.Operator.party(), in.Operator.Role, "broker"))
	if in.Request.IdentityOnly {
		return append(all, partyOf(in.Sources[SourceFranceConnect], "source", "data_source"))
	}
	var seen []string
	for _, d := range in.Request.Data() {
		source := in.Sources[d.Source]
		if !slices.Contains(seen, source.SIRET) {
			seen = append(seen, source.SIRET)
			all = append(all, partyOf(source, "source", "data_source"))
		}
	}
	return all
}

func partyOf(p Party, role, kind string) receipt.Party {
	return receipt.Party{ID: "siret:" + p.SIRET, Role: role, Name: p.Name, Address: p.Address, Contact: p.DPO, Type: kind}
}

func (in ReceiptInput) purpose() receipt.Purpose {
	a := in.Request.Approval
	return receipt.Purpose{
		ID: a.Purpose.ID, Type: a.Purpose.Type,
		Label: a.Purpose.Label.In(in.Language), Service: a.Purpose.Service.In(in.Language),
		Data:      in.data(),
		Fetch:     in.fetch(),
		Retention: receipt.Retention{Recipient: a.Retention.Period, Rule: a.Retention.Rule.In(in.Language)},
		Locations: a.locations(), Transfers: a.transfers(in.Language),
		AutomatedDecision: a.AutomatedDecision,
	}
}

// fetch is what was agreed or, in a refusal, asked.
func (in ReceiptInput) fetch() receipt.Fetch {
	mode, fetches := in.Request.Fetch(Agreed{Later: in.Agreed.Later || in.Type == Refused})
	f := receipt.Fetch{Mode: mode, Max: fetches}
	if mode == ModeRepeated {
		f.Period = in.Request.Approval.Ceilings.Duration
	}
	return f
}

// data writes everything that was asked, granted or not: a receipt tells also
// what was declined.
func (in ReceiptInput) data() []receipt.Datum {
	if in.Request.IdentityOnly {
		return []receipt.Datum{in.identifier()}
	}
	var all []receipt.Datum
	for i, d := range in.Request.Data() {
		all = append(all, receipt.Datum{
			ID: d.ID, Type: d.Type, Attributes: d.Paths,
			Optional: i >= len(in.Request.Required),
			Granted:  in.Type == Granted && in.Agreed.Has(d.ID),
			Special:  d.Special,
			Source:   "siret:" + in.Sources[d.Source].SIRET,
		})
	}
	return all
}

// locations applies the key's default.
func (a *Approval) locations() []string {
	if len(a.Locations) == 0 {
		return []string{"FR"}
	}
	return a.Locations
}

func (a *Approval) transfers(lang string) string {
	if a.Transfers.empty() {
		return "none"
	}
	return a.Transfers.In(lang)
}
