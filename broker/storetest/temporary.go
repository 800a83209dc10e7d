package storetest

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker/store"
)

func testTemporary(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"AnAssertionIsAcceptedOnce": func(w *world) {
			until := w.clock.now().Add(time.Minute)
			w.fresh(store.Assertions, "a", until, true)
			w.fresh(store.Assertions, "a", until, false)
			w.fresh(store.States, "a", until, true)
			w.clock.move(time.Minute - time.Millisecond)
			w.fresh(store.Assertions, "a", until.Add(time.Minute), false)
			_, err := w.store.Once(w.ctx, store.Assertions, hash("b"), w.clock.now())
			w.refused(err, store.ErrExpired)
		},
		"AnAssertionIsAcceptedOnceAmongRacers": func(w *world) {
			var fresh atomic.Int32
			var racers sync.WaitGroup
			for range 16 {
				racers.Go(func() {
					ok, err := w.store.Once(w.ctx, store.Assertions, hash("a"), w.clock.now().Add(time.Minute))
					if err == nil && ok {
						fresh.Add(1)
					}
				})
			}
			racers.Wait()
			if fresh.Load() != 1 {
				w.t.Fatalf("accepted %d times", fresh.Load())
			}
		},
		"AValueIsTakenOnce": func(w *world) {
			w.ok(w.store.PutTemporary(w.ctx, store.PushedRequests, hash("a"), []byte("v"), w.clock.now().Add(time.Minute)))
			v, err := w.store.GetTemporary(w.ctx, store.PushedRequests, hash("a"))
			w.ok(err)
			_, err = w.store.GetTemporary(w.ctx, store.WebSessions, hash("a"))
			w.refused(err, store.ErrNotFound)
			taken, err := w.store.TakeTemporary(w.ctx, store.PushedRequests, hash("a"))
			w.ok(err)
			if string(v) != "v" || string(taken) != "v" {
				w.t.Fatalf("read %q, took %q", v, taken)
			}
			_, err = w.store.TakeTemporary(w.ctx, store.PushedRequests, hash("a"))
			w.refused(err, store.ErrNotFound)
		},
		"AValueExpiresAndCanBeReplaced": func(w *world) {
			put := func(v string, d time.Duration) {
				w.ok(w.store.PutTemporary(w.ctx, store.Interactions, hash("a"), []byte(v), w.clock.now().Add(d)))
			}
			put("1", time.Minute)
			put("2", time.Hour)
			w.clock.move(time.Minute)
			v, err := w.store.GetTemporary(w.ctx, store.Interactions, hash("a"))
			w.ok(err)
			if string(v) != "2" {
				w.t.Fatalf("read %q", v)
			}
			w.clock.move(time.Hour)
			_, err = w.store.TakeTemporary(w.ctx, store.Interactions, hash("a"))
			w.refused(err, store.ErrExpired)
			w.ok(w.store.Sweep(w.ctx))
			_, err = w.store.GetTemporary(w.ctx, store.Interactions, hash("a"))
			w.refused(err, store.ErrNotFound)
		},
		"AReadValueIsTheReadersOwn": func(w *world) {
			given := []byte("v")
			w.ok(w.store.PutTemporary(w.ctx, store.Interactions, hash("a"), given, w.clock.now().Add(time.Minute)))
			given[0] = 'x'
			read, err := w.store.GetTemporary(w.ctx, store.Interactions, hash("a"))
			w.ok(err)
			read[0] = 'y'
			again, err := w.store.GetTemporary(w.ctx, store.Interactions, hash("a"))
			w.ok(err)
			if string(again) != "v" {
				w.t.Fatalf("read %q", again)
			}
		},
		"InteractionsAreBounded": func(w *world) {
			until := w.clock.now().Add(time.Hour)
			var h store.Hash
			for i := range uint32(100_000) {
				binary.BigEndian.PutUint32(h[:], i)
				w.ok(w.store.PutTemporary(w.ctx, store.Interactions, h, nil, until))
			}
			w.ok(w.store.PutTemporary(w.ctx, store.Interactions, h, []byte("again"), until))
			w.refused(w.store.PutTemporary(w.ctx, store.Interactions, hash("more"), nil, until), store.ErrOverloaded)
			w.ok(w.store.PutTemporary(w.ctx, store.WebSessions, hash("more"), nil, until))
			w.clock.move(2 * time.Hour)
			w.ok(w.store.PutTemporary(w.ctx, store.Interactions, hash("more"), nil, w.clock.now().Add(time.Hour)))
		},
		"ACleanCloseHandsOverWhatIsNotExpired": func(w *world) {
			until := w.clock.now().Add(time.Minute)
			w.ok(w.store.PutTemporary(w.ctx, store.Interactions, hash("a"), []byte("v"), until))
			w.ok(w.store.PutTemporary(w.ctx, store.Interactions, hash("b"), []byte("v"), w.clock.now().Add(time.Second)))
			w.fresh(store.Assertions, "a", until, true)
			w.clock.move(time.Second)
			w.reopen()
			w.fresh(store.Assertions, "a", until, false)
			v, err := w.store.GetTemporary(w.ctx, store.Interactions, hash("a"))
			w.ok(err)
			if string(v) != "v" {
				w.t.Fatalf("read %q", v)
			}
			_, err = w.store.GetTemporary(w.ctx, store.Interactions, hash("b"))
			w.refused(err, store.ErrNotFound)
			w.killAndReopen() // the file is read once
			_, err = w.store.GetTemporary(w.ctx, store.Interactions, hash("a"))
			w.refused(err, store.ErrNotFound)
		},
	})
}

func (w *world) fresh(sp store.Space, what string, until time.Time, want bool) {
	w.t.Helper()
	got, err := w.store.Once(w.ctx, sp, hash(what), until)
	w.ok(err)
	if got != want {
		w.t.Fatalf("%s %q is fresh: %v", sp, what, got)
	}
}
