package broker_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"accord/broker/store"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/consent/ledger"
	"accord/consent/receipt"
)

// Promises 7, 8 and 12 over the whole journey: a country is killed at a random
// moment while citizens look up, decide, let their town hall redeem and read,
// and withdraw; it starts again at the same addresses; whatever anybody was
// told is still so.
func TestWhatACitizenWasToldSurvivesAKill(t *testing.T) {
	kills := 3
	if os.Getenv("ACCORD_LONG") == "1" {
		kills = 110
	}
	r := newRemote(t)
	c := newCitizens(r)
	v := &verdict{t: t}
	for n := range kills {
		wait := c.live(4)
		time.Sleep(time.Duration(200+rand.IntN(400)) * time.Millisecond)
		if n == kills-1 { // on a slow machine the last kill waits for something to lose
			c.until(kills/2, 20*time.Second)
		}
		c.kill()
		wait()
		r.restart()
		v.redeemHeld(c)
	}
	v.ask(c)
	r.kill()
	v.examine(c)
	acknowledged, text := c.counts()
	t.Logf("%d kills of the whole journey, %d acknowledged, %d lost: %s", kills, acknowledged, v.lost, text)
	for _, err := range c.wrong {
		t.Error("without a kill:", err)
	}
	for _, step := range steps() {
		if c.told[step] < kills/2 {
			t.Errorf("only %d of %s in %d runs: the test shows nothing", c.told[step], step, kills)
		}
	}
}

// A verdict counts what was acknowledged and is not so after a kill.
type verdict struct {
	t    *testing.T
	lost int
}

func (v *verdict) is(ok bool, format string, args ...any) {
	v.t.Helper()
	if !ok {
		v.lost++
		v.t.Errorf("acknowledged and lost: "+format, args...)
	}
}

// redeemHeld lets the town hall redeem, after the kill, the codes it got before.
func (v *verdict) redeemHeld(c *citizens) {
	v.t.Helper()
	for _, h := range c.held {
		tok, err := h.request.Exchange(h.back)
		v.is(err == nil, "a code from before the kill: %v", err)
		if err == nil {
			c.tokens = append(c.tokens, tok)
		}
	}
	c.held = nil
}

// ask goes on after the last kill: tokens deliver, unless the citizen withdrew.
// Only the last 40 of each are asked for.
func (v *verdict) ask(c *citizens) {
	v.t.Helper()
	for _, tok := range last(c.ended) {
		d := read(v.t, c.r.Country, tok, quotient)
		v.is(d.Status == http.StatusUnauthorized, "a withdrawal: its token is answered %d", d.Status)
	}
	for _, tok := range last(c.tokens) {
		if c.withdrew(tok.GrantID) {
			continue
		}
		// A withdrawal on its way when the country died may have happened.
		d := read(v.t, c.r.Country, tok, quotient)
		v.is(d.Status == http.StatusOK || d.Status == http.StatusUnauthorized && c.inFlight["withdrawal"] > 0, "a token: %d", d.Status)
	}
}

func last(all []headless.Token) []headless.Token { return all[max(0, len(all)-40):] }

func (c *citizens) withdrew(grant string) bool {
	return slices.ContainsFunc(c.ended, func(t headless.Token) bool { return t.GrantID == grant })
}

// examine holds what was told against the store: receipts byte for byte, each
// delivery where its header says, no fewer acts of any kind than acknowledged.
func (v *verdict) examine(c *citizens) {
	v.t.Helper()
	s := c.r.open()
	log := logOf(v.t, c.r.Country)
	for _, tok := range c.tokens {
		signed, _, err := receipt.Parse([]byte(tok.Receipt))
		if err != nil {
			v.t.Fatal(err)
		}
		kept, err := s.Receipt(v.t.Context(), signed.ReceiptID)
		v.is(err == nil && bytes.Equal(kept.JWS, []byte(tok.Receipt)), "receipt %s: %v", signed.ReceiptID, err)
	}
	for _, d := range c.released {
		v.is(d.in(log) == nil, "delivery %s: %v", d.release, d.in(log))
	}
	for _, tok := range c.ended {
		g, err := s.Grant(v.t.Context(), tok.GrantID)
		v.is(err == nil && g.State == store.Withdrawn, "withdrawal of %s: %s, %v", tok.GrantID, g.State, err)
	}
	v.enough(c, log)
}

func (d released) in(log []opened) error {
	p, err := ledger.ParsePosition(d.position)
	if err != nil {
		return err
	}
	if p.Index >= int64(len(log)) {
		return fmt.Errorf("entry %d of %d", p.Index, len(log))
	}
	if e := log[p.Index]; e.Kind != audit.ReleaseCompleted || e.event.Release != d.release {
		return fmt.Errorf("entry %d is %s of %s", p.Index, e.Kind, e.event.Release)
	}
	return nil
}

// enough counts the acts that no answer names: look-ups and decisions.
func (v *verdict) enough(c *citizens, log []opened) {
	v.t.Helper()
	logged := map[audit.Kind]int{}
	for _, e := range log {
		logged[e.Kind]++
	}
	for kind, step := range map[audit.Kind]string{
		audit.LookupRequested: "look-up", audit.ConsentGranted: "decision",
		audit.ReleaseCompleted: "delivery", audit.ConsentWithdrawn: "withdrawal",
	} {
		v.is(logged[kind] >= c.told[step], "%d of %s were acknowledged, %d are logged", c.told[step], step, logged[kind])
	}
}
