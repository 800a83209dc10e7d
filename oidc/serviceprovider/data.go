package serviceprovider

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"

	"accord/consent/audit"
	"accord/consent/ledger"
)

const (
	typeJSON = "application/json"
	typeJWT  = "application/jwt"
)

// An Answer is one delivery. Exactly one of Data and Errors is there.
type Answer struct {
	Release string          // release id, a line of the list
	Log     ledger.Position // of its event
	Key     []byte          // opens the digest in that event; kept nowhere else
	Data    json.RawMessage // the resource, in API Particulier's shape
	Errors  json.RawMessage // instead: the person agreed to say that there is no file
}

// Digest is the response_digest of this answer's event in the log:
// HMAC-SHA-256 of the bytes of data (or errors) under Key.
func (a Answer) Digest() string {
	mac := hmac.New(sha256.New, a.Key)
	mac.Write(a.Data)
	mac.Write(a.Errors)
	return "hmac-sha-256:" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Data reads a resource ("dss/quotient_familial", "dgfip/situation_ir",
// "identite") in API Particulier v3's envelope. Errors: *Refused, ErrUnlogged,
// ErrUnlisted.
func (c *Client) Data(ctx context.Context, t Token, resource string) (Answer, error) {
	a, _, err := c.read(ctx, bearer{token: t.Access}, resource, typeJSON)
	return a, err
}

// A Signed is a delivery that proves itself: keep JWS.
type Signed struct {
	Answer
	JWS       []byte // what Verify checks, now and years later
	Statement audit.Delivery
}

// Signed reads a resource as a statement signed by Accord, checked: signature,
// issuer, audience, resource, and that it speaks of the release its headers
// name. Errors: those of Data, ErrDelivery.
func (c *Client) Signed(ctx context.Context, t Token, resource string) (Signed, error) {
	a, body, err := c.read(ctx, bearer{token: t.Access}, resource, typeJWT)
	if err != nil {
		return Signed{}, err
	}
	jws, err := c.config.unsealed(body)
	if err != nil {
		return Signed{}, err
	}
	d, err := c.Verify(ctx, jws)
	if err != nil {
		return Signed{}, err
	}
	if d.Resource != resource || d.Grant != t.GrantID || !a.statedBy(d) {
		return Signed{}, fmt.Errorf("%w: it speaks of another release than its headers", ErrDelivery)
	}
	a.Data, a.Errors = d.Data, d.Errors
	return Signed{a, jws, d}, nil
}

func (a Answer) statedBy(d audit.Delivery) bool {
	return d.Release == a.Release && d.Log == a.Log.String() && d.ReleaseKey == base64.RawURLEncoding.EncodeToString(a.Key)
}

// A bearer is what opens a resource.
type bearer struct {
	token string     // Accord's, or with a mode FranceConnect's, which is bound to no key
	mode  string     // end of the path
	with  url.Values // beside the recipient
}

// read makes the request, and lists the release before anything is given.
func (c *Client) read(ctx context.Context, b bearer, resource, form string) (Answer, []byte, error) {
	v := url.Values{"recipient": {c.config.Recipient}}
	maps.Copy(v, b.with)
	address := c.config.Issuer + newest(resource) + resource + b.mode + "?" + v.Encode()
	status, header, body, err := c.present(ctx, b, address, form)
	if err != nil {
		return Answer{}, nil, fmt.Errorf("reading %s: %w", resource, err)
	}
	a, err := released(status, header, body)
	if err == nil {
		err = c.releases.add(a.Release)
	}
	if err == nil {
		err = a.fill(status, header, body, form)
	}
	if err != nil {
		return Answer{}, nil, fmt.Errorf("reading %s: %w", resource, err)
	}
	return a, body, nil
}

// present asks with a token as its kind must be presented.
func (c *Client) present(ctx context.Context, b bearer, address, form string) (int, http.Header, []byte, error) {
	scheme := c.tokenType()
	if b.mode != "" {
		scheme = bearerType
	}
	make := func() (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		r.Header.Set("Authorization", scheme+" "+b.token)
		r.Header.Set("Accept", form)
		return r, nil
	}
	if scheme == dpopType {
		return c.sendProved(make, b.token)
	}
	r, err := make()
	if err != nil {
		return 0, nil, nil, err
	}
	return c.send(r)
}

// newest is the version in which a resource is what the citizen saw, member by
// member.
func newest(resource string) string {
	switch resource {
	case "cnous/etudiant_boursier":
		return "/v4/"
	case "men/scolarites":
		return "/v5/"
	}
	return "/v3/"
}

// fill takes the members of a plain answer; a signed one is read when it is
// verified.
func (a *Answer) fill(status int, header http.Header, body []byte, form string) error {
	got, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	switch {
	case err != nil || status != http.StatusOK && status != http.StatusNotFound:
		return refusal(status, body)
	case got != form:
		return fmt.Errorf("an answer of type %s, not %s", got, form)
	case form == typeJWT:
		return nil
	}
	var envelope struct {
		Data   json.RawMessage `json:"data"`
		Errors json.RawMessage `json:"errors"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return err
	}
	if (status == http.StatusOK) != (envelope.Data != nil) || (envelope.Data == nil) == (envelope.Errors == nil) {
		return errors.New("an answer that is neither data nor errors")
	}
	a.Data, a.Errors = envelope.Data, envelope.Errors
	return nil
}
