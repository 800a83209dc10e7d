package journey

import (
	"context"
	"time"

	"accord/broker/store"
	"accord/consent"
)

// Redeemed is what an agent's page delivers by.
type Redeemed struct {
	Token   string
	Receipt string // receipt id
	Until   time.Time
}

// RedeemAssisted makes a decision's code an access token, as a service
// provider would at the token endpoint. A code redeemed twice revokes its grant.
func (j *Journey) RedeemAssisted(ctx context.Context, code string) (Redeemed, error) {
	r, b := Redeemed{Token: newToken()}, Bound{}
	redeemed, err := j.Store.Redeem(ctx, store.RedeemCmd{
		Code: hashOf([]byte(code)), Client: consent.DeskClient,
		Open: func(sealed, wrapped []byte) (t store.Token, err error) {
			b, t, err = rewrap(code, r.Token, sealed, wrapped, j.Now(), func(*Bound) error { return nil })
			return t, err
		},
	})
	r.Receipt, r.Until = b.Receipt, redeemed.ExpiresAt
	return r, err
}
