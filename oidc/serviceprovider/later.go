package serviceprovider

import (
	"context"
	"errors"
	"fmt"
	"net/url"
)

// DataWithFranceConnect reads a resource, after the day of the agreement, with
// an access token that FranceConnect gave this service provider when the person
// logged in there: within 60 s, each resource once. It takes the person's
// agreement to access after today (Request.Until, Request.Fetches); what of the
// resource is delivered is what they agreed to. Checks and errors are those of
// Data; Refused tells ErrConsentRequired and ErrPresenceRequired apart. purpose
// is the approval's; "" when the recipient has one only.
func (c *Client) DataWithFranceConnect(ctx context.Context, token, resource, purpose string) (Answer, error) {
	v := url.Values{}
	if purpose != "" {
		v.Set("purpose", purpose)
	}
	a, _, err := c.read(ctx, bearer{token: token, mode: "/france_connect", with: v}, resource, typeJSON)
	return a, err
}

// LoginAgain is Login for what a refusal says is lacking (Refused.Agree): the
// same data, until the day and as often as the approval allows.
func (c *Client) LoginAgain(ctx context.Context, lacking *Refused) (Attempt, error) {
	at, err := c.discover(ctx)
	if err != nil {
		return Attempt{}, err
	}
	address, err := url.Parse(lacking.Agree)
	if err != nil || lacking.Agree == "" {
		return Attempt{}, errors.New("the refusal names no address where the person can agree")
	}
	asked := address.Query()
	if address.RawQuery = ""; address.String() != at.Authorize {
		return Attempt{}, fmt.Errorf("%w: the address where the person can agree is not Accord's", ErrState)
	}
	a := newAttempt()
	for name, own := range c.parameters(Request{}, a) {
		if name != "scope" {
			asked[name] = own
		}
	}
	return c.push(ctx, at, asked, a)
}
