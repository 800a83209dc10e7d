package storetest

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"accord/broker/store"
)

// racers is how many try the same thing at once.
const racers = 16

// codesARound is bounded by the store's queue: racers × codes wait at once.
const codesARound = 40

// rounds makes 1,000 codes in the long form, 80 else.
func rounds() int {
	if os.Getenv("ACCORD_LONG") == "1" {
		return 25
	}
	return 2
}

func testRaces(t *testing.T, f Factory) {
	cases(t, f, map[string]func(*world){
		"ACodeHasOneWinner": func(w *world) {
			for range rounds() {
				raceForCodes(w)
			}
			w.t.Logf("%d racers on each of %d codes: one winner each", racers, rounds()*codesARound)
		},
		"AnAssertionHasOneWinner": func(w *world) {
			h := newHistory()
			until := w.clock.now().Add(time.Minute)
			w.race(30, func(j *journey) []attempt {
				attempts := make([]attempt, racers)
				for i := range attempts {
					attempts[i] = attempt{ends: true, run: func() error {
						fresh, err := w.store.Once(w.ctx, store.Assertions, hash(j.id), until)
						if err == nil && !fresh {
							err = store.ErrUsed
						}
						return err
					}}
				}
				return attempts
			}, h)
			h.check(w, store.ErrUsed)
		},
		"NoDeliveryBeginsAfterAWithdrawalReturned": func(w *world) {
			h := newHistory()
			w.race(20, func(j *journey) []attempt {
				j.redeem()
				attempts := make([]attempt, racers)
				for i := range attempts {
					cmd := j.deliverCmd()
					attempts[i] = attempt{run: func() error { return j.deliver(cmd) }}
				}
				cmd, returned := j.withdrawCmd(), make(chan struct{})
				attempts[racers/2] = attempt{ends: true, run: func() error { defer close(returned); return j.withdraw(cmd) }}
				for i := range racers / 4 { // these surely begin after it
					attempts[i].after = returned
				}
				return attempts
			}, h)
			h.check(w, store.ErrRevoked)
		},
	})
}

// raceForCodes lets all racers redeem each of a round's codes.
func raceForCodes(w *world) {
	h := newHistory()
	w.race(codesARound, func(j *journey) []attempt {
		attempts := make([]attempt, racers)
		for i := range attempts {
			cmd := j.redeemCmd()
			cmd.Open = func(_, _ []byte) (store.Token, error) {
				return store.Token{Hash: hash(fmt.Sprint(j.id, i)), Expires: tokenLife}, nil
			}
			attempts[i] = attempt{ends: true, run: func() error { _, err := w.store.Redeem(w.ctx, cmd); return err }}
		}
		return attempts
	}, h)
	h.check(w, store.ErrUsed)
}

// An attempt is one racer's: ends tells that success ends what it acts on. One
// with after waits for that to be closed.
type attempt struct {
	ends  bool
	after <-chan struct{}
	run   func() error
}

// race runs the attempts on each of n journeys, all at once.
func (w *world) race(n int, attemptsOn func(*journey) []attempt, h *history) {
	w.t.Helper()
	var all sync.WaitGroup
	start := new(sync.WaitGroup)
	start.Add(1)
	for key := range n {
		for i, a := range attemptsOn(w.journey().agree()) {
			all.Go(func() {
				start.Wait()
				if a.after != nil {
					<-a.after
				}
				h.record(key, key*racers+i, a)
			})
		}
	}
	start.Done()
	all.Wait()
}

// A history is what racers saw and when.
type history struct {
	began time.Time
	mu    sync.Mutex
	all   []porcupine.Operation
}

func newHistory() *history { return &history{began: time.Now()} }

// racer is an operation's input.
type racer struct {
	key  int
	ends bool
}

func (h *history) record(key, client int, a attempt) {
	call := time.Since(h.began).Nanoseconds()
	err := a.run()
	returned := time.Since(h.began).Nanoseconds()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, porcupine.Operation{
		ClientId: client, Input: racer{key, a.ends}, Call: call, Output: err, Return: returned,
	})
}

// check asks porcupine for an order in which each thing lives until the first
// success that ends it, and is refused with ended from then on.
func (h *history) check(w *world, ended error) {
	w.t.Helper()
	winners := map[int]int{}
	for _, op := range h.all {
		if in := op.Input.(racer); in.ends && op.Output == nil {
			winners[in.key]++
		}
	}
	for key, n := range winners {
		if n != 1 {
			w.t.Fatalf("%d racers won %d", n, key)
		}
	}
	if len(winners) == 0 || !porcupine.CheckOperations(lifeModel(ended), h.all) {
		w.t.Fatalf("%d operations, %d winners: no order explains them", len(h.all), len(winners))
	}
}

func lifeModel(ended error) porcupine.Model {
	return porcupine.Model{
		Partition: byKey,
		Init:      func() any { return true },
		Step: func(state, input, output any) (bool, any) {
			alive := state.(bool)
			if output == nil {
				return alive, !input.(racer).ends
			}
			return !alive && errors.Is(output.(error), ended), alive
		},
	}
}

func byKey(all []porcupine.Operation) [][]porcupine.Operation {
	parts := map[int][]porcupine.Operation{}
	for _, op := range all {
		key := op.Input.(racer).key
		parts[key] = append(parts[key], op)
	}
	var list [][]porcupine.Operation
	for _, part := range parts {
		list = append(list, part)
	}
	return list
}
