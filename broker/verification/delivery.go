package verification

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
	"accord/consent/ledger"
	"accord/consent/receipt"
	"accord/ui"
)

// delivery judges a signed delivery: by the keys, then, once the signature
// holds, by the opening the log has of it. The opening itself is shown to
// nobody.
func (p *Pages) delivery(ctx context.Context, jws []byte) (ui.Verdict, error) {
	v := ui.Verdict{Kind: aDelivery}
	keys, err := p.keys(ctx)
	if err != nil {
		return v, err
	}
	judged := audit.JudgeDelivery(jws, keys, nil, audit.Policy{})
	if v.Result, v.About = signed(&v, signatureChecks(judged.Checks)); v.Result != "" {
		stop(&v, "log")
		return v, nil
	}
	d := *judged.Delivery
	v.Delivery = p.deliverySays(d)
	if err := p.inLog(ctx, &v, jws, d, keys); err != nil {
		return v, err
	}
	if v.Result == "" {
		v.Result, v.About, v.Document = "genuine", aDelivery, string(jws)
	}
	return v, nil
}

// signatureChecks are those the keys alone decide.
func signatureChecks(all []audit.Check) []audit.Check { return all[:len(audit.ReceiptChecks())] }

// inLog judges the delivery's place by the log's own opening.
func (p *Pages) inLog(ctx context.Context, v *ui.Verdict, jws []byte, d audit.Delivery, keys receipt.KeySet) error {
	proof, reason, err := p.proofOf(ctx, d)
	if err != nil {
		return err
	}
	if reason != "" {
		note(v, "log", audit.Open, reason)
		return nil
	}
	policy, err := audit.ParsePolicy(p.Log.Policy())
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	if audit.JudgeDelivery(jws, keys, proof, policy).Outcome != audit.Genuine {
		note(v, "log", audit.Failed, "differs")
		v.Result, v.About = "V04", aDelivery
		return nil
	}
	note(v, "log", audit.Passed, "")
	return nil
}

// proofOf is the tlog-proof of a delivery's event, or why there is none.
func (p *Pages) proofOf(ctx context.Context, d audit.Delivery) (proof []byte, reason string, err error) {
	at, err := d.Position()
	if err != nil {
		return nil, "", failure.New(failure.Ours, err)
	}
	if at.Origin != p.Keys.Origin() {
		return nil, "other_log", nil
	}
	note, hashes, err := p.Store.Inclusion(ctx, at.Index)
	if errors.Is(err, store.ErrNotFound) {
		return nil, "not_yet", nil
	}
	if err != nil {
		return nil, "", failure.New(failure.Busy, err)
	}
	entries, err := p.Store.Entries(ctx, at.Index, at.Index+1)
	if err != nil || len(entries) != 1 {
		return nil, "", failure.New(failure.Busy, err)
	}
	if entries[0].Erased {
		return nil, "erased", nil
	}
	extra, err := audit.EncodeOpening(audit.Opening{Index: at.Index, Salt: entries[0].Salt, Event: entries[0].Event})
	if err != nil {
		return nil, "", failure.New(failure.Ours, err)
	}
	return ledger.FormatProof(ledger.Proof{Extra: extra, Index: at.Index, Hashes: hashes, Checkpoint: note}), "", nil
}

// deliverySays is what a signed delivery says of itself.
func (p *Pages) deliverySays(d audit.Delivery) *ui.VerifiedDelivery {
	retrieved, _ := time.Parse(audit.TimeLayout, d.Retrieved) // checked with its content
	siret := strings.TrimPrefix(d.Audience, "siret:")
	says := &ui.VerifiedDelivery{
		Recipient: ui.Requester{Name: p.named(siret), SIRET: siret}, Subject: d.Subject, Resource: d.Resource, Source: d.Source, Period: d.Period, Retrieved: retrieved, Signed: time.Unix(d.IssuedAt, 0), Release: d.Release, Position: d.Log,
	}
	if d.Data != nil {
		says.Value = d.Data
		says.Data, says.Answers = p.within(d, siret)
	}
	return says
}

// named is a recipient's legal name, as an approval has it; its SIRET
// otherwise.
func (p *Pages) named(siret string) string {
	for _, a := range p.Approvals() {
		if a.ServiceProvider.SIRET == siret {
			return a.ServiceProvider.Name
		}
	}
	return siret
}

// within names the data of the catalogue whose members a delivery has, and
// those of which it has an answer only. An earlier form of an address has other
// members, and is told by its resource.
func (p *Pages) within(d audit.Delivery, siret string) (ids, answered []string) {
	for _, datum := range p.Catalogue.Data() {
		if datum.Resource != d.Resource {
			continue
		}
		switch {
		case holds(d.Data, datum.Paths):
			ids = append(ids, datum.ID)
		case p.answers(d, datum, siret):
			ids, answered = append(ids, datum.ID), append(answered, datum.ID)
		}
	}
	return ids, answered
}

// answers tells whether a delivery has the answer of a grid of its recipient's.
func (p *Pages) answers(d audit.Delivery, datum consent.Datum, siret string) bool {
	for _, a := range p.Approvals() {
		if a.ServiceProvider.SIRET != siret {
			continue
		}
		if as := a.As(datum, p.Catalogue); as.Answered != nil && holds(d.Data, as.Paths) {
			return true
		}
	}
	return false
}

// holds tells whether a document has anything at these paths.
func holds(document json.RawMessage, paths []string) bool {
	masked, err := consent.Mask(document, paths)
	return err == nil && bytes.ContainsFunc(masked, func(r rune) bool { return !strings.ContainsRune("{}[], \n", r) })
}
