package storetest

import (
	"bytes"
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

func testDecide(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"AnInteractionIsDecidedOnce": func(w *world) {
			j := w.journey().agree()
			again := j.agreeCmd()
			again.Answer = []byte("another answer")
			d, err := decideAgain(w, again)
			w.refused(err, store.ErrConflict)
			if !bytes.Equal(d.Answer, []byte("answer "+j.id)) {
				w.t.Fatalf("second decision is answered %q", d.Answer)
			}
		},
		"ARefusalAfterAnAgreementChangesNothing": func(w *world) {
			j := w.journey().agree()
			_, err := decideAgain(w, j.refuseCmd())
			w.refused(err, store.ErrConflict)
			g, err := w.store.Grant(w.ctx, j.grant)
			w.ok(err)
			if g.State != store.Given {
				w.t.Fatalf("grant is %s", g.State)
			}
		},
		"TheFirstAnswerSurvivesARestartAndThenExpires": func(w *world) {
			j := w.journey().agree()
			w.killAndReopen()
			j.answered(false)
			d, err := decideAgain(w, j.agreeCmd())
			w.refused(err, store.ErrConflict)
			if !bytes.Equal(d.Answer, []byte("answer "+j.id)) {
				w.t.Fatalf("second decision is answered %q", d.Answer)
			}
			j.redeem().answered(true)
			w.clock.move(answerLife)
			_, err = w.store.Answer(w.ctx, j.id)
			w.refused(err, store.ErrExpired)
			_, err = decideAgain(w, j.agreeCmd())
			w.refused(err, store.ErrConflict)
			_, err = w.store.Answer(w.ctx, w.journey().look().id)
			w.refused(err, store.ErrNotFound)
		},
		"RefusingNeedsNeitherLookUpNorApprovalNorName": func(w *world) {
			w.changeApproval(func(a *store.ApprovalState) { a.InForce = false })
			j := w.journey()
			j.decide(j.refuseCmd())
			r, err := w.store.Receipt(w.ctx, j.receipt.ID)
			w.ok(err)
			if r.Citizen != "" || r.Grant != "" || !bytes.Equal(r.JWS, j.receipt.JWS) || r.Index != j.decided.Position.Index {
				w.t.Fatalf("refusal is kept as %+v", r)
			}
		},
		"AReceiptSignedWithARetiredKeyIsStale": func(w *world) {
			j := w.journey().look()
			w.retireKey()
			w.logsNothing(store.ErrStale, j.tryAgree(nil))
			w.logsNothing(store.ErrStale, func() error { _, err := w.store.Decide(w.ctx, j.refuseCmd()); return err })
		},
		"AReceiptSignedWithAKeyOfAnotherRoleIsStale": func(w *world) {
			w.ok(w.store.Announce(w.ctx, []store.Public{{
				Kind: audit.KeyActivated, ID: "log-1", Digest: "d", Event: audit.Event{Role: "log"},
			}}))
			w.logsNothing(store.ErrStale, w.journey().look().tryAgree(func(c *store.DecideCmd) { c.Receipt.KeyID = "log-1" }))
		},
		"AgreedIsASubsetOfLookedUpAndApproved": func(w *world) {
			w.notGranted(store.ErrNotCovered, map[string]func(*store.DecideCmd){
				"data beyond":        func(c *store.DecideCmd) { c.Grant.Data = append(c.Grant.Data, "cnaf_enfants") },
				"fields beyond":      func(c *store.DecideCmd) { c.Grant.Fields = append(c.Grant.Fields, "dss/quotient_familial#enfants") },
				"another recipient":  func(c *store.DecideCmd) { c.Grant.Recipient = "99900020100015" },
				"another purpose":    func(c *store.DecideCmd) { c.Grant.Purpose = "autre" },
				"unknown approval":   func(c *store.DecideCmd) { c.Grant.Approval = "inconnue" },
				"no approval":        func(c *store.DecideCmd) { c.Grant.Approval = "" },
				"approval text seen": func(c *store.DecideCmd) { c.Event.ApprovalDigest = audit.Digest([]byte("older")) },
				"another look-up":    func(c *store.DecideCmd) { index := int64(0); c.Event.Lookup = &index },
			})
		},
		"NobodyAgreesWithoutHavingLooked": func(w *world) {
			w.logsNothing(store.ErrNotCovered, w.journey().tryAgree(nil))
		},
		"NobodyAgreesUnderASuspendedApproval": func(w *world) {
			j := w.journey().look()
			w.changeApproval(func(a *store.ApprovalState) { a.InForce = false })
			w.logsNothing(store.ErrNotCovered, j.tryAgree(nil))
		},
		"IdsAreUsedOnce": func(w *world) {
			first := w.journey().agree()
			w.notGranted(store.ErrConflict, map[string]func(*store.DecideCmd){
				"receipt":  func(c *store.DecideCmd) { c.Receipt.ID = first.receipt.ID },
				"grant":    func(c *store.DecideCmd) { c.Grant.ID = first.grant },
				"code":     func(c *store.DecideCmd) { c.Code.Hash = first.code },
				"snapshot": func(c *store.DecideCmd) { c.Snapshot.ID = first.snapshot },
			})
		},
		"AMalformedDecisionWritesNothing": func(w *world) {
			for name, bend := range map[string]func(*store.DecideCmd){
				"no grant":         func(c *store.DecideCmd) { c.Grant = nil },
				"no code":          func(c *store.DecideCmd) { c.Code = nil },
				"refused, granted": func(c *store.DecideCmd) { c.Kind = audit.ConsentRefused },
				"other kind":       func(c *store.DecideCmd) { c.Kind = audit.ConsentWithdrawn },
				"wrong digest":     func(c *store.DecideCmd) { c.Receipt.Digest = audit.Digest(nil) },
				"two citizens":     func(c *store.DecideCmd) { c.Event.Citizen = "other" },
				"not ASCII":        func(c *store.DecideCmd) { c.Event.Mode = "journée" },
				"already over":     func(c *store.DecideCmd) { c.Grant.ValidUntil = w.clock.now() },
			} {
				j := w.journey().look()
				before := w.size()
				if err := j.tryAgree(bend)(); err == nil {
					w.t.Fatalf("%s: accepted", name)
				}
				if w.size() != before {
					w.t.Fatalf("%s: logged", name)
				}
				w.ok(j.tryAgree(nil)())
			}
		},
		"TheReceiptComesBackByteForByte": func(w *world) {
			j := w.journey().agree()
			r, err := w.store.Receipt(w.ctx, j.receipt.ID)
			w.ok(err)
			if !bytes.Equal(r.JWS, j.receipt.JWS) || string(r.Sealed) != "evidence" || r.Citizen != citizen ||
				r.Client != client || r.Grant != j.grant || r.Interaction != j.id || r.Index != j.decided.Position.Index {
				w.t.Fatalf("receipt is kept as %+v", r)
			}
		},
		"TimeNeverRunsBack": func(w *world) {
			first := w.journey().agree()
			w.clock.move(-time.Hour)
			j := w.journey().look()
			if j.lookup.Time.Before(first.decided.Time) {
				w.t.Fatalf("stamp %v before %v", j.lookup.Time, first.decided.Time)
			}
		},
	})
}

