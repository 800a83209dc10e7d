package serviceprovider

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// A Request says what a person is asked for.
type Request struct {
	Purpose string   // purpose id of the approval; optional when the client has one approval only
	Scopes  []string // beside openid: the data
	// Year and Month of the quotient familial, this year and the two before;
	// Campaign of a student grant, the year it begins. 0: the source's latest.
	Year, Month, Campaign int
	// Until and Fetches ask for access after today too (Refresh, DataWithFranceConnect):
	// its last day, YYYY-MM-DD, and how often, 1 to 999; within what the approval
	// allows. Both or neither. The person may agree to today alone.
	Until   string
	Fetches int
	// Details says all of the above instead, as one object of the type accord_data
	// (RFC 9396; its schema is at Accord's /schemas/authorization-details/1).
	Details json.RawMessage
}

// An Attempt is one way to Accord and back. It belongs in the person's own
// session, on the server: two tabs are two attempts, found by State.
type Attempt struct {
	URL      string // where the browser goes, within 60 s
	State    string
	Nonce    string
	Verifier string // PKCE, a secret
}

// Login pushes a request (RFC 9126) with PKCE S256 (RFC 7636). What the
// approval does not cover is refused here, before the person sees anything:
// *Refused.
func (c *Client) Login(ctx context.Context, q Request) (Attempt, error) {
	at, err := c.discover(ctx)
	if err != nil {
		return Attempt{}, err
	}
	a := newAttempt()
	return c.push(ctx, at, c.parameters(q, a), a)
}

func newAttempt() Attempt {
	return Attempt{State: rand.Text(), Nonce: rand.Text(), Verifier: rand.Text() + rand.Text()}
}

func (c *Client) push(ctx context.Context, at endpoints, p url.Values, a Attempt) (Attempt, error) {
	var pushed struct {
		RequestURI string `json:"request_uri"`
	}
	if err := c.post(ctx, at.Pushed, p, http.StatusCreated, &pushed); err != nil {
		return Attempt{}, fmt.Errorf("pushing a request: %w", err)
	}
	if pushed.RequestURI == "" {
		return Attempt{}, errors.New("pushing a request: no request_uri in the answer")
	}
	a.URL = at.Authorize + "?" + url.Values{"client_id": {c.config.ClientID}, "request_uri": {pushed.RequestURI}}.Encode()
	return a, nil
}

func (c *Client) parameters(q Request, a Attempt) url.Values {
	challenge := sha256.Sum256([]byte(a.Verifier))
	p := url.Values{
		"response_type": {"code"}, "client_id": {c.config.ClientID}, "redirect_uri": {c.config.RedirectURI},
		"scope": {strings.Join(append([]string{"openid"}, q.Scopes...), " ")}, "state": {a.State}, "nonce": {a.Nonce},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
		"recipient": {c.config.Recipient},
	}
	if q.Details != nil {
		p.Del("recipient")
		p.Set("scope", "openid")
		p.Set("authorization_details", string(q.Details))
		return p
	}
	if q.Purpose != "" {
		p.Set("purpose", q.Purpose)
	}
	if q.Until != "" {
		p.Set("until", q.Until)
	}
	for name, n := range map[string]int{"annee": q.Year, "mois": q.Month, "annee_campagne": q.Campaign, "fetches": q.Fetches} {
		if n != 0 {
			p.Set(name, strconv.Itoa(n))
		}
	}
	return p
}

// A Token reads the agreed data, for ten minutes.
type Token struct {
	Access string `json:"access_token"` // a secret
	// Refresh is there where the person agreed to access after today and the
	// client is registered for it: a secret that fetches until then. Keep it
	// encrypted, and the one of each answer instead of the one before.
	Refresh string `json:"refresh_token"`
	Scope   string `json:"scope"` // agreed to, space-separated
	// Details are those agreed to, where the request was made by Details.
	Details    json.RawMessage `json:"authorization_details"`
	GrantID    string          `json:"grant_id"`
	Receipt    string          `json:"receipt"` // the person's receipt, a compact JWS (consent/receipt)
	ReceiptURI string          `json:"receipt_uri"`
	Subject    string          `json:"-"` // the person, for this recipient only
	ACR        string          `json:"-"` // level of the login

	IDToken string `json:"id_token"`
	Type    string `json:"token_type"`
}

// Callback takes the browser back: the parameters of the redirect URI, held to
// the attempt they answer. The person's refusal is *Denied, an ordinary
// outcome.
func (c *Client) Callback(ctx context.Context, a Attempt, back url.Values) (Token, error) {
	// The issuer first: an error of somebody else's is nobody's answer.
	if a.State == "" || !same(one(back, "state"), a.State) || one(back, "iss") != c.config.Issuer {
		return Token{}, fmt.Errorf("coming back from Accord: %w", ErrState)
	}
	if code := one(back, "error"); code != "" {
		return Token{}, &Denied{Code: code, Description: one(back, "error_description")}
	}
	t, err := c.exchange(ctx, one(back, "code"), a.Verifier)
	if err != nil {
		return Token{}, fmt.Errorf("exchanging a code: %w", err)
	}
	return c.identified(ctx, t, a.Nonce)
}

// exchange redeems a code once (RFC 6749 §4.1.3).
func (c *Client) exchange(ctx context.Context, code, verifier string) (Token, error) {
	at, err := c.discover(ctx)
	if err != nil {
		return Token{}, err
	}
	var t Token
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {c.config.RedirectURI}, "code_verifier": {verifier},
	}
	if err := c.post(ctx, at.Token, form, http.StatusOK, &t); err != nil {
		return Token{}, err
	}
	return t, c.usable(t)
}

// usable refuses a token that cannot be presented as it must.
func (c *Client) usable(t Token) error {
	// A token of another type than asked is bound to nothing, or to a key that
	// is not there.
	if t.Access == "" || !strings.EqualFold(t.Type, c.tokenType()) {
		return fmt.Errorf("no %s token in the answer", c.tokenType())
	}
	return nil
}

// one is a parameter that stands exactly once (RFC 6749 §3.1).
func one(v url.Values, name string) string {
	if len(v[name]) != 1 {
		return ""
	}
	return v[name][0]
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
