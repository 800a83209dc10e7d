package serviceprovider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const maxAnswer = 1 << 20 // bytes

// endpoints are what Accord's discovery names (OpenID Connect Discovery §3).
type endpoints struct {
	Issuer    string `json:"issuer"`
	Pushed    string `json:"pushed_authorization_request_endpoint"`
	Authorize string `json:"authorization_endpoint"`
	Token     string `json:"token_endpoint"`
	JWKS      string `json:"jwks_uri"`
	Grants    string `json:"grant_management_endpoint"` // may be missing
}

// discover reads Accord's endpoints once.
func (c *Client) discover(ctx context.Context) (endpoints, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found != nil {
		return *c.found, nil
	}
	body, err := c.get(ctx, c.config.Issuer+"/.well-known/openid-configuration")
	if err != nil {
		return endpoints{}, fmt.Errorf("discovering Accord: %w", err)
	}
	var e endpoints
	if err := json.Unmarshal(body, &e); err != nil {
		return endpoints{}, fmt.Errorf("discovering Accord: %w", err)
	}
	if e.Issuer != c.config.Issuer {
		return endpoints{}, errors.New("discovering Accord: the document is another issuer's")
	}
	for _, address := range []string{e.Pushed, e.Authorize, e.Token, e.JWKS} {
		if !secure(address) {
			return endpoints{}, errors.New("discovering Accord: an endpoint is missing or not https")
		}
	}
	c.found = &e
	return e, nil
}

// get reads a public document.
func (c *Client) get(ctx context.Context, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	status, _, body, err := c.send(r)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("status %d", status)
	}
	return body, nil
}

// post sends a form with the client's authentication and reads a JSON answer
// of the wanted status; OAuth's errors become *Refused (RFC 6749 §5.2).
func (c *Client) post(ctx context.Context, address string, form url.Values, want int, answer any) error {
	status, _, body, err := c.sendProved(func() (*http.Request, error) { return c.authenticated(ctx, address, form) }, "")
	if err != nil {
		return err
	}
	if status != want {
		return oauthRefusal(status, body)
	}
	return json.Unmarshal(body, answer)
}

// oauthRefusal reads RFC 6749 §5.2.
func oauthRefusal(status int, body []byte) *Refused {
	var e struct {
		Code        string `json:"error"`
		Description string `json:"error_description"`
	}
	_ = json.Unmarshal(body, &e) // the status alone says enough
	return &Refused{Status: status, Code: e.Code, Detail: e.Description}
}

func (c *Client) send(r *http.Request) (status int, header http.Header, body []byte, err error) {
	answer, err := c.http.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("reading %s: %w", r.URL.Path, err)
	}
	if len(body) > maxAnswer {
		return 0, nil, nil, fmt.Errorf("reading %s: longer than %d bytes", r.URL.Path, maxAnswer)
	}
	return answer.StatusCode, answer.Header, body, nil
}

// formRequest makes a POST (RFC 6749 appendix B).
func formRequest(ctx context.Context, address string, form url.Values) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r, nil
}