func decideAgain(w *world, cmd store.DecideCmd) (d store.Decision, err error) {
	w.t.Helper()
	before := w.size()
	d, err = w.store.Decide(w.ctx, cmd)
	if w.size() != before {
		w.t.Fatalf("a second decision was logged")
	}
	return d, err
}

func (j *journey) tryAgree(bend func(*store.DecideCmd)) func() error {
	return func() error {
		cmd := j.agreeCmd()
		if bend != nil {
			bend(&cmd)
		}
		_, err := j.w.store.Decide(j.w.ctx, cmd)
		return err
	}
}

func (w *world) notGranted(want error, bends map[string]func(*store.DecideCmd)) {
	w.t.Helper()
	for name, bend := range bends {
		j := w.journey().look()
		before := w.size()
		err := j.tryAgree(bend)()
		if w.size() != before {
			w.t.Fatalf("%s: logged", name)
		}
		if _, gone := w.store.Grant(w.ctx, j.grant); gone == nil {
			w.t.Fatalf("%s: granted", name)
		}
		w.refused(err, want)
	}
}

func (j *journey) answered(redeemed bool) {
	j.w.t.Helper()
	a, err := j.w.store.Answer(j.w.ctx, j.id)
	j.w.ok(err)
	if string(a.Sealed) != "answer "+j.id || !a.Time.Equal(j.decided.Time) || a.Redeemed != redeemed {
		j.w.t.Fatalf("interaction is answered %+v", a)
	}
}
