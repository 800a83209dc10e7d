package verification

import (
	"context"

	"accord/broker/failure"
	"accord/consent/audit"
	"accord/consent/ledger"
	"accord/consent/receipt"
	"accord/ui"
)

// inBundle judges the place a bundle shows, and that the log only grew since.
func (p *Pages) inBundle(ctx context.Context, v *ui.Verdict, r receipt.Receipt, b audit.Bundle) error {
	if p.elsewhere(r) {
		note(v, "log", audit.Open, "other_log")
		note(v, "consistency", audit.NotMade, "other_log")
		return nil
	}
	if err := p.place(v, b); err != nil {
		return err
	}
	return p.grown(ctx, v, b)
}

// place judges a bundle by the policy of the log that is written now.
func (p *Pages) place(v *ui.Verdict, b audit.Bundle) error {
	policy, err := audit.ParsePolicy(p.Log.Policy())
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	judged := audit.VerifyBundle(b, policy)
	logged := worst(judged.Checks, "checkpoint", "opening", "inclusion", "receipt_logged", "agreement", "key_logged", "certificate", "key_time")
	at := stoppedAt(judged.Checks)
	switch {
	case at == "evidence":
		logged = audit.Passed
	case at == "form":
		logged = audit.Failed
	case at == "" && logged == audit.NotMade: // the inclusion of the key's event, which a bundle may leave out
		logged = audit.Passed
	}
	reason := ""
	if logged == audit.Failed {
		reason = "differs"
	}
	note(v, "log", logged, reason)
	evidence(v, b, judged.Checks)
	switch {
	case at == "key_time": // the key had ended at that leaf, whatever the time written
		decide(v, "V03", "time")
	case logged == audit.Failed:
		decide(v, "V04", aReceipt)
	}
	if judged.Outcome == audit.Genuine {
		v.Receipt.Position = ledger.Position{Origin: judged.Origin, Index: judged.Index}.String()
	}
	return nil
}

// evidence is FranceConnect's signature, which only the citizen's bundle has.
func evidence(v *ui.Verdict, b audit.Bundle, checks []audit.Check) {
	if b.Evidence == nil {
		return
	}
	result, reason := worst(checks, "evidence"), ""
	switch result {
	case audit.Open:
		reason = "login_unknown"
	case audit.Failed:
		decide(v, "V02", aBundle)
	}
	note(v, "login", result, reason)
}

// grown proves that the head in a bundle is the beginning of today's.
func (p *Pages) grown(ctx context.Context, v *ui.Verdict, b audit.Bundle) error {
	proof, err := ledger.ParseProof([]byte(b.TlogProof))
	if err != nil {
		stop(v, "consistency")
		return nil
	}
	then, err := ledger.OpenCheckpoint(proof.Checkpoint, p.Keys.Origin(), p.Keys.LogVerifier())
	if err != nil {
		stop(v, "consistency")
		return nil
	}
	_, now, err := p.Log.Head(ctx)
	if err != nil {
		return err
	}
	if then.Size > now.Size {
		note(v, "consistency", audit.NotMade, "later")
		return nil
	}
	steps, err := ledger.ProveConsistency(then.Size, now.Size, p.Log.Tiles(ctx, now.Size))
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	if ledger.VerifyConsistency(then.Size, now.Size, then.Root, now.Root, steps) != nil {
		note(v, "consistency", audit.Failed, "")
		decide(v, "V04", aReceipt)
		return nil
	}
	note(v, "consistency", audit.Passed, "")
	return nil
}
