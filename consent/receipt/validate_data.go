package receipt

import "slices"

func (r Receipt) checkPurposes(b *breaches) {
	b.must(len(r.Purposes) > 0, "purposes", "none")
	purposes := map[string]bool{}
	for _, p := range r.Purposes {
		b.must(p.ID != "" && !purposes[p.ID], "purposes.id", "missing or doubled")
		purposes[p.ID] = true
		p.check(b)
		r.checkData(b, p)
	}
}

func (p Purpose) check(b *breaches) {
	b.text(p.Type, "purposes.type")
	b.text(p.Label, "purposes.label")
	b.text(p.Service, "purposes.service")
	b.must(p.Fetch.Mode == "once" || p.Fetch.Mode == "repeated", "purposes.fetch.mode", "not once or repeated")
	b.must(p.Fetch.Max >= 1, "purposes.fetch.max", "below 1")
	b.must(p.Fetch.Period == "" || p.Fetch.Mode == "repeated", "purposes.fetch.period", "does not belong in once")
	b.text(p.Retention.Recipient, "purposes.retention.recipient")
	b.text(p.Retention.Rule, "purposes.retention.rule")
	b.must(len(p.Locations) > 0 && !slices.Contains(p.Locations, ""), "purposes.locations", "missing")
	b.text(p.Transfers, "purposes.transfers")
}

func (r Receipt) checkData(b *breaches, p Purpose) {
	b.must(len(p.Data) > 0, "purposes.data", "none")
	seen := map[string]bool{}
	for _, d := range p.Data {
		b.must(d.ID != "" && !seen[d.ID], "purposes.data.id", "missing or doubled")
		seen[d.ID] = true
		b.must(slices.Contains([]string{"identity", "family", "fiscal", "social", "education", "engagement", "vehicle"}, d.Type), "purposes.data.type", "unknown")
		b.must(d.ID != IdentifierID || d.isIdentifier() && len(p.Data) == 1, "purposes.data", "openid is the identifier alone, required, of attribute sub")
		b.must(len(d.Attributes) > 0 && !slices.Contains(d.Attributes, ""), "purposes.data.attributes", "missing")
		b.must(r.isSource(d.Source), "purposes.data.source", "not one of the parties")
	}
}

// checkAgreed: a refusal grants nothing; an agreement grants something, and
// for each purpose it serves at least what that purpose requires.
func (r Receipt) checkAgreed(b *breaches) {
	granted := false
	for _, p := range r.Purposes {
		served := slices.ContainsFunc(p.Data, func(d Datum) bool { return d.Granted })
		lacking := slices.ContainsFunc(p.Data, func(d Datum) bool { return !d.Optional && !d.Granted })
		b.must(!served || !lacking, "purposes.data.granted", "a required datum of a granted purpose is not granted")
		granted = granted || served
	}
	if r.refused() {
		b.must(!granted, "purposes.data.granted", "data granted in a refusal")
		return
	}
	b.must(granted, "purposes.data.granted", "no datum granted")
}

func (d Datum) isIdentifier() bool {
	return d.Type == "identity" && slices.Equal(d.Attributes, []string{"sub"}) && !d.Optional && !d.Special
}
