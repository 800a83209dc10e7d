package serviceprovider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Receipt fetches a person's receipt again (Token.ReceiptURI): the compact JWS
// that Token.Receipt was. Another client's, or none, is *Refused with status
// 404. The client authenticates at its own Accord and nowhere else.
func (c *Client) Receipt(ctx context.Context, receiptURI string) (string, error) {
	id, own := strings.CutPrefix(receiptURI, c.config.Issuer+"/recu/")
	if !own {
		return "", errors.New("fetching a receipt: the address is not of this Accord")
	}
	r, err := c.authenticated(ctx, c.config.Issuer+"/recu/"+url.PathEscape(id)+".jws", url.Values{})
	if err != nil {
		return "", fmt.Errorf("fetching a receipt: %w", err)
	}
	status, _, body, err := c.send(r)
	if err != nil {
		return "", fmt.Errorf("fetching a receipt: %w", err)
	}
	if status != http.StatusOK {
		return "", fmt.Errorf("fetching a receipt: %w", oauthRefusal(status, body))
	}
	return string(body), nil
}
