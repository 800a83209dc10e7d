package storetest

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/broker/store"
)

// requestLife is how long these tests keep a request.
const requestLife = 2 * 365 * 24 * time.Hour

func testRequests(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"ARequestIsKeptAnsweredAndClosed": func(w *world) {
			j := w.journey().agree()
			made, err := w.store.MakeRequest(w.ctx, j.erasureAsked(), requestLife)
			w.ok(err)
			if made.State != store.RequestOpen || !made.Made.Equal(w.clock.now()) || made.Recipient != recipient {
				w.t.Fatalf("made %+v", made)
			}
			w.killAndReopen()
			w.clock.move(time.Hour)
			for _, a := range []store.RequestAnswer{{State: store.RequestSent}, {State: store.RequestAnswered, By: "DPO", Text: "fait"}, {State: store.RequestClosed}} {
				_, err := w.store.AnswerRequest(w.ctx, made.ID, a)
				w.ok(err)
			}
			all, err := w.store.RequestsOf(w.ctx, citizen)
			w.ok(err)
			if len(all) != 1 || all[0].State != store.RequestClosed || len(all[0].Answers) != 3 || all[0].Answers[1].Text != "fait" || !all[0].Answers[0].Time.Equal(w.clock.now()) {
				w.t.Fatalf("kept as %+v", all)
			}
			_, err = w.store.AnswerRequest(w.ctx, made.ID, store.RequestAnswer{State: store.RequestSent})
			w.refused(err, store.ErrConflict)
			_, err = w.store.AnswerRequest(w.ctx, "unknown", store.RequestAnswer{State: store.RequestSent})
			w.refused(err, store.ErrNotFound)
		},
		"TheOperatorSeesOpenRequestsOldestFirst": func(w *world) {
			first, second := w.journey().agree(), w.journey()
			second.citizen = citizen + "B"
			second.agree()
			one, err := w.store.MakeRequest(w.ctx, first.disputed(3), requestLife)
			w.ok(err)
			w.clock.move(time.Minute)
			two, err := w.store.MakeRequest(w.ctx, second.disputed(9), requestLife)
			w.ok(err)
			if all, err := w.store.Requests(w.ctx, false); err != nil || len(all) != 2 || all[0].ID != one.ID || *all[1].Event != 9 {
				w.t.Fatalf("open: %+v, %v", all, err)
			}
			_, err = w.store.AnswerRequest(w.ctx, one.ID, store.RequestAnswer{State: store.RequestClosed})
			w.ok(err)
			if all, err := w.store.Requests(w.ctx, false); err != nil || len(all) != 1 || all[0].ID != two.ID {
				w.t.Fatalf("still open: %+v, %v", all, err)
			}
			if all, err := w.store.Requests(w.ctx, true); err != nil || len(all) != 2 {
				w.t.Fatalf("all: %+v, %v", all, err)
			}
			if own, err := w.store.RequestsOf(w.ctx, citizen); err != nil || len(own) != 1 || own[0].ID != one.ID {
				w.t.Fatalf("the first citizen's: %+v, %v", own, err)
			}
		},
		"ARequestIsAboutOnesOwnAgreement": func(w *world) {
			j := w.journey().agree()
			another := j.erasureAsked()
			another.Citizen = "another"
			_, err := w.store.MakeRequest(w.ctx, another, requestLife)
			w.refused(err, store.ErrNotFound)
			unknown := j.erasureAsked()
			unknown.Grant = "g_unknown"
			_, err = w.store.MakeRequest(w.ctx, unknown, requestLife)
			w.refused(err, store.ErrNotFound)
		},
		"TheSameRequestIsMadeOnce": func(w *world) {
			j := w.journey().agree()
			r := j.disputed(3)
			var done sync.WaitGroup
			fresh := make(chan bool, 8)
			for range cap(fresh) {
				done.Go(func() {
					got, err := w.store.MakeRequest(w.ctx, r, requestLife)
					if err != nil && !errors.Is(err, store.ErrConflict) || got.ID != r.ID {
						w.t.Errorf("%+v, %v", got, err)
					}
					fresh <- err == nil
				})
			}
			done.Wait()
			close(fresh)
			made := 0
			for f := range fresh {
				if f {
					made++
				}
			}
			erasure, err := w.store.MakeRequest(w.ctx, j.erasureAsked(), requestLife)
			w.ok(err)
			again, err := w.store.MakeRequest(w.ctx, j.erasureAsked(), requestLife)
			w.refused(err, store.ErrConflict)
			if made != 1 || again.ID != erasure.ID {
				w.t.Fatalf("made %d times; a second erasure is %s", made, again.ID)
			}
		},
		"RequestsAreBounded": func(w *world) {
			j := w.journey().agree()
			long := j.disputed(1)
			long.Message = strings.Repeat("x", store.MostMessage+1)
			if _, err := w.store.MakeRequest(w.ctx, long, requestLife); err == nil {
				w.t.Fatalf("a message without end is kept")
			}
			for range store.MostRequests {
				_, err := w.store.MakeRequest(w.ctx, j.disputed(1), requestLife)
				w.ok(err)
			}
			_, err := w.store.MakeRequest(w.ctx, j.disputed(1), requestLife)
			w.refused(err, store.ErrCapped)
		},
		"ARequestIsForgottenInTime": func(w *world) {
			j := w.journey().agree()
			_, err := w.store.MakeRequest(w.ctx, j.disputed(1), requestLife)
			w.ok(err)
			w.clock.move(requestLife - time.Hour)
			w.ok(w.store.Sweep(w.ctx))
			if own, err := w.store.RequestsOf(w.ctx, citizen); err != nil || len(own) != 1 {
				w.t.Fatalf("too early: %d, %v", len(own), err)
			}
			w.clock.move(48 * time.Hour)
			w.ok(w.store.Sweep(w.ctx))
			if own, err := w.store.RequestsOf(w.ctx, citizen); err != nil || len(own) != 0 {
				w.t.Fatalf("%d are left, %v", len(own), err)
			}
		},
		"AnErasedGrantTakesItsRequestsAlong": func(w *world) {
			j, other := w.journey().agree(), w.journey().agree()
			_, err := w.store.MakeRequest(w.ctx, j.disputed(1), requestLife)
			w.ok(err)
			kept, err := w.store.MakeRequest(w.ctx, other.disputed(1), requestLife)
			w.ok(err)
			w.ok(j.withdraw(j.withdrawCmd()))
			_, err = w.store.Erase(w.ctx, store.EraseCmd{Grant: j.grant, Reason: "request", Request: "D-9"})
			w.ok(err)
			if own, err := w.store.RequestsOf(w.ctx, citizen); err != nil || len(own) != 1 || own[0].ID != kept.ID {
				w.t.Fatalf("left: %+v, %v", own, err)
			}
		},
	})
}

func (j *journey) erasureAsked() store.CitizenRequest {
	return store.CitizenRequest{ID: j.w.id("r"), Kind: store.RequestErasure, Citizen: j.citizen, Grant: j.grant}
}

func (j *journey) disputed(event int64) store.CitizenRequest {
	return store.CitizenRequest{ID: j.w.id("r"), Kind: store.RequestDispute, Citizen: j.citizen, Grant: j.grant, Event: &event, Reason: "unknown", Message: "Je ne comprends pas."}
}
