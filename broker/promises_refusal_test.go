package broker_test

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/providers/faults"
)

// Promise 9: whatever happened, the service provider's answer has the same
// few members and one of two codes.
func TestServiceProviderLearnsNothingOfTheCitizenBeforeTheDecision(t *testing.T) {
	c := ownCountry(t, nil)
	for name, play := range map[string]func(*testing.T, *country.Walk){
		"refused before login": func(t *testing.T, w *country.Walk) { do(t, w, "refuse") },
		"refused in sight":     func(t *testing.T, w *country.Walk) { see(t, w, "camille"); do(t, w, "refuse") },
		"called wrong in sight": func(t *testing.T, w *country.Walk) {
			see(t, w, "camille")
			do(t, w, "wrong")
			wayBack(t, w)
		},
		"unknown person": func(t *testing.T, w *country.Walk) { see(t, w, nobody()); do(t, w, "refuse") },
		"source down": func(t *testing.T, w *country.Walk) {
			c.CNAV.SetFault(faults.Down)
			defer c.CNAV.SetFault(faults.None)
			see(t, w, "camille")
			do(t, w, "refuse")
		},
		"cancelled at FranceConnect": func(t *testing.T, w *country.Walk) {
			do(t, w, "accept")
			cancel, err := w.Page.Link("cancel")
			if err != nil {
				t.Fatal(err)
			}
			if w.Page, err = w.Get(cancel); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := walk(t, c, canteen(t, c))
			play(t, w)
			onlyAccessDenied(t, w)
		})
	}
}

func onlyAccessDenied(t *testing.T, w *country.Walk) {
	t.Helper()
	if w.Page.Stopped == nil {
		t.Fatalf("the citizen was not sent back: %d %.200s", w.Page.Status, w.Page.Words())
	}
	q := w.Page.Stopped.Query()
	want := url.Values{"error": {"access_denied"}, "error_description": {"the citizen refused"}, "state": {w.Request.State}, "iss": {w.Request.Issuer}}
	if q.Encode() != want.Encode() {
		t.Fatalf("answered %v", q)
	}
}

func nobody() string {
	for _, p := range country.Personas() {
		if len(p.Files) == 0 {
			return p.ID
		}
	}
	return ""
}

// Promise 9, for the auditor: each stage has its signed refusal, and before
// the decision it names nobody.
func TestARefusalHasItsSignedReceiptAtEveryStage(t *testing.T) {
	c := ownCountry(t, nil)
	before := walk(t, c, canteen(t, c))
	do(t, before, "refuse")
	decided := walk(t, c, canteen(t, c))
	see(t, decided, "camille")
	do(t, decided, "refuse")
	stages := map[string]bool{}
	for _, e := range logOf(t, c) {
		if e.Kind != audit.ConsentRefused {
			continue
		}
		stages[e.event.Stage] = true
		stored, err := c.Store.Receipt(t.Context(), e.Receipt)
		if err != nil {
			t.Fatal(err)
		}
		r, err := receipt.Verify(stored.JWS, c.Keys.ReceiptKeys())
		if err != nil {
			t.Fatal(err)
		}
		if (r.Subject == nil) != (e.event.Stage == "before_login") || (e.event.Citizen == "") != (r.Subject == nil) {
			t.Errorf("stage %s: subject %v, citizen %q", e.event.Stage, r.Subject, e.event.Citizen)
		}
	}
	if !stages["before_login"] || !stages["decision"] {
		t.Fatalf("stages logged: %v", stages)
	}
	if n := len(logged(t, c, audit.ReleaseCompleted)); n != 0 {
		t.Fatalf("%d deliveries after refusals only", n)
	}
}

func logged(t *testing.T, c *country.Country, k audit.Kind) []opened {
	t.Helper()
	return slices.DeleteFunc(logOf(t, c), func(e opened) bool { return e.Kind != k })
}

