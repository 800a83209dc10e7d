package serviceprovider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/consent/audit"
	"accord/consent/receipt"
)

// KeyHistory is where Accord publishes the keys that ever signed receipts and
// deliveries, below its issuer. A copy kept beside the deliveries lets them be
// checked without Accord.
const KeyHistory = "/.well-known/accord/jwks.json"

const historyLifetime = 5 * time.Minute

// Parties are those a delivery must be between.
type Parties struct {
	Issuer    string
	ClientID  string
	Recipient string // SIRET
}

// Verify checks a signed delivery against a key history (the bytes of
// KeyHistory): signature, key in its time, issuer, client, audience. It needs
// no network. What it cannot see is the log: that is accord-verify delivery.
// Errors wrap ErrDelivery.
func Verify(jws, history []byte, between Parties) (audit.Delivery, error) {
	keys, err := receipt.ParseKeySet(history)
	if err != nil {
		return audit.Delivery{}, fmt.Errorf("%w: key history: %w", ErrDelivery, err)
	}
	d, err := audit.VerifyDelivery(jws, keys)
	if err != nil {
		return audit.Delivery{}, fmt.Errorf("%w: %w", ErrDelivery, err)
	}
	if d.Issuer != between.Issuer || d.Client != between.ClientID || d.Audience != "siret:"+between.Recipient {
		return audit.Delivery{}, fmt.Errorf("%w: %w", ErrDelivery, ErrParties)
	}
	return d, nil
}

// Verify checks a delivery against Accord's key history as it is now.
func (c *Client) Verify(ctx context.Context, jws []byte) (audit.Delivery, error) {
	between := Parties{c.config.Issuer, c.config.ClientID, c.config.Recipient}
	var d audit.Delivery
	for _, fresh := range []bool{false, true} {
		history, err := c.keyHistory(ctx, fresh)
		if err != nil {
			return audit.Delivery{}, fmt.Errorf("%w: reading the key history: %w", ErrDelivery, err)
		}
		// A key may have been activated since the history was read.
		if d, err = Verify(jws, history, between); !errors.Is(err, receipt.ErrUnknownKey) || fresh {
			return d, err
		}
	}
	return d, nil
}

func (c *Client) keyHistory(ctx context.Context, fresh bool) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.history != nil && !fresh && c.config.Now().Sub(c.readAt) < historyLifetime {
		return c.history, nil
	}
	body, err := c.get(ctx, c.config.Issuer+KeyHistory)
	if err != nil {
		return nil, err
	}
	c.history, c.readAt = body, c.config.Now()
	return body, nil
}
