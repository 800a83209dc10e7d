package receipt

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// broken is one way to break a receipt, and the member that must be named.
type broken struct {
	name   string
	member string
	spoil  func(*Receipt)
}

func checkBroken(t *testing.T, good func() Receipt, cases []broken) {
	t.Helper()
	if err := good().Validate(); err != nil {
		t.Fatalf("before any change: %v", err)
	}
	for _, c := range cases {
		r := good()
		c.spoil(&r)
		err := r.Validate()
		if !errors.Is(err, ErrContent) || !strings.Contains(err.Error(), c.member+": ") {
			t.Errorf("%s: %v", c.name, err)
		}
		signer, _ := testKeys(t)
		if jws, err := Sign(r, signer, actTime); err == nil {
			t.Errorf("%s: signed as %s", c.name, jws)
		}
	}
}

func TestAgreementSaysWhatWasAgreedByWhomAndUntilWhen(t *testing.T) {
	checkBroken(t, grantedReceipt, []broken{
		{"no grant", "grant_id", func(r *Receipt) { r.GrantID = "" }},
		{"guessable grant", "grant_id", func(r *Receipt) { r.GrantID = "g_1" }},
		{"no subject", "subject", func(r *Receipt) { r.Subject = nil }},
		{"no pseudonym", "subject.id", func(r *Receipt) { r.Subject.ID = "" }},
		{"public pseudonym", "subject.id_type", func(r *Receipt) { r.Subject.IDType = "public" }},
		{"no provider", "subject.auth.idp", func(r *Receipt) { r.Subject.Auth.IDP = "" }},
		{"no level", "subject.auth.acr", func(r *Receipt) { r.Subject.Auth.ACR = "" }},
		{"no login time", "subject.auth.auth_time", func(r *Receipt) { r.Subject.Auth.AuthTime = 0 }},
		{"plain sub", "subject.auth.fc_sub_hash", func(r *Receipt) { r.Subject.Auth.FCSubHash = "abc" }},
		{"unkeyed evidence", "subject.auth.evidence", func(r *Receipt) { r.Subject.Auth.Evidence = digestOf("id token") }},
		{"evidence of no request", "request_digest", func(r *Receipt) { r.RequestDigest = "" }},
		{"no end", "event.valid_until", func(r *Receipt) { r.Event.ValidUntil = "" }},
		{"no beginning", "event.valid_from", func(r *Receipt) { r.Event.ValidFrom = "" }},
		{"ends at once", "event.valid_until", func(r *Receipt) { r.Event.ValidUntil = r.Event.ValidFrom }},
		{"valid before the act", "event.valid_from", func(r *Receipt) { r.Event.ValidFrom = NewTime(actTime.Add(-time.Second)) }},
		{"no way out", "withdrawal", func(r *Receipt) { r.Withdrawal = nil }},
		{"way out nowhere", "withdrawal.uri", func(r *Receipt) { r.Withdrawal.URI = "javascript:1" }},
		{"retroactive", "withdrawal.effect", func(r *Receipt) { r.Withdrawal.Effect = "always" }},
		{"follows another", "previous_receipt", func(r *Receipt) { r.PreviousReceipt = digestOf("x") }},
		{"a stage", "event.stage", func(r *Receipt) { r.Event.Stage = StageDecision }},
		{"nothing granted", "purposes.data.granted", func(r *Receipt) { r.Purposes[0].Data[0].Granted = false }},
		{"required datum left out", "purposes.data.granted", func(r *Receipt) {
			r.Purposes[0].Data[0].Granted, r.Purposes[0].Data[1].Granted = false, true
		}},
	})
}

