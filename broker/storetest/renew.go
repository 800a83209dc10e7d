package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// handWindow is how long a replaced refresh token gets its successor again.
const handWindow = time.Minute

func testRenew(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"ARefreshTokenGivesTokensThatFetch": func(w *world) {
			j := w.renewing()
			state := j.renew("first", "")
			if !state.Renewed || state.Snapshot != nil || string(state.Bound) != "bound first" || state.Grant.ID != j.grant {
				w.t.Fatalf("a renewed token leads to %+v", state)
			}
			q := j.fetchWith("first")
			queried := w.fetch(q)
			logged, err := w.store.Deliver(w.ctx, j.fetchedWith(q))
			w.ok(err)
			if ev := w.event(queried.Position.Index); ev.Grant != j.grant || ev.Subject != "sub" {
				w.t.Fatalf("query is logged as %+v", ev)
			}
			if ev := w.event(logged.Position.Index); ev.Mode != audit.ModeRefresh || ev.Grant != j.grant {
				w.t.Fatalf("delivery is logged as %+v", ev)
			}
			j.fetches(2)
		},
		"ARenewedTokenReadsNothingOfTheDecision": func(w *world) {
			j := w.renewing()
			j.renew("first", "")
			cmd := j.deliverCmd()
			cmd.Token = hash("first" + j.id)
			w.logsNothing(store.ErrNotCovered, func() error { return j.deliver(cmd) })
		},
		"OnlyARenewedTokenOfTheGrantFetches": func(w *world) {
			j, other := w.renewing(), w.renewing()
			other.renew("other", "")
			for _, token := range []store.Hash{j.token, hash("other" + other.id)} {
				q := j.fetchCmd()
				q.Token = token
				w.logsNothing(store.ErrNotCovered, func() error { _, err := w.store.QuerySource(w.ctx, q); return err })
			}
			q := j.fetchCmd()
			q.Token = hash("unknown")
			w.logsNothing(store.ErrNotFound, func() error { _, err := w.store.QuerySource(w.ctx, q); return err })
		},
		"OnlyARecurringGrantHasARefreshToken": func(w *world) {
			j := w.journey().agree()
			_, err := w.store.Redeem(w.ctx, j.redeemWith(j.refresh("r")))
			w.refused(err, store.ErrNotCovered)
			j.redeem()
		},
		"AnotherClientRenewsNothingAndRevokesNothing": func(w *world) {
			j := w.renewing()
			cmd := j.renewCmd("r", "first", "")
			cmd.Client = "autre"
			w.logsNothing(store.ErrNotFound, func() error { _, err := w.store.Renew(w.ctx, cmd); return err })
			w.ok(w.store.RevokeToken(w.ctx, "autre", hash("r"+j.id)))
			j.renew("first", "")
		},
		"WhatOpenRefusesChangesNothing": func(w *world) {
			j := w.renewing()
			cmd := j.renewCmd("r", "first", "")
			cmd.Open = func(_, _ []byte) (store.Token, error) { return store.Token{}, errWrongBinding }
			_, err := w.store.Renew(w.ctx, cmd)
			w.refused(err, store.ErrBinding)
			w.refused(err, errWrongBinding)
			cmd.Open = func(_, _ []byte) (store.Token, error) { panic("broken") }
			_, err = w.store.Renew(w.ctx, cmd)
			w.refused(err, store.ErrBinding)
			j.renew("first", "")
		},
		"AReplacedTokenIsHandedItsSuccessorForAWhile": func(w *world) {
			j := w.renewing()
			j.renew("first", "r2")
			w.clock.move(handWindow - time.Millisecond)
			j.handed("r", "second", "r2")
			w.killAndReopen()
			j.handed("r", "third", "r2")
			_, err := w.store.Renew(w.ctx, j.renewCmd("r2", "fourth", "r3"))
			w.ok(err)
			_, err = w.store.Renew(w.ctx, j.renewCmd("r", "fifth", ""))
			w.refused(err, store.ErrConflict)
			if _, err := w.store.Token(w.ctx, hash("fourth"+j.id)); err != nil {
				w.t.Fatalf("a late retry killed its successor's token: %v", err)
			}
		},
		"AReplacedTokenThatComesBackEndsTheGrant": func(w *world) {
			for _, sweep := range []bool{false, true} {
				j := w.renewing()
				j.renew("first", "r2")
				w.clock.move(handWindow)
				if sweep {
					w.ok(w.store.Sweep(w.ctx))
				}
				w.killAndReopen()
				_, err := w.store.Renew(w.ctx, j.renewCmd("r", "second", ""))
				w.refused(err, store.ErrUsed)
				j.endedWith(store.Revoked, "first", "r2")
				entries, err := w.store.EventsOf(w.ctx, j.grant)
				w.ok(err)
				if ev := w.event(entries[len(entries)-1].Index); ev.Reason != "refresh_reuse" {
					w.t.Fatalf("ended by %+v", ev)
				}
			}
		},
		"ARevokedRefreshTokenRenewsNothingAndItsGrantLives": func(w *world) {
			j := w.renewing()
			j.renew("first", "r2")
			w.ok(w.store.RevokeToken(w.ctx, client, hash("r2"+j.id)))
			j.endedWith(store.Given, "first", "r2")
			_, err := w.store.Renew(w.ctx, j.renewCmd("r", "second", ""))
			w.refused(err, store.ErrConflict)
			w.logsNothing(store.ErrRevoked, j.tryFetchWith("first"))
		},
		"ARevokedAccessTokenFetchesNothingAndItsRefreshTokenLives": func(w *world) {
			j := w.renewing()
			j.renew("first", "")
			w.ok(w.store.RevokeToken(w.ctx, client, hash("first"+j.id)))
			w.logsNothing(store.ErrRevoked, j.tryFetchWith("first"))
			j.renew("second", "")
			w.ok(j.tryFetchWith("second")())
		},
		"OnceAWithdrawalReturnsNothingIsRenewed": func(w *world) {
			j := w.renewing()
			j.renew("first", "r2")
			q := j.fetchWith("first")
			w.fetch(q)
			w.ok(j.withdraw(j.withdrawCmd()))
			w.logsNothing(store.ErrRevoked, func() error { return j.deliver(j.fetchedWith(q)) })
			w.logsNothing(store.ErrRevoked, j.tryFetchWith("first"))
			j.endedWith(store.Withdrawn, "first", "r2")
		},
		"AReusedCodeKillsTheRefreshTokenItGave": func(w *world) {
			j := w.renewing()
			j.renew("first", "")
			_, err := w.store.Redeem(w.ctx, j.redeemCmd())
			w.refused(err, store.ErrUsed)
			j.endedWith(store.Revoked, "first", "r")
		},
		"ARefreshTokenEndsWithItsGrant": func(w *world) {
			j := w.renewing()
			w.clock.move(recurringLife - time.Minute)
			r, err := w.store.Renew(w.ctx, j.renewCmd("r", "first", ""))
			w.ok(err)
			if !r.ExpiresAt.Equal(w.clock.now().Add(time.Minute)) {
				w.t.Fatalf("the token outlives its grant: %v", r.ExpiresAt)
			}
			w.clock.move(time.Minute)
			j.endedWith(store.Given, "", "r")
			w.logsNothing(store.ErrExpired, j.tryFetchWith("first"))
		},
		"NothingIsRenewedBeyondTheApprovalOrTheCount": func(w *world) {
			j := w.renewing()
			for range mostFetches - 1 {
				w.fetch(j.fetchCmd())
			}
			w.logsNothing(store.ErrNotCovered, func() error { _, err := w.store.Renew(w.ctx, j.renewCmd("r", "first", "")); return err })
			j = w.renewing()
			j.renew("first", "")
			w.changeApproval(func(a *store.ApprovalState) { a.InForce = false })
			w.logsNothing(store.ErrNotCovered, func() error { _, err := w.store.Renew(w.ctx, j.renewCmd("r", "second", "")); return err })
			w.logsNothing(store.ErrNotCovered, j.tryFetchWith("first"))
		},
		"FiftyAtOnceLeaveOneThatRenews": func(w *world) {
			j := w.renewing()
			if next := raceToRenew(j, 50); len(next) != 1 {
				w.t.Fatalf("fifty refreshes left these families: %v", next)
			}
		},
		"AccessTokensOfOneGrantAreBounded": func(w *world) {
			j := w.renewing()
			var err error
			for n := 0; err == nil && n < 100; n++ {
				_, err = w.store.Renew(w.ctx, j.renewCmd("r", fmt.Sprint("t", n), ""))
			}
			w.refused(err, store.ErrOverloaded)
			w.clock.move(tokenLife)
			j.renew("later", "")
		},
		"AnAcknowledgedRefreshSurvivesACrash": func(w *world) {
			j := w.renewing()
			j.renew("first", "r2")
			w.killAndReopen()
			w.ok(j.tryFetchWith("first")())
			_, err := w.store.Renew(w.ctx, j.renewCmd("r2", "second", "r3"))
			w.ok(err)
		},
		"AnErasedGrantLeavesNoRefreshToken": func(w *world) {
			j := w.renewing()
			j.renew("first", "r2")
			w.ok(j.withdraw(j.withdrawCmd()))
			_, err := w.store.Erase(w.ctx, store.EraseCmd{Grant: j.grant, Reason: "request"})
			w.ok(err)
			for _, name := range []string{"r", "r2"} {
				_, err = w.store.Renew(w.ctx, j.renewCmd(name, "second", ""))
				w.refused(err, store.ErrNotFound)
			}
		},
	})
}

