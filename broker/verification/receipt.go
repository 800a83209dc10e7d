package verification

import (
	"context"
	"errors"
	"strings"

	"accord/broker/failure"
	"accord/broker/journey"
	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/ui"
)

// receipt judges a receipt alone: by the keys, then by the bundle that the log
// gives for it.
func (p *Pages) receipt(ctx context.Context, jws, notice []byte) (ui.Verdict, error) {
	v := ui.Verdict{Kind: aReceipt}
	r, err := p.byKeys(ctx, &v, jws, "text", "log", "standing")
	if err != nil || r == nil {
		return v, err
	}
	place := func() error { return p.inRegister(ctx, &v, *r, jws) }
	return v, p.rest(ctx, &v, *r, notice, place)
}

// bundle judges a bundle: its receipt by the keys, so that an altered one is
// told as such, then the whole by the log's own policy.
func (p *Pages) bundle(ctx context.Context, file, notice []byte) (ui.Verdict, error) {
	b, err := audit.OpenBundle(file)
	if err != nil {
		return unreadable(""), nil
	}
	v := ui.Verdict{Kind: aBundle}
	r, err := p.byKeys(ctx, &v, []byte(b.JWS), "text", "log", "consistency", "standing")
	if err != nil || r == nil {
		return v, err
	}
	place := func() error { return p.inBundle(ctx, &v, *r, b) }
	return v, p.rest(ctx, &v, *r, notice, place)
}

// byKeys judges the signature by the installation's key history; nil when it
// does not hold, the later checks then noted as not made.
func (p *Pages) byKeys(ctx context.Context, v *ui.Verdict, jws []byte, later ...string) (*receipt.Receipt, error) {
	keys, err := p.keys(ctx)
	if err != nil {
		return nil, err
	}
	judged := audit.JudgeReceipt(jws, keys)
	if v.Result, v.About = signed(v, judged.Checks); v.Result != "" {
		stop(v, later...)
		return nil, nil
	}
	v.Receipt = receiptSays(*judged.Receipt)
	return judged.Receipt, nil
}

func (p *Pages) keys(ctx context.Context) (receipt.KeySet, error) {
	published, err := p.Store.PublishedKeys(ctx)
	if err != nil {
		return nil, failure.New(failure.Busy, err)
	}
	return p.Keys.WithIndexes(published), nil
}

// rest asks for the text, the place in the log and the standing. The gravest
// answer is the verdict's.
func (p *Pages) rest(ctx context.Context, v *ui.Verdict, r receipt.Receipt, notice []byte, place func() error) error {
	if err := p.text(ctx, v, r, notice); err != nil {
		return err
	}
	if err := place(); err != nil {
		return err
	}
	return p.standing(ctx, v, r)
}

// decide keeps the first result: the checks stand in the order of gravity but
// for V04, which goes before V05.
func decide(v *ui.Verdict, result, about string) {
	if v.Result == "" || v.Result == "V05" {
		v.Result, v.About = result, about
	}
}

// inRegister looks a receipt up and judges the bundle the log gives for it.
func (p *Pages) inRegister(ctx context.Context, v *ui.Verdict, r receipt.Receipt, jws []byte) error {
	if p.elsewhere(r) {
		note(v, "log", audit.Open, "other_log")
		return nil
	}
	stored, err := p.Store.Receipt(ctx, r.ReceiptID)
	if errors.Is(err, store.ErrNotFound) {
		note(v, "log", audit.Failed, "not_found")
		decide(v, "V04", aReceipt)
		return nil
	}
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	if receipt.Digest(stored.JWS) != receipt.Digest(jws) {
		note(v, "log", audit.Failed, "differs")
		decide(v, "V04", aReceipt)
		return nil
	}
	file, err := p.Bundle(ctx, stored)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, journey.ErrOtherLog):
		note(v, "log", audit.Open, "not_yet")
		return nil
	case err != nil:
		return failure.New(failure.Busy, err)
	}
	b, err := audit.OpenBundle(file)
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	return p.place(v, b)
}

// elsewhere tells a receipt of a log that was closed before a restore.
func (p *Pages) elsewhere(r receipt.Receipt) bool { return r.Log.Origin != p.Keys.Origin() }

// text compares the notice: the one given beside the receipt, else the one
// published under the receipt's address.
func (p *Pages) text(ctx context.Context, v *ui.Verdict, r receipt.Receipt, given []byte) error {
	about, words := "text", given
	if len(given) == 0 {
		var err error
		_, path, _ := strings.Cut(r.Notice.URI, "/notices/")
		if words, err = p.Store.PublicText(ctx, "/notices/"+path); errors.Is(err, store.ErrNotFound) {
			note(v, "text", audit.NotMade, "no_text")
			return nil
		} else if err != nil {
			return failure.New(failure.Busy, err)
		}
		about = "published"
	}
	if audit.Digest(words) != r.Notice.Digest {
		note(v, "text", audit.Failed, "")
		decide(v, "V05", about)
		return nil
	}
	note(v, "text", audit.Passed, "")
	return nil
}

// receiptSays is what a signed receipt says of itself.
func receiptSays(r receipt.Receipt) *ui.VerifiedReceipt {
	says := &ui.VerifiedReceipt{
		ID: r.ReceiptID, Act: ui.Act(r.Event.Type), At: r.Event.Time.Time(), Basis: ui.Basis(r.Event.BasisAct), Assisted: r.Assisted(),
	}
	for _, party := range r.Parties {
		if party.Type == "recipient" {
			says.Requester.Name, says.Requester.SIRET = party.Name, strings.TrimPrefix(party.ID, "siret:")
		}
	}
	for _, purpose := range r.Purposes {
		says.Purpose, says.Requester.Service = purpose.Label, purpose.Service
		for _, d := range purpose.Data {
			if d.Granted || r.Event.Type != receipt.Granted {
				says.Data = append(says.Data, d.ID)
			}
		}
	}
	return says
}
