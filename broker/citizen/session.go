package citizen

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/journey"
	"accord/broker/seal"
	"accord/broker/store"
)

const sessionPurpose = "accord-session-v1"

// A session is a citizen looking back. It rests sealed under its cookie.
type session struct {
	journey.SignedIn

	secret []byte
}

var errNoSession = errors.New("no web session")

func (p *Pages) cookieName() string {
	if p.Loopback {
		return "accord"
	}
	return "__Host-accord"
}

// SignIn makes the session of a citizen back from FranceConnect, always under
// a fresh secret: a cookie planted before the login opens nothing.
func (p *Pages) SignIn(w http.ResponseWriter, r *http.Request, who journey.SignedIn) error {
	s := session{SignedIn: who, secret: make([]byte, 32)}
	s.Until = p.Now().Add(clocks.WebSession)
	rand.Read(s.secret)
	plain, err := json.Marshal(s)
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	sealed := seal.Seal(s.secret, sessionPurpose, plain)
	if err := p.Store.PutTemporary(r.Context(), store.WebSessions, sha256.Sum256(s.secret), sealed, s.Until); err != nil {
		return failure.New(failure.Busy, err)
	}
	p.setCookie(w, base64.RawURLEncoding.EncodeToString(s.secret), 0)
	return nil
}

func (p *Pages) setCookie(w http.ResponseWriter, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: p.cookieName(), Value: value, Path: "/", MaxAge: maxAge,
		Secure: !p.Loopback, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// session opens the browser's session; errNoSession covers absent, expired and
// foreign alike.
func (p *Pages) session(r *http.Request) (session, error) {
	c, err := r.Cookie(p.cookieName())
	if err != nil {
		return session{}, errNoSession
	}
	secret, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(secret) != 32 {
		return session{}, errNoSession
	}
	return p.open(r.Context(), secret)
}

func (p *Pages) open(ctx context.Context, secret []byte) (session, error) {
	sealed, err := p.Store.GetTemporary(ctx, store.WebSessions, sha256.Sum256(secret))
	if err != nil {
		return session{}, fmt.Errorf("%w: %w", errNoSession, err)
	}
	plain, err := seal.Open(secret, sessionPurpose, sealed)
	if err != nil {
		return session{}, fmt.Errorf("%w: %w", errNoSession, err)
	}
	s := session{secret: secret}
	if err := json.Unmarshal(plain, &s); err != nil {
		return session{}, fmt.Errorf("decoding a session: %w", err)
	}
	if !p.Now().Before(s.Until) {
		return session{}, errNoSession
	}
	return s, nil
}

// Citizen is who the browser's session belongs to, "" without one: the
// receipt pages ask it.
func (p *Pages) Citizen(r *http.Request) string {
	s, err := p.session(r)
	if err != nil {
		return ""
	}
	return s.Citizen
}

// Session is the browser's session, ok false without one: a request for openid
// alone may be served from it.
func (p *Pages) Session(r *http.Request) (who journey.SignedIn, ok bool) {
	s, err := p.session(r)
	return s.SignedIn, err == nil
}

// formToken ties a form to its session.
func (s session) formToken() string {
	sum := sha256.Sum256(seal.Key(s.secret, "accord-session-form-v1"))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// posted is the session of a form sent from our own page.
func (p *Pages) posted(c *gin.Context) (session, error) {
	if err := journey.ReadForm(c); err != nil {
		return session{}, err
	}
	s, err := p.session(c.Request)
	if err != nil {
		return s, failure.New(failure.TimedOut, err).WithRetry("/mes-accords")
	}
	if !hmac.Equal([]byte(c.PostForm("csrf")), []byte(s.formToken())) {
		return s, failure.Newf(failure.CrossSite, "form token differs").WithRetry("/mes-accords")
	}
	return s, nil
}

// SignOut ends the browser's session, if there is one, and what the browser
// remembers: somebody else sits there now.
func (p *Pages) SignOut(w http.ResponseWriter, r *http.Request) {
	if s, err := p.session(r); err == nil {
		p.end(w, r, s)
		return
	}
	p.ForgetLogins(w, r)
}

// end forgets a session and its cookie, and with them what the browser
// remembers at service providers.
func (p *Pages) end(w http.ResponseWriter, r *http.Request, s session) {
	// Taking is enough: what cannot be taken expires by itself.
	_, _ = p.Store.TakeTemporary(r.Context(), store.WebSessions, sha256.Sum256(s.secret))
	// Browsers that keep a page for the back button, no-store or not, drop it
	// when its site sets a cookie; a deletion alone does not count.
	p.setCookie(w, "ended", 0)
	p.setCookie(w, "", -1)
	p.ForgetLogins(w, r)
}
