// Package storetest is the suite any store of Accord must pass. A store's own
// test calls Run with a Factory; everything here knows only store.Store.
//
//	Run ─▶ tables of each command ─▶ batch with a failing job ─▶ crash and reopen
//	    ─▶ a grant's life against a model (rapid) ─▶ races of redemption (porcupine)
//	    ─▶ the whole log, rebuilt from its openings ─▶ what is published of it ─▶ erasure
//
// Subtests are named after the promises of broker/design/0000-overview.md §2.
package storetest

import (
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/broker/store"
)

// A Place is where one store lies: it is opened, killed and opened again.
type Place interface {
	Open() (store.Store, error)
	Kill(store.Store)        // ends it without any farewell, as kill -9 would
	Origin() string          // of its log
	Verifier() note.Verifier // of its checkpoints
}

// A Factory makes an empty place whose stores read now as their clock.
type Factory func(t testing.TB, now func() time.Time) Place

// Run runs the whole suite.
func Run(t *testing.T, f Factory) {
	for _, part := range []struct {
		name string
		run  func(*testing.T, Factory)
	}{
		{"LookUp", testLookUp},
		{"Decide", testDecide},
		{"Redeem", testRedeem},
		{"AnotherCode", testAnotherCode},
		{"Deliver", testDeliver},
		{"Recurring", testRecurring},
		{"Change", testChange},
		{"Renew", testRenew},
		{"Withdraw", testWithdraw},
		{"Requests", testRequests},
		{"Announce", testAnnounce},
		{"Suspend", testSuspend},
		{"Texts", testTexts},
		{"Temporary", testTemporary},
		{"Queries", testQueries},
		{"Sweep", testSweep},
		{"Batch", testBatch},
		{"Crash", testCrash},
		{"Log", testLog},
		{"Publish", testPublish},
		{"Erase", testErase},
		{"Life", testLife},
		{"Renewals", testRenewals},
		{"Races", testRaces},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, f) })
	}
}

// cases runs each promise in a world of its own.
func cases(t *testing.T, f Factory, promises map[string]func(*world)) {
	for name, promise := range promises {
		t.Run(name, func(t *testing.T) { promise(newWorld(t, f)) })
	}
}
