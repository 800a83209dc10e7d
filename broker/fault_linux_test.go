package broker_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
)

// Promise 12 and the page A20: on a full disk each act answers 503 with
// Retry-After and has not happened, also once the disk has room again; after a
// restart it can be done.
func TestOnAFullDiskEachActAnswers503AndHasNotHappened(t *testing.T) {
	refused := new(atomic.Int64)
	t.Run("acts", func(t *testing.T) {
		for name, prepare := range acts() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := &scene{t: t, disk: &failingDisk{t: t}}
				refused.Add(s.refuses(name, prepare))
			})
		}
	})
	t.Logf("%d acts on a full disk, %d refusals, none half done", len(acts()), refused.Load())
}

// refuses plays one act on a full disk, again once that has room, and after a
// restart; it returns how often it was refused.
func (s *scene) refuses(name string, prepare func(*scene) func() attempt) int64 {
	s.t.Helper()
	var o country.Options
	s.c, o = startAt(s.t, country.Options{Data: s.t.TempDir(), OpenFile: s.disk.open})
	s.walk = walk(s.t, s.c, canteen(s.t, s.c))
	act := prepare(s)
	settle(s.t, s.c)
	s.before = logOf(s.t, s.c)
	s.disk.full()
	if name == "read the history" { // reading finds nothing out: another's act does
		_, _ = s.c.Store.Revoke(s.t.Context(), s.tok.GrantID, "suspension")
	}
	s.wantUnavailable(act())
	s.disk.mend()
	time.Sleep(10 * time.Millisecond) // a store that goes on does so now
	s.wantUnavailable(act())
	s.wantNothingHappened(o)
	return 2
}

// settle waits until what is queued is in the log.
func settle(t *testing.T, c *country.Country) {
	t.Helper()
	if err := c.Store.RevokeToken(t.Context(), "nobody", store.Hash{}); err != nil {
		t.Fatal(err)
	}
}

func (s *scene) wantUnavailable(a attempt) {
	s.t.Helper()
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		s.t.Errorf("status %d, Retry-After %q: %.200s", a.status, a.header.Get("Retry-After"), words(a.body))
	}
	html := strings.HasPrefix(a.header.Get("Content-Type"), "text/html")
	if html && !strings.Contains(a.body, "<code>A20</code>") {
		s.t.Errorf("another page than A20: %.200s", words(a.body))
	}
	if a.sentTo != nil || showsQuotient(a.body) || strings.Contains(a.body, "access_token") || a.header.Get("Accord-Release-Id") != "" {
		s.t.Errorf("something left: %v %.200s", a.sentTo, a.body)
	}
}

// wantNothingHappened starts again on a disk with room: the log is what it was.
func (s *scene) wantNothingHappened(o country.Options) {
	s.t.Helper()
	_ = s.c.Close() // it says that it could not write
	if err := syscall.Close(s.disk.spare); err != nil {
		s.t.Fatal(err)
	}
	o.OpenFile = nil
	c, err := country.Start(s.t.Context(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Close() })
	after := logOf(s.t, c)
	for i, e := range after {
		switch {
		case i < len(s.before) && !bytes.Equal(e.Event, s.before[i].Event):
			s.t.Errorf("entry %d has changed", i)
		case i >= len(s.before) && !e.Kind.Public():
			s.t.Errorf("a refused act is logged: %s", e.Kind)
		}
	}
	if len(after) < len(s.before) {
		s.t.Errorf("%d entries of %d are left", len(after), len(s.before))
	}
	s.goesOn(c)
}

// goesOn does after the restart what the full disk refused.
func (s *scene) goesOn(c *country.Country) {
	s.t.Helper()
	s.walk.Request.Secret = c.Secrets[country.Editor]
	if s.tok.Access != "" {
		if d := read(s.t, c, s.tok, quotient); d.Status != http.StatusOK {
			s.t.Errorf("the token from before: %d %s", d.Status, d.Body)
		}
		return
	}
	if s.walk.Page.Stopped != nil {
		if _, err := s.walk.Request.Exchange(s.walk.Page.Stopped); err != nil {
			s.t.Errorf("the code from before: %v", err)
		}
		return
	}
	if _, _, err := c.Token(canteen(s.t, c), "camille"); err != nil {
		s.t.Error(err)
	}
}

// Promise 3: what cannot be logged is not asked. The citizen is told that the
// source is unavailable, and can share nothing.
func TestOnAFullDiskNoSourceIsAsked(t *testing.T) {
	s := &scene{t: t, disk: &failingDisk{t: t}}
	s.c, _ = startAt(t, country.Options{Data: t.TempDir(), OpenFile: s.disk.open})
	w := walk(t, s.c, canteen(t, s.c))
	w.StopAt(s.c.Accord + "/callback")
	do(t, w, "accept", "persona-camille", "continue")
	s.disk.full()
	p, err := w.Get(w.Page.Stopped.String())
	if err == nil {
		p, err = country.Settled(w.Browser, p)
	}
	if err != nil || p.Has("accept") || showsQuotient(p.Body) {
		t.Errorf("the citizen sees: %v, %.300s", err, words(p.Body))
	}
	if n := len(s.c.CNAV.Requests()); n != 0 {
		t.Errorf("%d requests at the source, none of them logged", n)
	}
	s.disk.mend()
	_ = s.c.Close() // it says that it could not write
	if err := syscall.Close(s.disk.spare); err != nil {
		t.Fatal(err)
	}
}
