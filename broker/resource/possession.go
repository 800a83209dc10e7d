package resource

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"accord/broker/journey"
	"accord/broker/seal"
	"accord/broker/store"
	"accord/oidc/issuer"
)

// Proofs checks that whoever presents a token bound to a key holds that key
// (RFC 9449 §7): the issuer does.
type Proofs interface {
	Possession(r *http.Request, token, jkt string) *issuer.Error
	Nonce() string
}

// proving gives every answer the nonce of the next proof.
func (d *Deliverer) proving(c *gin.Context) { c.Header("DPoP-Nonce", d.Proofs.Nonce()) }

// held refuses a token whose key its bearer does not hold. It comes before
// anything is opened, fetched or logged for the token.
func (d *Deliverer) held(r *http.Request, state store.TokenState, token string) *apiError {
	jkt, err := keyOf(state, token)
	if err != nil {
		d.Log.ErrorContext(r.Context(), "opening what a token is bound to", "cause", err)
		return &errOurs
	}
	return d.possessed(r, token, jkt)
}

// keyOf is the thumbprint of the key a token is bound to, "" without. Of all
// that is bound, a delivery needs nothing else: the rest is not decoded.
func keyOf(state store.TokenState, token string) (string, error) {
	var b struct {
		Binding struct {
			JKT string `json:"dpop_jkt"`
		}
	}
	err := openBound(state, token, &b)
	return b.Binding.JKT, err
}

// possessed tells the issuer's refusal in the grammar's shape. meta.reason is
// OAuth's code, which a program acts upon; the header says it too.
func (d *Deliverer) possessed(r *http.Request, token, jkt string) *apiError {
	e := d.Proofs.Possession(r, token, jkt)
	switch {
	case e == nil:
		return nil
	case e.HTTPStatus() == http.StatusServiceUnavailable:
		return &errBusy
	case jkt == "": // the scheme DPoP for a token of none
		return &errToken
	}
	told := errProof
	told.challenge, told.Meta = issuer.Challenge(r, e), map[string]string{"reason": e.Code}
	return &told
}

// boundOf opens all that a token is bound to.
func boundOf(state store.TokenState, token string) (b journey.Bound, err error) {
	err = openBound(state, token, &b)
	return b, err
}

func openBound(state store.TokenState, token string, into any) error {
	plain, err := seal.Open([]byte(token), journey.TokenPurpose, state.Bound)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return fmt.Errorf("decoding what a token is bound to: %w", err)
	}
	return nil
}
