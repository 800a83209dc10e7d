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

// ClientPosting tells which registered client a POST authenticates as, by
// whichever method it registered, as at the token endpoint: an assertion is
// used up. It serves a document that any client must be able to fetch. A
// request that does not authenticate is answered here, and false returned.
func (i *Issuer) ClientPosting(w http.ResponseWriter, r *http.Request) (*Client, bool) {
	noStore(w.Header())
	p, e := formParameters(w, r)
	if e != nil {
		i.refuse(w, r, e)
		return nil, false
	}
	c, e := i.authenticate(r, p)
	if e != nil {
		i.refuse(w, r, e)
	}
	return c, e == nil
}