func TestReceiptNamesOrganisationsNoticesAndApproval(t *testing.T) {
	checkBroken(t, grantedReceipt, []broken{
		{"schema", "schema_version", func(r *Receipt) { r.SchemaVersion += "0" }},
		{"profile", "iso_profile", func(r *Receipt) { r.ISOProfile = "" }},
		{"random UUID", "receipt_id", func(r *Receipt) { r.ReceiptID = "f47ac10b-58cc-4372-a567-0e02b2c3d479" }},
		{"UUID in upper case", "record_id", func(r *Receipt) { r.RecordID = strings.ToUpper(r.RecordID) }},
		{"language", "language", func(r *Receipt) { r.Language = "français" }},
		{"no approval", "approval.id", func(r *Receipt) { r.Approval.ID = "" }},
		{"approval digest", "approval.digest", func(r *Receipt) { r.Approval.Digest = "sha-256:short" }},
		{"catalogue", "catalogue", func(r *Receipt) { r.Catalogue = "" }},
		{"log", "log.origin", func(r *Receipt) { r.Log.Origin = "" }},
		{"policy", "log.policy", func(r *Receipt) { r.Log.Policy = "" }},
		{"notice", "notice.id", func(r *Receipt) { r.Notice.ID = "" }},
		{"notice version", "notice.version", func(r *Receipt) { r.Notice.Version = "" }},
		{"notice address", "notice.uri", func(r *Receipt) { r.Notice.URI = "/notice" }},
		{"notice digest", "notice.digest", func(r *Receipt) { r.Notice.Digest = "md5:x" }},
		{"screen", "notice.screen_digest", func(r *Receipt) { r.Notice.ScreenDigest = "" }},
		{"SIRET of 13", "parties.id", func(r *Receipt) { r.Parties[0].ID = "siret:9990001020001" }},
		{"SIRET with a wrong digit", "parties.id", func(r *Receipt) { r.Parties[0].ID = "siret:99900010200016" }},
		{"party role", "parties.role", func(r *Receipt) { r.Parties[0].Role = "friend" }},
		{"party type", "parties.type", func(r *Receipt) { r.Parties[0].Type = "friend" }},
		{"party name", "parties.name", func(r *Receipt) { r.Parties[0].Name = "" }},
		{"party address", "parties.address", func(r *Receipt) { r.Parties[0].Address = "" }},
		{"party contact", "parties.contact", func(r *Receipt) { r.Parties[0].Contact = "" }},
		{"no recipient", "parties", func(r *Receipt) { r.Parties = r.Parties[1:] }},
		{"two brokers", "parties", func(r *Receipt) { r.Parties[2].Type = "broker" }},
		{"doubled party", "parties", func(r *Receipt) { r.Parties = append(r.Parties, r.Parties[3]) }},
	})
}

func TestReceiptSaysWhichDataForWhatAndHowLong(t *testing.T) {
	purpose := func(spoil func(*Purpose)) func(*Receipt) { return func(r *Receipt) { spoil(&r.Purposes[0]) } }
	datum := func(spoil func(*Datum)) func(*Receipt) { return func(r *Receipt) { spoil(&r.Purposes[0].Data[1]) } }
	checkBroken(t, grantedReceipt, []broken{
		{"no purpose", "purposes", func(r *Receipt) { r.Purposes = nil }},
		{"doubled purpose", "purposes.id", func(r *Receipt) { r.Purposes = append(r.Purposes, r.Purposes[0]) }},
		{"purpose type", "purposes.type", purpose(func(p *Purpose) { p.Type = "" })},
		{"label", "purposes.label", purpose(func(p *Purpose) { p.Label = "" })},
		{"service", "purposes.service", purpose(func(p *Purpose) { p.Service = "" })},
		{"fetch mode", "purposes.fetch.mode", purpose(func(p *Purpose) { p.Fetch.Mode = "often" })},
		{"fetch ceiling", "purposes.fetch.max", purpose(func(p *Purpose) { p.Fetch.Max = 0 })},
		{"period of once", "purposes.fetch.period", purpose(func(p *Purpose) { p.Fetch.Period = "P1M" })},
		{"retention", "purposes.retention.recipient", purpose(func(p *Purpose) { p.Retention.Recipient = "" })},
		{"retention rule", "purposes.retention.rule", purpose(func(p *Purpose) { p.Retention.Rule = "" })},
		{"locations", "purposes.locations", purpose(func(p *Purpose) { p.Locations = nil })},
		{"transfers", "purposes.transfers", purpose(func(p *Purpose) { p.Transfers = "" })},
		{"no data", "purposes.data", purpose(func(p *Purpose) { p.Data = nil })},
		{"doubled datum", "purposes.data.id", datum(func(d *Datum) { d.ID = "cnaf_quotient_familial" })},
		{"datum type", "purposes.data.type", datum(func(d *Datum) { d.Type = "health" })},
		{"no fields", "purposes.data.attributes", datum(func(d *Datum) { d.Attributes = nil })},
		{"unknown source", "purposes.data.source", datum(func(d *Datum) { d.Source = "siret:99900020100015" })},
	})
}

