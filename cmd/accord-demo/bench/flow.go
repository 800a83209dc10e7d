package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"accord/cmd/accord-demo/bench/baseline"
)

// BaselineConfig says what the yardstick's child serves.
type BaselineConfig struct {
	Issuer    string
	ClientKey []byte // public JWK
}

const baselineID = "yardstick"

func newBaseline(c BaselineConfig) (http.Handler, error) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the library tells every route
	var key jose.JSONWebKey
	if err := key.UnmarshalJSON(c.ClientKey); err != nil {
		return nil, fmt.Errorf("reading the client's key: %w", err)
	}
	return baseline.New(baseline.Config{Issuer: c.Issuer, ClientID: baselineID, ClientKey: key, RedirectURI: redirectURI})
}

// A baselineSite is the yardstick as a client knows it.
type baselineSite struct {
	address, issuer string
	keys            *keys
}

// A passer walks the yardstick's flow, on a connection of its own.
type passer struct {
	site  *baselineSite
	line  *line
	nonce string // of the next proof, from the last answer
}

func (s *baselineSite) passer(int) (walker, error) {
	l, err := dial(s.address, s.address)
	if err != nil {
		return nil, err
	}
	p := &passer{site: s, line: l}
	r, err := l.do(ask{path: "/par", form: url.Values{}}) // refused, with a nonce: once a connection
	p.nonce = r.header.Get("DPoP-Nonce")
	return p, err
}

func (p *passer) close() { _ = p.line.conn.Close() }

// walk is one whole flow.
func (p *passer) walk() error {
	verifier, challenge := pkce()
	state := rand.Text()
	uri, err := p.push(state, challenge)
	if err != nil {
		return fmt.Errorf("pushing: %w", err)
	}
	code, err := p.authorize(uri, state)
	if err != nil {
		return fmt.Errorf("authorizing: %w", err)
	}
	token, err := p.redeem(code, verifier)
	if err != nil {
		return fmt.Errorf("redeeming: %w", err)
	}
	_, err = p.proven("GET", 200, token, ask{path: "/userinfo", headers: []string{"Authorization: DPoP " + token}})
	return err
}

// proven sends a with a proof, and keeps the next nonce.
func (p *passer) proven(method string, status int, token string, a ask) (reply, error) {
	proof, err := p.site.keys.proof(method, p.site.issuer+a.path, p.nonce, token)
	if err != nil {
		return reply{}, err
	}
	a.headers = append(a.headers, proof)
	r, err := p.line.expect(status, a)
	p.nonce = r.header.Get("DPoP-Nonce")
	return r, err
}

func (p *passer) push(state, challenge string) (string, error) {
	form := url.Values{
		"client_id": {baselineID}, "redirect_uri": {redirectURI}, "response_type": {"code"}, "state": {state}, "nonce": {rand.Text()},
		"scope": {"openid"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	if err := p.site.keys.assertion(form, baselineID, p.site.issuer); err != nil {
		return "", err
	}
	r, err := p.proven("POST", 201, "", ask{path: "/par", form: form})
	if err != nil {
		return "", err
	}
	var answer struct {
		URI string `json:"request_uri"`
	}
	err = json.Unmarshal(r.body, &answer)
	return answer.URI, err
}

// authorize follows every redirect to the client's own address.
func (p *passer) authorize(uri, state string) (string, error) {
	r := reply{location: "/authorize?" + url.Values{"client_id": {baselineID}, "request_uri": {uri}}.Encode()}
	for err := error(nil); !strings.HasPrefix(r.location, redirectURI); {
		if r, err = p.line.follow(ask{path: r.location}); err != nil {
			return "", err
		}
	}
	u, err := url.Parse(r.location)
	if err != nil {
		return "", fmt.Errorf("authorization response: %w", err)
	}
	q := u.Query()
	if q.Get("code") == "" || q.Get("state") != state || q.Get("iss") != p.site.issuer {
		return "", errors.New("authorization response without code, or with another state or iss")
	}
	return q.Get("code"), nil
}

func (p *passer) redeem(code, verifier string) (string, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI}, "code_verifier": {verifier}, "client_id": {baselineID}}
	if err := p.site.keys.assertion(form, baselineID, p.site.issuer); err != nil {
		return "", err
	}
	r, err := p.proven("POST", 200, "", ask{path: "/oauth/token", form: form})
	if err != nil {
		return "", err
	}
	return accessToken(r)
}
