package storetest

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

func testRedeem(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"ACodeLeadsToItsToken": func(w *world) {
			j := w.journey().agree()
			r, err := w.store.Redeem(w.ctx, j.redeemCmd())
			w.ok(err)
			if r.Grant.ID != j.grant || !r.ExpiresAt.Equal(w.clock.now().Add(tokenLife)) {
				w.t.Fatalf("redeemed %+v", r)
			}
			state, err := j.tokenState()
			w.ok(err)
			if state.Client != client || state.Grant.ID != j.grant || !bytes.Equal(state.Bound, []byte("token bound "+j.id)) ||
				!bytes.Equal(state.Wrapped, []byte("token wrapped "+j.id)) || state.Snapshot == nil ||
				state.Snapshot.ID != j.snapshot || !bytes.Equal(state.Snapshot.Sealed, []byte("sealed "+j.id)) {
				w.t.Fatalf("token leads to %+v", state)
			}
		},
		"WhatACallerWritesIntoItsAnswerChangesNoGrant": func(w *world) {
			j := w.journey().agree()
			r, err := w.store.Redeem(w.ctx, j.redeemCmd())
			w.ok(err)
			agreed := r.Grant.Data[0]
			r.Grant.Data[0] = "written over"
			state, err := j.tokenState()
			w.ok(err)
			if state.Grant.Data[0] != agreed {
				w.t.Fatalf("agreed to %q became %q", agreed, state.Grant.Data[0])
			}
		},
		"AReusedCodeRevokesWhatItGave": func(w *world) {
			j := w.journey().agree().redeem()
			_, err := w.store.Redeem(w.ctx, j.redeemCmd())
			w.refused(err, store.ErrUsed)
			j.dead(store.Revoked, store.ErrRevoked)
			w.kinds(j, audit.LookupRequested, audit.SourceQueried, audit.SourceAnswered, audit.ConsentGranted, audit.ConsentRevoked)
			w.logsNothing(store.ErrUsed, func() error { _, err := w.store.Redeem(w.ctx, j.redeemCmd()); return err })
		},
		"AReusedCodeRevokesAlsoAfterACrash": func(w *world) {
			j := w.journey().agree().redeem()
			w.killAndReopen()
			_, err := w.store.Redeem(w.ctx, j.redeemCmd())
			w.refused(err, store.ErrUsed)
			j.dead(store.Revoked, store.ErrRevoked)
		},
		"AReusedCodeRevokesLongAfterItsEnd": func(w *world) {
			j := w.journey().agree().redeem()
			w.clock.move(codeLife + 9*time.Minute)
			w.ok(w.store.Sweep(w.ctx))
			_, err := w.store.Redeem(w.ctx, j.redeemCmd())
			w.refused(err, store.ErrUsed)
			j.dead(store.Revoked, store.ErrRevoked)
		},
		"AnotherClientFindsNothingAndBurnsNothing": func(w *world) {
			j := w.journey().agree()
			cmd := j.redeemCmd()
			cmd.Client = "autre"
			_, err := w.store.Redeem(w.ctx, cmd)
			w.refused(err, store.ErrNotFound)
			j.redeem()
		},
		"AnUnknownCodeIsNotFound": func(w *world) {
			_, err := w.store.Redeem(w.ctx, w.journey().redeemCmd())
			w.refused(err, store.ErrNotFound)
		},
		"AFailedBindingBurnsTheCode": func(w *world) {
			j := w.journey().agree()
			cmd := j.redeemCmd()
			cmd.Open = func(_, _ []byte) (store.Token, error) { return store.Token{}, errWrongBinding }
			_, err := w.store.Redeem(w.ctx, cmd)
			w.refused(err, store.ErrBinding)
			w.refused(err, errWrongBinding)
			_, err = w.store.Redeem(w.ctx, j.redeemCmd())
			w.refused(err, store.ErrUsed)
			_, err = j.tokenState()
			w.refused(err, store.ErrNotFound)
		},
		"APanicInTheBindingStopsNobodyElse": func(w *world) {
			j := w.journey().agree()
			cmd := j.redeemCmd()
			cmd.Open = func(_, _ []byte) (store.Token, error) { panic("broken") }
			_, err := w.store.Redeem(w.ctx, cmd)
			w.refused(err, store.ErrBinding)
			w.journey().agree().redeem()
		},
		"ACodeLivesAMinute": func(w *world) {
			j, late := w.journey().agree(), w.journey().agree()
			w.clock.move(codeLife - time.Millisecond)
			j.redeem()
			w.clock.move(time.Millisecond)
			_, err := w.store.Redeem(w.ctx, late.redeemCmd())
			w.refused(err, store.ErrExpired)
		},
		"ACodeOfAWithdrawnGrantGivesNothing": func(w *world) {
			j := w.journey().agree()
			w.ok(j.withdraw(j.withdrawCmd()))
			_, err := w.store.Redeem(w.ctx, j.redeemCmd())
			w.refused(err, store.ErrRevoked)
		},
		"ATokenEndsWithItsGrant": func(w *world) {
			j := w.journey().look()
			cmd := j.agreeCmd()
			cmd.Grant.ValidUntil = w.clock.now().Add(2 * time.Minute)
			j.decide(cmd)
			r, err := w.store.Redeem(w.ctx, j.redeemCmd())
			w.ok(err)
			if !r.ExpiresAt.Equal(cmd.Grant.ValidUntil) {
				w.t.Fatalf("token ends %v, its grant %v", r.ExpiresAt, cmd.Grant.ValidUntil)
			}
			w.clock.move(2 * time.Minute)
			j.dead(store.Given, store.ErrExpired)
		},
		"AClockSetBackRevivesNoCode": func(w *world) {
			j := w.journey().agree()
			w.clock.move(codeLife)
			w.journey().look() // the log has seen this time
			w.clock.move(-codeLife)
			_, err := w.store.Redeem(w.ctx, j.redeemCmd())
			w.refused(err, store.ErrExpired)
		},
		"ARevokedTokenIsDeadAndItsGrantLives": func(w *world) {
			j := w.journey().agree().redeem()
			w.ok(w.store.RevokeToken(w.ctx, "autre", j.token))
			_, err := j.tokenState()
			w.ok(err)
			w.ok(w.store.RevokeToken(w.ctx, client, j.token))
			j.dead(store.Given, store.ErrRevoked)
			w.ok(w.store.RevokeToken(w.ctx, client, hash("unknown")))
		},
		"ATokenIsStoredOnce": func(w *world) {
			first, j := w.journey().agree().redeem(), w.journey().agree()
			j.token = first.token
			_, err := w.store.Redeem(w.ctx, j.redeemCmd())
			w.refused(err, store.ErrConflict)
			if errors.Is(err, store.ErrBinding) {
				w.t.Fatalf("code burnt: %v", err)
			}
		},
	})
}
