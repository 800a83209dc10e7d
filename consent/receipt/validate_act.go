package receipt

import "slices"

func (r Receipt) checkEvent(b *breaches) {
	e := r.Event
	switch e.Type {
	case Granted, Renewed:
		b.must(e.State == StateGiven, "event.state", "not given")
	case Refused:
		b.must(e.State == StateRefused, "event.state", "not refused")
	case Withdrawn:
		b.must(e.State == StateWithdrawn, "event.state", "not withdrawn")
	default:
		b.add("event.type", "unknown")
	}
	r.checkStage(b)
	want := ConsentTypeExplicit
	if e.BasisAct == InformationL1148 {
		want = ConsentTypeInformation
	}
	b.must(e.ConsentType == want, "event.consent_type", "not "+want)
	b.must(e.BasisAct.Basis() != "", "event.basis_act", "unknown")
	b.must(!e.Time.Time().IsZero(), "event.time", "not RFC 3339 UTC with milliseconds")
	b.must(e.EntityID == "sub", "event.entity_id", "not sub")
	b.text(e.Method, "event.method")
}

func (r Receipt) checkStage(b *breaches) {
	if !r.refused() {
		b.must(r.Event.Stage == "", "event.stage", "does not belong in "+string(r.Event.Type))
		return
	}
	known := []Stage{StageBeforeLogin, StageLogin, StageDecision}
	b.must(slices.Contains(known, r.Event.Stage), "event.stage", "not before_login, login or decision")
}

// checkValidity: an act that lets data go has an end, and a way to end it sooner.
func (r Receipt) checkValidity(b *breaches) {
	from, until := r.Event.ValidFrom, r.Event.ValidUntil
	b.presence(from != "", !r.refused(), "event.valid_from", r.Event.Type)
	b.presence(until != "", !r.refused(), "event.valid_until", r.Event.Type)
	b.presence(r.Withdrawal != nil, !r.refused(), "withdrawal", r.Event.Type)
	if from != "" && until != "" {
		r.checkInterval(b)
	}
	if r.Withdrawal != nil {
		b.must(isWebURL(r.Withdrawal.URI), "withdrawal.uri", "not a web address")
		b.must(r.Withdrawal.Effect == "future-only", "withdrawal.effect", "not future-only")
	}
}

func (r Receipt) checkInterval(b *breaches) {
	at, from, until := r.Event.Time.Time(), r.Event.ValidFrom.Time(), r.Event.ValidUntil.Time()
	b.must(!from.IsZero(), "event.valid_from", "not RFC 3339 UTC with milliseconds")
	b.must(!until.IsZero(), "event.valid_until", "not RFC 3339 UTC with milliseconds")
	b.must(from.Before(until), "event.valid_until", "not after valid_from")
	if r.Event.Type == Withdrawn {
		b.must(!at.Before(from), "event.time", "withdrawn before it was valid")
		return
	}
	b.must(!from.Before(at), "event.valid_from", "before the act")
}

func (r Receipt) checkSubject(b *breaches) {
	b.presence(r.Subject != nil, !r.anonymous(), "subject", r.Event.Type)
	if r.Event.Stage == StageBeforeLogin {
		b.must(r.RequestDigest == "", "request_digest", "nothing was looked up before login")
	}
	if r.RequestDigest != "" {
		b.digest(r.RequestDigest, "request_digest")
	}
	if r.Subject == nil {
		return
	}
	b.text(r.Subject.ID, "subject.id")
	b.must(r.Subject.IDType == "pairwise", "subject.id_type", "not pairwise")
	r.Subject.Auth.check(b)
	b.must(r.Subject.Auth.Evidence == "" || r.RequestDigest != "", "request_digest",
		"missing, though FranceConnect's evidence vouches for a request")
}

func (a Auth) check(b *breaches) {
	b.must(isWebURL(a.IDP), "subject.auth.idp", "not an issuer")
	b.text(a.ACR, "subject.auth.acr")
	b.must(a.AuthTime > 0, "subject.auth.auth_time", "missing")
	b.must((a.FCSubHash == "") != (a.AgentSubHash == ""), "subject.auth", "not exactly one of fc_sub_hash and agent_sub_hash")
	b.must(a.FCSubHash == "" || isDigest("hm_", a.FCSubHash), "subject.auth.fc_sub_hash", "not hm_ and 43 base64url characters")
	b.must(a.Evidence == "" || isDigest("hmac-sha-256:", a.Evidence), "subject.auth.evidence",
		"not hmac-sha-256: and 43 base64url characters")
}

func (r Receipt) checkNotice(b *breaches) {
	n := r.Notice
	b.text(n.ID, "notice.id")
	b.text(n.Version, "notice.version")
	b.must(isWebURL(n.URI), "notice.uri", "not a web address")
	b.digest(n.Digest, "notice.digest")
	if n.ScreenDigest != "" || r.Event.Stage != StageLogin {
		b.digest(n.ScreenDigest, "notice.screen_digest")
	}
}
