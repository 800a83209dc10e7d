package broker_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// A failingDisk is under the store's file: full puts /dev/full in its place, on
// which every write answers ENOSPC, and mend puts the file back.
type failingDisk struct {
	t     *testing.T
	file  *os.File
	spare int // the file's own description, which keeps its lock
}

func (d *failingDisk) open(name string, flag int, perm os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	d.file = f
	d.spare, err = syscall.Dup(int(f.Fd()))
	return f, err
}

func (d *failingDisk) full() {
	d.t.Helper()
	f, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(syscall.Dup3(int(f.Fd()), int(d.file.Fd()), syscall.O_CLOEXEC), f.Close())
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *failingDisk) mend() {
	d.t.Helper()
	if err := syscall.Dup3(d.spare, int(d.file.Fd()), syscall.O_CLOEXEC); err != nil {
		d.t.Fatal(err)
	}
}

// startAt starts a country on four free ports in a row, so that it can be
// started again at the same addresses.
func startAt(t *testing.T, o country.Options) (*country.Country, country.Options) {
	t.Helper()
	var err error
	for range 20 {
		o.BasePort = 20_000 + 4*rand.IntN(2500)
		var c *country.Country
		if c, err = country.Start(t.Context(), o); err == nil {
			t.Cleanup(func() { _ = c.Close() })
			return c, o
		}
	}
	t.Fatal(err)
	return nil, o
}

// A scene is one citizen before one act, in a country whose disk can fail.
type scene struct {
	t      *testing.T
	c      *country.Country
	disk   *failingDisk
	walk   *country.Walk
	tok    headless.Token
	before []opened // the log before the disk failed
}

// An attempt is what the act was answered.
type attempt struct {
	status int
	header http.Header
	body   string
	sentTo *url.URL // with a code or an error for the service provider
}

func (s *scene) page(p *headless.Page, err error) attempt {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	return attempt{p.Status, p.Header, p.Body, p.Stopped}
}

func (s *scene) press(button string) func() attempt {
	return func() attempt { return s.page(s.walk.Press(s.walk.Page, button, nil)) }
}

// acts are all that a citizen or a service provider does to the store: each
// prepares the scene, then gives the act.
func acts() map[string]func(*scene) func() attempt {
	return map[string]func(*scene) func() attempt{
		"look-up":          func(s *scene) func() attempt { return s.press("accept") },
		"refuse at once":   func(s *scene) func() attempt { return s.press("refuse") },
		"decide":           func(s *scene) func() attempt { see(s.t, s.walk, "camille"); return s.press("accept") },
		"refuse":           func(s *scene) func() attempt { see(s.t, s.walk, "camille"); return s.press("refuse") },
		"redeem":           (*scene).redeem,
		"deliver":          (*scene).deliver,
		"withdraw":         (*scene).withdraw,
		"read the history": (*scene).history,
	}
}

func (s *scene) redeem() func() attempt {
	see(s.t, s.walk, "camille")
	do(s.t, s.walk, "accept")
	code := s.walk.Page.Stopped.Query().Get("code")
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {s.walk.Request.RedirectURI}, "code_verifier": {s.walk.Request.Verifier}}
	return func() attempt {
		r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.c.Accord+"/token", strings.NewReader(form.Encode()))
		if err != nil {
			s.t.Fatal(err)
		}
		r.Header.Set("Content-Type", formType)
		r.SetBasicAuth(country.Editor, s.c.Secrets[country.Editor])
		return s.send(r)
	}
}

func (s *scene) send(r *http.Request) attempt {
	s.t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		s.t.Fatal(err)
	}
	return attempt{status: res.StatusCode, header: res.Header, body: body.String()}
}

func (s *scene) agreed() {
	s.t.Helper()
	s.walk, s.tok = token(s.t, s.c, canteen(s.t, s.c), "camille")
}

func (s *scene) deliver() func() attempt {
	s.agreed()
	return func() attempt {
		d := read(s.t, s.c, s.tok, quotient)
		return attempt{status: d.Status, header: d.Header, body: d.Body}
	}
}

func (s *scene) withdraw() func() attempt {
	s.agreed()
	if _, err := s.c.LookBack(s.walk.StopAt(""), "camille"); err != nil {
		s.t.Fatal(err)
	}
	p, err := s.walk.Get(s.c.Accord + "/mes-accords/" + s.tok.GrantID + "/retirer")
	if err != nil {
		s.t.Fatal(err)
	}
	return func() attempt { return s.page(s.walk.Press(p, "submit", nil)) }
}

func (s *scene) history() func() attempt {
	s.withdraw()
	return func() attempt { return s.page(s.walk.Get(s.c.Accord + "/mes-accords/" + s.tok.GrantID)) }
}

// Promise 12 and the page A20: on a full disk each act answers 503 with
// Retry-After and has not happened, also once the disk has room again; after a
// restart it can be done.
func TestOnAFullDiskEachActAnswers503AndHasNotHappened(t *testing.T) {
	var refused int
	for name, prepare := range acts() {
		t.Run(name, func(t *testing.T) {
			s := &scene{t: t, disk: &failingDisk{t: t}}
			var o country.Options
			s.c, o = startAt(t, country.Options{Data: t.TempDir(), OpenFile: s.disk.open})
			s.walk = walk(t, s.c, canteen(t, s.c))
			act := prepare(s)
			settle(t, s.c)
			s.before = logOf(t, s.c)
			s.disk.full()
			if name == "read the history" { // reading finds nothing out: another's act does
				_, _ = s.c.Store.Revoke(t.Context(), s.tok.GrantID, "suspension")
			}
			s.wantUnavailable(act())
			s.disk.mend()
			time.Sleep(10 * time.Millisecond)
			s.wantUnavailable(act())
			refused += 2
			s.wantNothingHappened(o)
		})
	}
	t.Logf("%d acts on a full disk, %d refusals, none half done", len(acts()), refused)
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
	if a.sentTo != nil || strings.Contains(a.body, "742") || strings.Contains(a.body, "access_token") || a.header.Get("Accord-Release-Id") != "" {
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
