package issuer

import "net/http"

// ClientOf tells which registered client a GET authenticates as, by
// client_secret_basic: the one method that needs no body. It serves pages that
// a service provider may read too, such as a receipt.
func (i *Issuer) ClientOf(r *http.Request) (*Client, bool) {
	if r.Header.Get("Authorization") == "" {
		return nil, false
	}
	c, e := i.authenticate(r, parameters{})
	return c, e == nil
}
