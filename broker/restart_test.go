package broker_test

import (
	"net/http"
	"testing"
	"time"

	"accord/consent/audit"
)

// Promise 7 and row 108, over the end of the process, however it came: two
// minutes lie between, so that a replaced refresh token is late.
func TestWhatWasUsedUpStaysSoOverARestart(t *testing.T) {
	for name, end := range map[string]func(*remote){"kill -9": (*remote).kill, "a clean stop": (*remote).stop} {
		t.Run(name, func(t *testing.T) {
			r := newRemote(t)
			u := r.useUp()
			end(r)
			r.ahead = 2 * time.Minute
			r.restart()
			r.staysUsed(u)
			r.kill()
			for grant, want := range map[string]string{
				u.code.GrantID: "code_reuse", u.renewed.GrantID: "refresh_reuse", u.deleted.GrantID: "service_provider", u.revoked.GrantID: "",
			} {
				if got := r.endOf(grant); got != want {
					t.Errorf("grant %s ended by %q, want %q", grant, got, want)
				}
			}
		})
	}
}

// endOf is why a grant was revoked, "" while it was not.
func (r *remote) endOf(grant string) (reason string) {
	r.t.Helper()
	for _, e := range r.log() {
		if e.Kind == audit.ConsentRevoked && e.event.Grant == grant {
			reason += e.event.Reason
		}
	}
	return reason
}

// Design §7: a clean stop writes what is in memory, and the next start reads
// it; a kill loses it.
func TestWhatWasBegunIsGoneAfterAKillAndGoesOnAfterACleanStop(t *testing.T) {
	for name, c := range map[string]struct {
		end   func(*remote)
		lives bool
	}{"kill -9": {(*remote).kill, false}, "a clean stop": {(*remote).stop, true}} {
		t.Run(name, func(t *testing.T) {
			r := newRemote(t)
			begun := walk(t, r.Country, r.client())
			pushed := walk(t, r.Country, r.client())
			request := push(t, pushed)
			assertion := r.assertion(time.Now(), time.Now().Add(9*time.Minute))
			c.end(r)
			r.restart()
			if err := begun.See("camille"); (err == nil) != c.lives || begun.Page.Has("accept") != c.lives {
				t.Errorf("a journey begun before: %v, status %d", err, begun.Page.Status)
			}
			if p := r.opened(pushed, request); p.Has("accept") != c.lives || (p.Status == http.StatusOK) != c.lives {
				t.Errorf("a pushed request of before opens with %d", p.Status)
			}
			want := http.StatusUnauthorized
			if c.lives {
				want = http.StatusCreated
			}
			r.pushes("an unused assertion of before", assertion, want)
		})
	}
}