func TestActsInLawAreNeverPassedOffAsAnother(t *testing.T) {
	remove := func(right string) func(*Receipt) {
		return func(r *Receipt) {
			for i := range r.Rights {
				if r.Rights[i] == right {
					r.Rights = append(r.Rights[:i:i], r.Rights[i+1:]...)
					return
				}
			}
		}
	}
	add := func(right string) func(*Receipt) { return func(r *Receipt) { r.Rights = append(r.Rights, right) } }
	checkBroken(t, grantedReceipt, []broken{
		{"called consent", "legal.basis", func(r *Receipt) { r.Event.BasisAct = ConsentementArt61A }},
		{"basis of consent", "legal.basis", func(r *Receipt) { r.Legal.Basis = BasisConsent }},
		{"recipient calls it consent", "legal.basis_of_recipient", func(r *Receipt) { r.Legal.BasisOfRecipient = BasisConsent }},
		{"no basis", "legal.basis_of_recipient", func(r *Receipt) { r.Legal.BasisOfRecipient = "gdpr:6-1-z" }},
		{"unknown act", "event.basis_act", func(r *Receipt) { r.Event.BasisAct = "accord" }},
		{"no text", "legal.text_refs", func(r *Receipt) { r.Legal.TextRefs = nil }},
		{"empty text", "legal.text_refs", func(r *Receipt) { r.Legal.TextRefs = []string{""} }},
		{"jurisdiction", "legal.jurisdiction", func(r *Receipt) { r.Legal.Jurisdiction = "" }},
		{"authority", "legal.authority", func(r *Receipt) { r.Legal.Authority = "" }},
		{"portability", "rights", add(RightPortability)},
		{"withdrawal of consent", "rights", add(RightWithdrawal)},
		{"no opposition", "rights", remove(RightOpposition)},
		{"no access", "rights", remove(RightAccess)},
		{"no complaint", "rights", remove("complaint:CNIL")},
		{"invented right", "rights", add("veto")},
		{"doubled right", "rights", add(RightAccess)},
		{"implied", "event.consent_type", func(r *Receipt) { r.Event.ConsentType = "implied" }},
		{"by another", "event.entity_id", func(r *Receipt) { r.Event.EntityID = "clerk" }},
		{"no method", "event.method", func(r *Receipt) { r.Event.Method = "" }},
		{"state", "event.state", func(r *Receipt) { r.Event.State = StateRefused }},
		{"unknown type", "event.type", func(r *Receipt) { r.Event.Type = "consent.expired" }},
		{"time in seconds", "event.time", func(r *Receipt) { r.Event.Time = "2026-11-22T13:21:07Z" }},
	})
	checkBroken(t, consentReceipt, []broken{
		{"opposition", "rights", add(RightOpposition)},
		{"no portability", "rights", remove(RightPortability)},
		{"no withdrawal", "rights", remove(RightWithdrawal)},
		{"called accord", "legal.basis", func(r *Receipt) { r.Event.BasisAct = AccordArt61E }},
	})
}

