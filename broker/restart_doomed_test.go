package broker_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// A doomed store ends its process as kill -9 would, between what it did and
// the answer, where a file of that name lies in its folder.
type doomed struct {
	store.Store
	dir string
}

const (
	afterRedeem = "die-after-redeem"
	afterRenew  = "die-after-renew"
	afterOnce   = "die-after-once"
)

func (d doomed) Redeem(ctx context.Context, cmd store.RedeemCmd) (store.Redeemed, error) {
	r, err := d.Store.Redeem(ctx, cmd)
	d.die(afterRedeem)
	return r, err
}

func (d doomed) Renew(ctx context.Context, cmd store.RenewCmd) (store.Redeemed, error) {
	r, err := d.Store.Renew(ctx, cmd)
	d.die(afterRenew)
	return r, err
}

func (d doomed) Once(ctx context.Context, s store.Space, h store.Hash, until time.Time) (bool, error) {
	fresh, err := d.Store.Once(ctx, s, h, until)
	if s == store.Assertions {
		d.die(afterOnce)
	}
	return fresh, err
}

func (d doomed) die(name string) {
	if os.Remove(filepath.Join(d.dir, name)) != nil {
		return // not asked for
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		_ = self.Kill()
	}
	select {}
}

// diesAfter has the country die where it is told, under what do sends, and
// starts it again.
func (r *remote) diesAfter(name string, do func() error) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.Data, name), nil, 0o600); err != nil {
		r.t.Fatal(err)
	}
	if err := do(); err == nil {
		r.t.Fatalf("%s: it was answered", name)
	}
	_ = r.cmd.Wait() // killed
	_ = r.in.Close()
	r.restart()
}

// Row 108: the code was consumed, the answer never came; nobody gets it by
// asking again, and its second use ends the grant.
func TestAKillBetweenConsumingAndAnsweringGivesNothingTwice(t *testing.T) {
	r := newRemote(t)
	assertion := r.assertion(time.Now(), time.Now().Add(9*time.Minute))
	r.diesAfter(afterOnce, func() error { _, err := r.tryPush(assertion); return err })
	r.pushes("an assertion consumed before the kill", assertion, http.StatusUnauthorized)

	w := walk(t, r.Country, r.client())
	see(t, w, "camille")
	do(t, w, "accept")
	back := w.Page.Stopped
	r.diesAfter(afterRedeem, func() error { _, err := w.Request.Exchange(back); return err })
	for range 2 {
		if tok, err := w.Request.Exchange(back); err == nil || tok.Error != "invalid_grant" || tok.Access != "" {
			t.Errorf("a code consumed before the kill: %d %q", tok.Status, tok.Error)
		}
	}

	client := r.client()
	_, tok := agreeLater(t, r.Country, client, "nadia")
	r.diesAfter(afterRenew, func() error { _, err := client.Renew(tok.Refresh, nil); return err })
	first, second := renewed(t, client, tok.Refresh), renewed(t, client, tok.Refresh) // the successor that was made before
	if first.Refresh == tok.Refresh || first.Refresh != second.Refresh {
		t.Error("after the kill a refresh token has two successors, or none")
	}
	served(t, read(t, r.Country, second, quotient))
	r.kill()
	grant := ""
	for _, e := range r.log() {
		if e.Kind == audit.ConsentGranted && grant == "" {
			grant = e.event.Grant
		}
	}
	if got := r.endOf(grant); got != "code_reuse" {
		t.Errorf("the grant of the code that came twice ended by %q", got)
	}
	if got := r.endOf(tok.GrantID); got != "" {
		t.Errorf("a refresh whose answer was lost ended its grant: %s", got)
	}
}