// Promise 10: a source that fails is never shown, accepted or sent as an
// absence, whatever the form says.
func TestFailureIsNeverShownAsAbsence(t *testing.T) {
	c := ownCountry(t, nil)
	for _, fault := range []faults.Kind{faults.Down, faults.Garbage, faults.Truncated, faults.OtherPerson, faults.TooMany, faults.Unlisted} {
		t.Run(string(fault), func(t *testing.T) {
			c.CNAV.SetFault(fault)
			defer c.CNAV.SetFault(faults.None)
			w := walk(t, c, canteen(t, c))
			see(t, w, "camille")
			if w.Page.Has("accept") {
				t.Fatalf("a decision is offered: %.300s", w.Page.Words())
			}
			method, action, form, err := w.Page.Form("refuse", values("choix", "accepter"))
			if err != nil {
				t.Fatal(err)
			}
			p, err := w.Send(w.Page, method, action, form)
			if err != nil || p.Stopped != nil || p.Status != http.StatusUnprocessableEntity {
				t.Fatalf("a forged acceptance: %v, status %d, sent back %v", err, p.Status, p.Stopped)
			}
		})
	}
	if n := len(logged(t, c, audit.ConsentGranted)); n != 0 {
		t.Fatalf("%d agreements over failed sources", n)
	}
}

// Promise 7, over the whole way: sixteen redeemers, one winner; and the reuse
// revokes what the winner got.
func TestACodeIsAcceptedOnceAndItsReuseRevokes(t *testing.T) {
	c := theCountry(t)
	w := walk(t, c, canteen(t, c))
	see(t, w, "camille")
	do(t, w, "accept")
	code := w.Page.Stopped.Query().Get("code")
	var group sync.WaitGroup
	won := make(chan string, 16)
	for range 16 {
		group.Go(func() {
			if tok, err := w.Request.Redeem(code); err == nil {
				won <- tok.Access
			}
		})
	}
	group.Wait()
	close(won)
	if len(won) != 1 {
		t.Fatalf("%d of 16 redeemers won, want 1", len(won))
	}
	d := readFor(t, c, <-won, quotient, w.Request.Recipient)
	if d.Status != http.StatusUnauthorized || showsQuotient(d.Body) {
		t.Fatalf("after the reuse the token still reads: %d", d.Status)
	}
}

// Promise 7: FranceConnect's callback opens once, and in no other browser.
func TestACallbackIsAcceptedOnceAndOnlyInItsBrowser(t *testing.T) {
	c := theCountry(t)
	w := walk(t, c, canteen(t, c))
	w.StopAt(c.Accord + "/callback")
	do(t, w, "accept", "persona-camille", "continue")
	callback := w.Page.Stopped.String()
	w.StopAt(w.Request.RedirectURI)
	thief, err := country.Settled(walk(t, c, canteen(t, c)).Browser, w.Page)
	if err != nil || thief == nil {
		t.Fatal(err)
	}
	other := walk(t, c, canteen(t, c))
	if p, err := other.Get(callback); err != nil || p.Status != http.StatusBadRequest {
		t.Fatalf("another browser: %v, %d", err, p.Status)
	}
	p, err := w.Get(callback)
	if err != nil || p.Status != http.StatusOK {
		t.Fatalf("its own browser: %v, %d", err, p.Status)
	}
	if p, err := w.Get(callback); err != nil || p.Status != http.StatusBadRequest {
		t.Fatalf("a second time: %v, %d", err, p.Status)
	}
}

// Repeating the same POST gives the same answer, until its code was used.
func TestTheSameDecisionIsAnsweredTheSameWay(t *testing.T) {
	c := theCountry(t)
	w := walk(t, c, canteen(t, c))
	see(t, w, "camille")
	method, action, form, err := w.Page.Form("accept", nil)
	if err != nil {
		t.Fatal(err)
	}
	first, err := w.Send(w.Page, method, action, form)
	if err != nil || first.Stopped == nil {
		t.Fatalf("first: %v, %d", err, first.Status)
	}
	again, err := w.Send(w.Page, method, action, form)
	if err != nil || again.Stopped == nil || again.Stopped.String() != first.Stopped.String() {
		t.Fatalf("the same POST was answered otherwise: %v, %d", err, again.Status)
	}
	if _, err := w.Request.Exchange(first.Stopped); err != nil {
		t.Fatal(err)
	}
	late, err := w.Send(w.Page, method, action, form)
	if err != nil || late.Stopped != nil || late.Status != http.StatusConflict {
		t.Fatalf("after the code was used: %v, status %d, %v", err, late.Status, late.Stopped)
	}
}