// renewing is a journey whose client holds the refresh token r.
func (w *world) renewing() *journey {
	w.t.Helper()
	j := w.recurring()
	_, err := w.store.Redeem(w.ctx, j.redeemWith(j.refresh("r")))
	w.ok(err)
	return j
}

// refresh is a refresh token's row; its Bound tells which.
func (j *journey) refresh(name string) *store.Refresh {
	return &store.Refresh{Hash: hash(name + j.id), Bound: []byte("identity under " + name)}
}

func (j *journey) redeemWith(r *store.Refresh) store.RedeemCmd {
	cmd := j.redeemCmd()
	open := cmd.Open
	cmd.Open = func(bound, wrapped []byte) (store.Token, error) {
		t, err := open(bound, wrapped)
		t.Refresh = r
		return t, err
	}
	return cmd
}

// renewCmd asks for the access token named, and for a successor unless next is
// empty or one is handed over.
func (j *journey) renewCmd(refresh, token, next string) store.RenewCmd {
	return store.RenewCmd{Refresh: hash(refresh + j.id), Client: client, Window: handWindow, Open: func(bound, handed []byte) (store.Token, error) {
		if len(bound) == 0 {
			return store.Token{}, errors.New("a row without what it is bound to")
		}
		t := store.Token{Hash: hash(token + j.id), Expires: tokenLife, Bound: []byte("bound " + token)}
		if next != "" && handed == nil {
			t.Refresh = j.refresh(next)
			t.Refresh.Handed = []byte("handed " + next)
		}
		return t, nil
	}}
}

