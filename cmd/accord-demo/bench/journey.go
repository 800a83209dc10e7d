package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// What is asked: one datum of each source, tax data behind a tick.
const (
	recipient = "99900010200015"
	purpose   = "tarification-cantine"
	scope     = "openid cnaf_quotient_familial dgfip_rfr dgfip_annee_n_moins_1"
	ticked    = "dgfip_rfr"
)

// An accordSite is Accord and FranceConnect's simulator as a client knows them.
type accordSite struct {
	address, issuer, fcAddress string
	secret                     string
	plain, fapi                bool
	keys                       *keys
}

// A traveller walks journeys one after the other, on connections of its own.
type traveller struct {
	site       *accordSite
	accord, fc *line
	persona    string
	nonce      string // of the next proof, from the last answer that had one
}

func (s *accordSite) line() (*line, error) {
	return dial(s.address, strings.TrimPrefix(s.issuer, "http://"))
}

func (s *accordSite) traveller(n int) (walker, error) {
	accord, err := s.line()
	if err != nil {
		return nil, err
	}
	fc, err := dial(s.fcAddress, s.fcAddress)
	all := citizens()
	t := &traveller{site: s, accord: accord, fc: fc, persona: all[n%len(all)]}
	if err == nil && s.fapi {
		r, refused := accord.do(ask{path: "/par", form: url.Values{}}) // with a nonce: once a connection
		t.nonce, err = r.header.Get("DPoP-Nonce"), refused
	}
	return t, err
}

// expect is the line's, with a proof where the client holds a key.
func (t *traveller) expect(method string, status int, token string, a ask) (reply, error) {
	if !t.site.fapi {
		return t.accord.expect(status, a)
	}
	path, _, _ := strings.Cut(a.path, "?")
	proof, err := t.site.keys.proof(method, t.site.issuer+path, t.nonce, token)
	if err != nil {
		return reply{}, err
	}
	a.headers = append(a.headers, proof)
	r, err := t.accord.expect(status, a)
	if next := r.header.Get("DPoP-Nonce"); next != "" {
		t.nonce = next
	}
	return r, err
}

func (t *traveller) close() {
	_, _ = t.accord.conn.Close(), t.fc.conn.Close() // nothing is lost
}

// walk is one whole journey.
func (t *traveller) walk() error {
	token, err := t.token()
	if err != nil {
		return err
	}
	return t.read(token)
}

// token is a journey up to its deliveries.
func (t *traveller) token() (string, error) {
	c, err := t.code()
	if err != nil {
		return "", err
	}
	token, err := t.redeem(c.code, c.verifier)
	if err != nil {
		return "", fmt.Errorf("redeeming: %w", err)
	}
	return token, nil
}

// A ready code waits to be redeemed, a minute at most.
type ready struct{ code, verifier string }

// code is a journey up to its code.
func (t *traveller) code() (ready, error) {
	verifier, challenge := pkce()
	state := rand.Text()
	cookie, page, err := t.arriveFor(scope, state, challenge)
	if err != nil {
		return ready{}, fmt.Errorf("asking: %w", err)
	}
	if cookie, page, err = t.login(cookie, page); err != nil {
		return ready{}, fmt.Errorf("logging in: %w", err)
	}
	code, err := t.agree(cookie, page, state)
	if err != nil {
		return ready{}, fmt.Errorf("agreeing: %w", err)
	}
	return ready{code, verifier}, nil
}

// arriveFor asks for authorization and reads /connexion.
func (t *traveller) arriveFor(scope, state, challenge string) (cookie string, page reply, err error) {
	query := url.Values{
		"redirect_uri": {redirectURI}, "response_type": {"code"}, "state": {state}, "nonce": {rand.Text()}, "scope": {scope},
		"recipient": {recipient}, "purpose": {purpose}, "code_challenge": {challenge}, "code_challenge_method": {"S256"}, "client_id": {t.client()},
	}
	if !t.site.plain {
		if query, err = t.push(query); err != nil {
			return "", reply{}, err
		}
	}
	r, err := t.accord.follow(ask{path: "/authorize?" + query.Encode(), headers: []string{fromSomewhere()}})
	if err != nil {
		return "", reply{}, err
	}
	cookie = r.cookie("")
	page, err = t.accord.expect(200, ask{path: r.location, cookie: cookie})
	return cookie, page, err
}

// fromSomewhere is another citizen's address each time, of those kept for
// measuring (RFC 2544): one alone may not begin as many interactions.
func fromSomewhere() string {
	var a [3]byte
	rand.Read(a[:])
	return fmt.Sprintf("X-Forwarded-For: 198.%d.%d.%d", 18+a[0]&1, a[1], a[2])
}

