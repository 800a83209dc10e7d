package broker_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"

	"accord/broker/store"
)

// interrupting is the real store; what is set runs once, between the reading of
// an interaction and whatever its page does next.
type interrupting struct {
	store.Store
	run *atomic.Pointer[func()]
}

func (s interrupting) GetTemporary(ctx context.Context, sp store.Space, h store.Hash) ([]byte, error) {
	v, err := s.Store.GetTemporary(ctx, sp, h)
	if run := s.run.Swap(nil); run != nil {
		(*run)()
	}
	return v, err
}

// A page asked for before the decision, and served after it, brings nothing
// back: what the decision wiped stays wiped.
func TestALatePageDoesNotUndoADecision(t *testing.T) {
	run := new(atomic.Pointer[func()])
	c := watched{ownCountry(t, wrapStore(func(s store.Store) store.Store { return interrupting{s, run} })), new(atomic.Int64)}
	for name, late := range map[string]string{"more time": "/accord?prolonger=1&i=", "not me": "/pas-moi?i="} {
		t.Run(name, func(t *testing.T) {
			w := walk(t, c.Country, canteen(t, c.Country))
			see(t, w, "camille")
			handle, jar := w.Page.URL.Query().Get("i"), jar(w.Browser, c.Accord)
			decide := func() { do(t, w, "accept") }
			run.Store(&decide)
			c.send(probe{target: late + handle, jar: jar}, "fr")
			if w.Page.Stopped == nil || w.Page.Stopped.Query().Get("code") == "" {
				t.Fatal("control: no decision was made in between")
			}
			c.play(t, probe{name: "afterwards", target: "/accord?i=" + handle, jar: jar, want: wantPage(http.StatusConflict, "A03")})
		})
	}
}

// One request is looked up a bounded number of times, and the citizen is told
// why no more.
func TestALookUpBegunTooOftenEnds(t *testing.T) {
	c := watch(t)
	w := walk(t, c.Country, canteen(t, c.Country))
	_, _, form, err := w.Page.Form("accept", nil)
	if err != nil {
		t.Fatal(err)
	}
	again := probe{name: "once more", target: "/connexion", form: form, jar: jar(w.Browser, c.Accord), want: wantPage(http.StatusTooManyRequests, "A19")}
	begun := 0
	for ; begun < 100 && c.send(again, "fr").status == http.StatusSeeOther; begun++ {
	}
	if begun == 0 || begun == 100 {
		t.Fatalf("begun %d times", begun)
	}
	c.play(t, again)
}