func (j *journey) renew(token, next string) store.TokenState {
	j.w.t.Helper()
	_, err := j.w.store.Renew(j.w.ctx, j.renewCmd("r", token, next))
	j.w.ok(err)
	state, err := j.w.store.Token(j.w.ctx, hash(token+j.id))
	j.w.ok(err)
	return state
}

// handed renews by a replaced token and is given its successor again.
func (j *journey) handed(refresh, token, successor string) {
	j.w.t.Helper()
	cmd := j.renewCmd(refresh, token, "")
	open := cmd.Open
	cmd.Open = func(bound, handed []byte) (store.Token, error) {
		if !bytes.Equal(bound, []byte("identity under "+successor)) || !bytes.Equal(handed, []byte("handed "+successor)) {
			return store.Token{}, fmt.Errorf("handed %q with %q", handed, bound)
		}
		return open(bound, handed)
	}
	_, err := j.w.store.Renew(j.w.ctx, cmd)
	j.w.ok(err)
}

// endedWith fails unless neither the access token nor the refresh token opens
// anything any more.
func (j *journey) endedWith(state store.GrantState, token, refresh string) {
	j.w.t.Helper()
	if token != "" {
		_, err := j.w.store.Token(j.w.ctx, hash(token+j.id))
		j.w.refused(err, store.ErrRevoked)
	}
	if _, err := j.w.store.Renew(j.w.ctx, j.renewCmd(refresh, "after the end", "")); !errors.Is(err, store.ErrRevoked) && !errors.Is(err, store.ErrExpired) {
		j.w.t.Fatalf("after the end a refresh answers %v", err)
	}
	g, err := j.w.store.Grant(j.w.ctx, j.grant)
	j.w.ok(err)
	if g.State != state {
		j.w.t.Fatalf("grant is %s, want %s", g.State, state)
	}
}

func (j *journey) fetchWith(token string) store.QueryCmd {
	cmd := j.fetchCmd()
	cmd.Token = hash(token + j.id)
	return cmd
}

func (j *journey) tryFetchWith(token string) func() error {
	return func() error { _, err := j.w.store.QuerySource(j.w.ctx, j.fetchWith(token)); return err }
}

func (j *journey) fetchedWith(q store.QueryCmd) store.DeliverCmd {
	cmd := j.fetchedCmd(q)
	cmd.Token = q.Token
	return cmd
}

// raceToRenew has n refreshes of one token at once, each proposing a successor
// of its own; it returns the successors that renew afterwards.
func raceToRenew(j *journey, n int) (live []string) {
	var all, start sync.WaitGroup
	var failed atomic.Int64
	start.Add(1)
	for i := range n {
		cmd := j.renewCmd("r", fmt.Sprint("t", i), fmt.Sprint("r", i))
		all.Go(func() {
			start.Wait()
			err := store.ErrOverloaded
			for errors.Is(err, store.ErrOverloaded) {
				_, err = j.w.store.Renew(j.w.ctx, cmd)
			}
			if err != nil {
				failed.Add(1)
			}
		})
	}
	start.Done()
	all.Wait()
	if failed.Load() > 0 {
		j.w.t.Fatalf("%d of %d refreshes within the window were refused", failed.Load(), n)
	}
	for i := range n {
		if _, err := j.w.store.Renew(j.w.ctx, j.renewCmd(fmt.Sprint("r", i), fmt.Sprint("u", i), "")); err == nil {
			live = append(live, fmt.Sprint("r", i))
		}
	}
	return live
}
