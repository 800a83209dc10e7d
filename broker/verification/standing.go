package verification

import (
	"context"
	"errors"

	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/ui"
)

// standing asks the store what became of the agreement a receipt opened: a
// receipt proves the act, not that it still holds.
func (p *Pages) standing(ctx context.Context, v *ui.Verdict, r receipt.Receipt) error {
	if r.Event.Type == receipt.Refused || r.Event.Type == receipt.Withdrawn {
		note(v, "standing", audit.NotMade, "no_grant")
		decideStanding(v, map[receipt.Type]string{receipt.Refused: "refused", receipt.Withdrawn: "withdrawn"}[r.Event.Type])
		return nil
	}
	g, err := p.Store.Grant(ctx, r.GrantID)
	if errors.Is(err, store.ErrNotFound) {
		note(v, "standing", audit.NotMade, "erased_grant")
		decideStanding(v, "unknown")
		return nil
	}
	if err != nil {
		return failure.New(failure.Busy, err)
	}
	s := p.standingOf(g)
	if s.State == ui.Active && g.Receipt != r.ReceiptID {
		s = ui.Standing{State: ui.Narrowed, At: g.StateTime}
	}
	v.Standing = &s
	if s.State == ui.Active {
		note(v, "standing", audit.Passed, "")
		decideStanding(v, string(ui.Active))
		return nil
	}
	note(v, "standing", audit.Failed, "ended")
	if v.Result == "" {
		v.Result, v.About = "V06", string(s.State)
	}
	return nil
}

// decideStanding makes a receipt that passed everything genuine.
func decideStanding(v *ui.Verdict, about string) {
	if v.Result == "" {
		v.Result, v.About = "genuine", about
	}
}

func (p *Pages) standingOf(g store.Grant) ui.Standing {
	switch {
	case g.State == store.Withdrawn:
		return ui.Standing{State: ui.Ended, At: g.StateTime}
	case g.State == store.Revoked:
		return ui.Standing{State: ui.Revoked, At: g.StateTime}
	case !p.Now().Before(g.ValidUntil):
		return ui.Standing{State: ui.Expired, At: g.ValidUntil}
	case g.Approval != "" && !p.InForce(g.Approval):
		return ui.Standing{State: ui.Frozen, At: g.ValidUntil}
	}
	return ui.Standing{State: ui.Active, At: g.ValidUntil}
}
