package headless

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A Client plays a service provider by hand, so that a test can send what no
// library would.
type Client struct {
	Issuer, ID, Secret, RedirectURI string
	Recipient, Purpose              string
	Scopes                          []string
}

// A Request is one authorization request on its way.
type Request struct {
	Client
	State, Nonce, Verifier string
}

// Begin makes a request with fresh state, nonce and verifier.
func (c Client) Begin() Request {
	return Request{c, rand.Text(), rand.Text(), rand.Text() + rand.Text()}
}

// URL is the authorization request in plain parameters; more replaces some.
func (r Request) URL(more url.Values) string {
	challenge := sha256.Sum256([]byte(r.Verifier))
	v := url.Values{
		"client_id": {r.ID}, "redirect_uri": {r.RedirectURI}, "response_type": {"code"}, "state": {r.State}, "nonce": {r.Nonce},
		"scope": {strings.Join(append([]string{"openid"}, r.Scopes...), " ")}, "recipient": {r.Recipient}, "purpose": {r.Purpose},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
	for k, values := range more {
		v[k] = values
	}
	return r.Issuer + "/authorize?" + v.Encode()
}

// A Token is what a code was exchanged for.
type Token struct {
	Access     string          `json:"access_token"`
	Refresh    string          `json:"refresh_token"`
	Details    json.RawMessage `json:"authorization_details"`
	Scope      string          `json:"scope"`
	ID         string          `json:"id_token"`
	GrantID    string          `json:"grant_id"`
	Receipt    string          `json:"receipt"`
	ReceiptURI string          `json:"receipt_uri"`
	ExpiresIn  int             `json:"expires_in"`
	Error      string          `json:"error"`
	Status     int             `json:"-"`
	Subject    string          `json:"-"`
	Recipient  string          `json:"-"`
	// Exchange sends the same code again.
	Exchange func() (Token, error) `json:"-"`
}

// Exchange redeems the code of an authorization response's address.
func (r Request) Exchange(back *url.URL) (Token, error) {
	if back == nil {
		return Token{}, errors.New("no authorization response")
	}
	q := back.Query()
	if q.Get("state") != r.State || q.Get("iss") != r.Issuer {
		return Token{}, errors.New("authorization response with another state or iss")
	}
	if q.Get("error") != "" {
		return Token{Error: q.Get("error")}, fmt.Errorf("authorization response: %s", q.Get("error"))
	}
	return r.Redeem(q.Get("code"))
}

// Redeem sends a code to the token endpoint.
func (r Request) Redeem(code string) (Token, error) {
	t, err := r.token(url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {r.RedirectURI}, "code_verifier": {r.Verifier},
	})
	t.Exchange = func() (Token, error) { return r.Redeem(code) }
	if err != nil {
		return t, err
	}
	t.Subject, err = subject(t.ID)
	return t, err
}

// Renew sends a refresh token to the token endpoint; more adds parameters.
func (c Client) Renew(refresh string, more url.Values) (Token, error) {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}
	for k, values := range more {
		form[k] = values
	}
	return c.token(form)
}

// Revoke sends a token to the revocation endpoint (RFC 7009).
func (c Client) Revoke(token string) (status int, err error) {
	status, _, err = c.Post("/revoke", url.Values{"token": {token}})
	return status, err
}

// Introspect asks what a token is (RFC 7662).
func (c Client) Introspect(token string) (map[string]any, error) {
	_, body, err := c.Post("/introspect", url.Values{"token": {token}})
	if err != nil {
		return nil, err
	}
	var told map[string]any
	return told, json.Unmarshal(body, &told)
}

func (c Client) token(form url.Values) (Token, error) {
	t := Token{Recipient: c.Recipient}
	status, body, err := c.Post("/token", form)
	if err != nil {
		return t, err
	}
	t.Status = status
	if err := json.Unmarshal(body, &t); err != nil {
		return t, fmt.Errorf("token answer: %w", err)
	}
	if t.Error != "" {
		return t, fmt.Errorf("token answer: %d %s", status, t.Error)
	}
	return t, nil
}

// Post sends a form with the client's secret.
func (c Client) Post(path string, form url.Values) (status int, body []byte, err error) {
	req, err := http.NewRequest(http.MethodPost, c.Issuer+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(c.ID), url.QueryEscape(c.Secret))
	return answer(req)
}

// Read asks for data with a bearer token.
func Read(address, token string) (status int, header http.Header, body []byte, err error) {
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := plain().Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, res.Header, body, err
}

func answer(req *http.Request) (int, []byte, error) {
	res, err := plain().Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, body, err
}

func plain() *http.Client { return &http.Client{Timeout: 30 * time.Second} }

// subject reads sub from an ID token whose signature others verify.
func subject(idToken string) (string, error) {
	parts := strings.Split(idToken, ".")
	if len(parts) != 3 {
		return "", errors.New("no ID token")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return "", fmt.Errorf("ID token: %w", err)
	}
	var claims struct {
		Sub string `json:"sub"`
	}
	return claims.Sub, json.Unmarshal(payload, &claims)
}
