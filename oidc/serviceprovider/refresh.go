package serviceprovider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// Refresh gives another token under a person's agreement to access after today
// (RFC 6749 §6). Data then fetches anew, each resource once with each token, and
// each token that reads counts as one fetch. Write Token.Refresh down before the
// token is used: where no DPoP key holds it, it replaces the one given. Errors:
// ErrEnded, *Refused.
func (c *Client) Refresh(ctx context.Context, refresh string) (Token, error) {
	at, err := c.discover(ctx)
	if err != nil {
		return Token{}, err
	}
	var t Token
	err = c.post(ctx, at.Token, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}, http.StatusOK, &t)
	if refused := (*Refused)(nil); errors.As(err, &refused) && refused.Code == "invalid_grant" {
		refused.kind = ErrEnded
	}
	if err == nil {
		err = c.usable(t)
	}
	if err != nil {
		return Token{}, fmt.Errorf("refreshing: %w", err)
	}
	return t, nil
}
