package broker_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

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
