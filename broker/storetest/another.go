package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"accord/broker/store"
)

func testAnotherCode(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"ALaterCodeStandsUnderTheSameGrantAndLogsNothing": func(w *world) {
			j := w.journey().recognised().redeem()
			w.logsNothing(nil, func() error { return j.another(1) })
			r, err := w.store.Redeem(w.ctx, j.redeemAnother(1))
			w.ok(err)
			if r.Grant.ID != j.grant || r.ExpiresAt.After(r.Grant.ValidUntil) {
				w.t.Fatalf("redeemed %+v", r)
			}
			_, err = j.tokenState()
			w.ok(err)
		},
		"AReusedLaterCodeRevokesWhatAllCodesGave": func(w *world) {
			j := w.journey().recognised().redeem()
			w.ok(j.another(1))
			_, err := w.store.Redeem(w.ctx, j.redeemAnother(1))
			w.ok(err)
			w.killAndReopen()
			_, err = w.store.Redeem(w.ctx, j.redeemAnother(1))
			w.refused(err, store.ErrUsed)
			for _, token := range []store.Hash{j.token, j.nth("token", 1)} {
				_, err := w.store.Token(w.ctx, token)
				w.refused(err, store.ErrRevoked)
			}
			w.refused(j.another(2), store.ErrRevoked)
		},
		"AnEndedGrantGivesNoFurtherCode": func(w *world) {
			j, late := w.journey().recognised(), w.journey().recognised()
			w.ok(j.another(1))
			w.ok(j.withdraw(j.withdrawCmd()))
			w.logsNothing(store.ErrRevoked, func() error { return j.another(2) })
			w.logsNothing(store.ErrRevoked, func() error { _, err := w.store.Redeem(w.ctx, j.redeemAnother(1)); return err })
			w.clock.move(grantLife)
			w.refused(late.another(1), store.ErrExpired)
		},
		"ATokenOfALaterCodeEndsWithTheGrant": func(w *world) {
			j := w.journey().recognised()
			w.clock.move(grantLife - codeLife)
			w.ok(j.another(1))
			r, err := w.store.Redeem(w.ctx, j.redeemAnother(1))
			w.ok(err)
			w.clock.move(codeLife)
			_, err = w.store.Token(w.ctx, j.nth("token", 1))
			w.refused(err, store.ErrExpired)
			if !r.ExpiresAt.Equal(r.Grant.ValidUntil) {
				w.t.Fatalf("token ends %v, its grant %v", r.ExpiresAt, r.Grant.ValidUntil)
			}
		},
		"NobodyElseIsGivenALaterCode": func(w *world) {
			j := w.journey().recognised()
			for _, bend := range []func(*store.AnotherCodeCmd){
				func(c *store.AnotherCodeCmd) { c.Citizen = "another" },
				func(c *store.AnotherCodeCmd) { c.Citizen = "" },
				func(c *store.AnotherCodeCmd) { c.Code.Client = "autre" },
				func(c *store.AnotherCodeCmd) { c.Grant = "g_unknown" },
			} {
				cmd := j.anotherCmd(1)
				bend(&cmd)
				w.refused(w.store.AnotherCode(w.ctx, cmd), store.ErrNotFound)
			}
			w.ok(j.another(1))
		},
		"AnAgreementToDataGivesNoLaterCode": func(w *world) {
			w.refused(w.journey().agree().another(1), store.ErrNotCovered)
		},
		"NoLaterCodeUnderAnApprovalThatChangedOrIsSuspended": func(w *world) {
			j := w.journey().recognised()
			w.changeApproval(func(a *store.ApprovalState) { a.Digest = "sha-256:other" })
			w.refused(j.another(1), store.ErrNotCovered)
			w.changeApproval(func(*store.ApprovalState) {})
			_, err := w.store.SuspendApproval(w.ctx, approval, "security")
			w.ok(err)
			w.refused(j.another(1), store.ErrNotCovered)
		},
		"NoIdentifierIsGivenUnderASuspendedApproval": func(w *world) {
			j := w.journey().recognised()
			w.ok(j.another(1))
			made := w.suspend("misuse")
			for _, cmd := range []store.RedeemCmd{j.redeemCmd(), j.redeemAnother(1)} {
				w.logsNothing(store.ErrNotCovered, func() error { _, err := w.store.Redeem(w.ctx, cmd); return err })
			}
			again := w.approval()
			again.Digest, again.Approval.Digest, again.Approval.Resumes = "sha-256:resumed", "sha-256:resumed", made.Position
			w.ok(w.store.Announce(w.ctx, []store.Public{again}))
			_, err := w.store.Redeem(w.ctx, j.redeemCmd()) // it was frozen, not used up
			w.ok(err)
		},
		"TheCodesOfAGrantAreBounded": func(w *world) {
			j := w.journey().recognised()
			for n := 1; n < store.MostCodes; n++ {
				w.ok(j.another(n))
			}
			w.refused(j.another(store.MostCodes), store.ErrCapped)
			w.refused(w.journey().recognised().another(0), nil)
		},
		"ACodeIsGivenOnce": func(w *world) {
			j := w.journey().recognised()
			w.ok(j.another(1))
			w.refused(j.another(1), store.ErrConflict)
		},
	})
}

// recognised is a journey that ends in an agreement to the identifier alone.
func (j *journey) recognised() *journey {
	j.w.t.Helper()
	look := j.lookupCmd()
	look.Event.Data = nil
	logged, err := j.w.store.RequestLookup(j.w.ctx, look)
	j.w.ok(err)
	j.lookup = logged
	cmd := j.agreeCmd()
	cmd.Grant.Data, cmd.Grant.Fields, cmd.Snapshot, cmd.Event.Mode = nil, nil, nil, "identity"
	return j.decide(cmd)
}

// nth is the hash of the n-th code or token after the decision's.
func (j *journey) nth(kind string, n int) store.Hash { return hash(fmt.Sprint(kind, n, j.id)) }

func (j *journey) anotherCmd(n int) store.AnotherCodeCmd {
	return store.AnotherCodeCmd{Grant: j.grant, Citizen: j.citizen, Code: store.Code{
		Hash: j.nth("code", n), Client: client, Expires: codeLife, Bound: fmt.Appendf(nil, "bound %d", n), Wrapped: []byte("wrapped"),
	}}
}

func (j *journey) another(n int) error { return j.w.store.AnotherCode(j.w.ctx, j.anotherCmd(n)) }

func (j *journey) redeemAnother(n int) store.RedeemCmd {
	return store.RedeemCmd{Code: j.nth("code", n), Client: client, Open: func(bound, _ []byte) (store.Token, error) {
		if !bytes.Equal(bound, fmt.Appendf(nil, "bound %d", n)) {
			return store.Token{}, errors.New("code row came back changed")
		}
		return store.Token{Hash: j.nth("token", n), Expires: tokenLife, Bound: []byte("token bound")}, nil
	}}
}
