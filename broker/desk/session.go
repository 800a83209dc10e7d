package desk

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
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/journey"
	"accord/broker/seal"
	"accord/broker/store"
)

const (
	sessionCookie  = "accord-guichet"
	loginCookie    = "accord-guichet-login"
	sessionPurpose = "accord-agent-session-v1"
	casePurpose    = "accord-agent-case-v1"
)

// A session is an agent at work. It rests sealed under its cookie.
type session struct {
	Agent journey.Agent
	Until time.Time

	secret []byte
}

var errNoSession = errors.New("no agent's session")

func (p *Pages) cookieName(name string) string {
	if p.Loopback {
		return name
	}
	return "__Host-" + name
}

func (p *Pages) setCookie(w http.ResponseWriter, name string, secret []byte) {
	c := &http.Cookie{
		Name: p.cookieName(name), Value: base64.RawURLEncoding.EncodeToString(secret), Path: "/",
		Secure: !p.Loopback, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if secret == nil {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (p *Pages) secretOf(r *http.Request, name string) ([]byte, error) {
	c, err := r.Cookie(p.cookieName(name))
	if err != nil {
		return nil, errNoSession
	}
	secret, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(secret) != 32 {
		return nil, errNoSession
	}
	return secret, nil
}

// keep seals v under a secret until then, in memory.
func (p *Pages) keep(ctx context.Context, secret []byte, purpose string, v any, until time.Time) error {
	plain, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encoding what a desk keeps: %w", err)
	}
	return p.Store.PutTemporary(ctx, store.WebSessions, sha256.Sum256(secret), seal.Seal(secret, purpose, plain), until)
}

// kept opens it again; errNoSession covers absent, expired and foreign alike.
func (p *Pages) kept(ctx context.Context, secret []byte, purpose string, v any) error {
	sealed, err := p.Store.GetTemporary(ctx, store.WebSessions, sha256.Sum256(secret))
	if err != nil {
		return fmt.Errorf("%w: %w", errNoSession, err)
	}
	plain, err := seal.Open(secret, purpose, sealed)
	if err != nil {
		return fmt.Errorf("%w: %w", errNoSession, err)
	}
	return json.Unmarshal(plain, v)
}

func (p *Pages) forget(ctx context.Context, secret []byte) {
	// Taking is enough: what cannot be taken expires by itself.
	_, _ = p.Store.TakeTemporary(ctx, store.WebSessions, sha256.Sum256(secret))
}

// begin makes the session of an agent, always under a fresh secret.
func (p *Pages) begin(c *gin.Context, agent journey.Agent) error {
	s := session{Agent: agent, Until: p.Now().Add(clocks.AgentSession), secret: fresh()}
	if err := p.keep(c.Request.Context(), s.secret, sessionPurpose, s, s.Until); err != nil {
		return failure.New(failure.Busy, err)
	}
	p.setCookie(c.Writer, sessionCookie, s.secret)
	return nil
}

func fresh() []byte {
	secret := make([]byte, 32)
	rand.Read(secret)
	return secret
}

func (p *Pages) session(r *http.Request) (session, error) {
	secret, err := p.secretOf(r, sessionCookie)
	if err != nil {
		return session{}, err
	}
	s := session{secret: secret}
	if err := p.kept(r.Context(), secret, sessionPurpose, &s); err != nil {
		return session{}, err
	}
	if !p.Now().Before(s.Until) {
		return session{}, errNoSession
	}
	return s, nil
}

// working is the session a page needs.
func (p *Pages) working(c *gin.Context) (session, error) {
	s, err := p.session(c.Request)
	if err != nil {
		return s, failure.New(failure.TimedOut, err).WithRetry("/guichet")
	}
	return s, nil
}

func (s session) formToken() string {
	sum := sha256.Sum256(seal.Key(s.secret, "accord-agent-form-v1"))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// own tells whether a form was sent from a page of this session.
func (s session) own(token string) error {
	if !hmac.Equal([]byte(token), []byte(s.formToken())) {
		return failure.Newf(failure.CrossSite, "form token differs").WithRetry("/guichet")
	}
	return nil
}

func (p *Pages) signOut(c *gin.Context) error {
	if err := journey.ReadForm(c); err != nil {
		return err
	}
	s, err := p.working(c)
	if err != nil {
		return err
	}
	if err := s.own(c.PostForm("csrf")); err != nil {
		return err
	}
	p.forget(c.Request.Context(), s.secret)
	p.setCookie(c.Writer, sessionCookie, nil)
	c.Redirect(http.StatusSeeOther, "/guichet")
	return nil
}
