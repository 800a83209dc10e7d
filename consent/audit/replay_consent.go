package audit

// granted: who agrees to data has looked at them, under an approval in force,
// and an interaction is decided once.
func (r *Replay) granted(p *prepared) {
	c := r.decide(p)
	if c == nil {
		return
	}
	if p.event.Grant == "" || r.known(p.event.Grant) {
		r.found(p.line.I, RuleConsent, "a grant without id, or under the id of another")
		return
	}
	if p.event.ValidUntil <= p.event.Time {
		r.found(p.line.I, RuleConsent, "the grant ends before it begins")
	}
	if len(p.event.Data) > 0 || p.event.Approval != "" {
		r.approved(p, p.event)
		r.lookedAt(p, c)
	}
	if p.event.Mode == ModeIdentity && (len(p.event.Data) > 0 || len(c.queries) > 0) {
		r.found(p.line.I, RuleConsent, "data asked or agreed where only the identifier is given")
	}
	c.grant = agreedOf(p)
	r.state.grants[tagOf(p.event.Grant)] = c
}

func (r *Replay) known(grant string) bool {
	_, was := r.state.closed[tagOf(grant)]
	return was || r.state.grants[tagOf(grant)] != nil
}

// lookedAt: the agreement is about the interaction's last look-up.
func (r *Replay) lookedAt(p *prepared, c *chain) {
	last := len(c.lookups) - 1
	if last < 0 || p.event.Lookup == nil || *p.event.Lookup != c.lookups[last].index {
		r.found(p.line.I, RuleConsent, "not about the interaction's last look-up, but "+shown(p.event.Lookup))
		return
	}
	asked := c.lookups[last].event
	if c.citizen != "" && p.event.Citizen != c.citizen {
		r.found(p.line.I, RuleConsent, "by another person than the sources were asked about")
	}
	if !subset(p.event.Data, asked.Data) || p.event.Client != asked.Client || p.event.Recipient != asked.Recipient {
		r.found(p.line.I, RuleConsent, "data, client or recipient beyond the look-up")
	}
}

func (r *Replay) refused(p *prepared) { r.decide(p) }

func (r *Replay) decide(p *prepared) *chain {
	c := r.state.chainOf(p.event)
	if c == nil || c.decided {
		r.found(p.line.I, RuleConsent, "a decision of no interaction, or of one decided before")
		return nil
	}
	c.decided = true
	r.aboutLookup(p, c)
	r.assisted(p, c)
	return c
}

// aboutLookup: the receipt names the very event of the look-up it answers,
// which FranceConnect's nonce names too.
func (r *Replay) aboutLookup(p *prepared, c *chain) {
	asked, ok := c.lookup(p.event.Lookup)
	if p.event.Lookup != nil && !ok {
		r.found(p.line.I, RuleConsent, "no look-up of the same interaction at index "+shown(p.event.Lookup))
	}
	if ok && p.receipt.RequestDigest != "" && p.receipt.RequestDigest != asked.digest {
		r.found(p.line.I, RuleReceipt, "request_digest is not that of the look-up")
	}
}

// ended: only a given grant is withdrawn or revoked.
func (r *Replay) ended(p *prepared) {
	if r.public.restored && beginsElsewhere(p) && r.state.grants[tagOf(p.event.Grant)] == nil {
		return
	}
	c := r.state.grants[tagOf(p.event.Grant)]
	if c == nil {
		r.endedLate(p)
		return
	}
	if c.grant.ended != 0 {
		r.found(p.line.I, RuleEnding, "the grant has ended before")
		return
	}
	if p.kind == ConsentWithdrawn && p.receipt.ReceiptID != "" && p.receipt.PreviousReceipt != c.grant.receipt {
		r.found(p.line.I, RuleReceipt, "previous_receipt is not the agreement's")
	}
	if !samePeople(p.event, c.grant.event) {
		r.found(p.line.I, RuleEnding, "of another person, recipient or client than the grant")
	}
	c.grant.ended = p.kind
}

// endedLate: a grant past its end can still be revoked, once.
func (r *Replay) endedLate(p *prepared) {
	was, ok := r.state.closed[tagOf(p.event.Grant)]
	if !ok || was.ended != 0 || p.kind == ConsentWithdrawn {
		r.found(p.line.I, RuleEnding, "no live grant")
		return
	}
	r.state.closed[tagOf(p.event.Grant)] = closed{last: was.last, ended: p.kind}
}

func samePeople(e, agreed Event) bool {
	return e.Recipient == agreed.Recipient && e.Client == agreed.Client && e.Subject == agreed.Subject &&
		e.Citizen == agreed.Citizen && e.Purpose == agreed.Purpose && e.Approval == agreed.Approval
}