func TestRefusalGrantsNothingAndKnowsNobodyBeforeTheDecision(t *testing.T) {
	common := []broken{
		{"a grant", "grant_id", func(r *Receipt) { r.GrantID = "g_7Qm2mYwzv0mR2H3kQ0p1aA" }},
		{"valid from", "event.valid_from", func(r *Receipt) { r.Event.ValidFrom = NewTime(actTime) }},
		{"valid until", "event.valid_until", func(r *Receipt) { r.Event.ValidUntil = NewTime(actTime) }},
		{"withdrawal", "withdrawal", func(r *Receipt) { r.Withdrawal = grantedReceipt().Withdrawal }},
		{"a granted datum", "purposes.data.granted", func(r *Receipt) { r.Purposes[0].Data[0].Granted = true }},
		{"no stage", "event.stage", func(r *Receipt) { r.Event.Stage = "" }},
		{"unknown stage", "event.stage", func(r *Receipt) { r.Event.Stage = "later" }},
		{"given", "event.state", func(r *Receipt) { r.Event.State = StateGiven }},
		{"follows", "previous_receipt", func(r *Receipt) { r.PreviousReceipt = digestOf("x") }},
	}
	somebody := broken{"somebody", "subject", func(r *Receipt) { r.Subject = grantedReceipt().Subject }}
	looked := broken{"a look-up", "request_digest", func(r *Receipt) { r.RequestDigest = digestOf("request") }}
	nobody := broken{"nobody", "subject", func(r *Receipt) { r.Subject = nil }}
	noScreen := broken{"no screen", "notice.screen_digest", func(r *Receipt) { r.Notice.ScreenDigest = "" }}
	for stage, own := range map[Stage][]broken{
		StageBeforeLogin: {somebody, looked, noScreen},
		StageLogin:       {somebody},
		StageDecision:    {nobody, noScreen},
	} {
		t.Run(string(stage), func(t *testing.T) {
			checkBroken(t, func() Receipt { return refusedReceipt(stage) }, append(own, common...))
		})
	}
}

func TestWithdrawalNamesTheReceiptItEnds(t *testing.T) {
	checkBroken(t, withdrawnReceipt, []broken{
		{"follows nothing", "previous_receipt", func(r *Receipt) { r.PreviousReceipt = "" }},
		{"follows no digest", "previous_receipt", func(r *Receipt) { r.PreviousReceipt = "first" }},
		{"no grant", "grant_id", func(r *Receipt) { r.GrantID = "" }},
		{"given", "event.state", func(r *Receipt) { r.Event.State = StateGiven }},
		{"before it was given", "event.time", func(r *Receipt) { r.Event.Time = NewTime(actTime.Add(-time.Second)) }},
		{"no data", "purposes.data.granted", func(r *Receipt) { r.Purposes[0].Data[0].Granted = false }},
	})
	late := withdrawnReceipt()
	late.Event.Time = NewTime(actTime.Add(time.Hour))
	if err := late.Validate(); err != nil {
		t.Errorf("withdrawn after its end: %v", err)
	}
}

func TestAllBreachesAreToldAtOnce(t *testing.T) {
	r := grantedReceipt()
	r.Language, r.Catalogue, r.GrantID = "", "", ""
	err := r.Validate()
	for _, member := range []string{"language", "catalogue", "grant_id"} {
		if err == nil || !strings.Contains(err.Error(), member) {
			t.Errorf("%s is not named: %v", member, err)
		}
	}
}

func TestSIRETKeepsLuhnsRuleAndLaPostesOwn(t *testing.T) {
	for siret, want := range map[string]bool{
		"99900010200015": true, "99900010200014": false, "9990001020001": false, "999000102000150": false,
		"9990001020001x": false, "9990001020001/": false, "35600000000048": true, "35600000000001": true, "35600000000002": false, "": false,
	} {
		if validSIRET(siret) != want {
			t.Errorf("%s: %v", siret, !want)
		}
	}
}