func (t *traveller) client() string {
	switch {
	case t.site.plain:
		return basicID
	case t.site.fapi:
		return fapiID
	}
	return jwtID
}

// push gives the short request that names the pushed one.
func (t *traveller) push(form url.Values) (url.Values, error) {
	if err := t.site.keys.assertion(form, t.client(), t.site.issuer); err != nil {
		return nil, err
	}
	r, err := t.expect("POST", 201, "", ask{path: "/par", form: form})
	if err != nil {
		return nil, err
	}
	var answer struct {
		URI string `json:"request_uri"`
	}
	err = json.Unmarshal(r.body, &answer)
	return url.Values{"client_id": {t.client()}, "request_uri": {answer.URI}}, err
}

// login asks to see, goes through FranceConnect (whose own pages are not
// fetched: only their answers count) and comes back to the consent page.
func (t *traveller) login(cookie string, page reply) (string, reply, error) {
	r, err := t.accord.follow(ask{path: "/connexion", cookie: cookie, form: fields(page, "voir")})
	if err != nil {
		return "", reply{}, err
	}
	back, err := t.franceConnect(strings.TrimPrefix(r.location, "http://"+t.fc.host))
	if err != nil {
		return "", reply{}, err
	}
	if r, err = t.accord.follow(ask{path: back, cookie: cookie}); err != nil {
		return "", reply{}, err
	}
	cookie = r.cookie(cookie)
	for range 6 { // a waiting page holds each request for its own while
		page, err = t.accord.expect(200, ask{path: r.location, cookie: cookie})
		if err != nil || page.header.Get("Refresh") == "" {
			break
		}
	}
	return cookie, page, err
}

// franceConnect gives the path of Accord's callback.
func (t *traveller) franceConnect(path string) (string, error) {
	r, err := t.fc.follow(ask{path: path})
	if err != nil {
		return "", err
	}
	session, interaction := r.cookie(""), r.location
	if _, err = t.fc.follow(ask{path: interaction, cookie: session, form: url.Values{"persona": {t.persona}}}); err != nil {
		return "", err
	}
	r, err = t.fc.follow(ask{path: interaction + "/login", cookie: session, form: url.Values{}})
	return strings.TrimPrefix(r.location, t.site.issuer), err
}

// fields are a page's hidden ones and a button.
func fields(page reply, choice string) url.Values {
	return url.Values{
		"csrf": {page.hidden("csrf")}, "i": {page.hidden("i")}, "texte": {page.hidden("texte")},
		"lang": {page.hidden("lang")}, "choix": {choice},
	}
}

// agree ticks the tax datum and gives the code.
func (t *traveller) agree(cookie string, page reply, state string) (string, error) {
	form := fields(page, "accepter")
	form.Set("item", ticked)
	r, err := t.accord.follow(ask{path: "/accord", cookie: cookie, form: form})
	if err != nil {
		return "", err
	}
	u, err := url.Parse(r.location)
	if err != nil {
		return "", fmt.Errorf("authorization response: %w", err)
	}
	q := u.Query()
	if q.Get("code") == "" || q.Get("state") != state || q.Get("iss") != t.site.issuer {
		return "", errors.New("authorization response without code, or with another state or iss")
	}
	return q.Get("code"), nil
}

func (t *traveller) redeem(code, verifier string) (string, error) {
	a := ask{path: "/token", form: url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI}, "code_verifier": {verifier}}}
	if t.site.plain {
		a.headers = []string{basic(basicID, t.site.secret)}
	} else if err := t.site.keys.assertion(a.form, t.client(), t.site.issuer); err != nil {
		return "", err
	}
	r, err := t.expect("POST", 200, "", a)
	if err != nil {
		return "", err
	}
	return accessToken(r)
}

func accessToken(r reply) (string, error) {
	var answer struct {
		Token string `json:"access_token"`
		ID    string `json:"id_token"`
	}
	if err := json.Unmarshal(r.body, &answer); err != nil || answer.Token == "" || answer.ID == "" {
		return "", errors.New("token answer without tokens")
	}
	return answer.Token, nil
}

// read takes both deliveries.
func (t *traveller) read(token string) error {
	for _, path := range []string{"/v3/dss/quotient_familial", "/v3/dgfip/situation_ir"} {
		scheme := "Bearer "
		if t.site.fapi {
			scheme = "DPoP "
		}
		_, err := t.expect("GET", 200, token, ask{path: path + "?recipient=" + recipient, headers: []string{"Authorization: " + scheme + token}})
		if err != nil {
			return fmt.Errorf("reading: %w", err)
		}
	}
	return nil
}
