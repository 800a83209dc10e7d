package resource

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"accord/broker/journey"
	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent"
	"accord/oidc/franceconnect"
)

// A TokenWay answers service providers that come the old way, with a token
// FranceConnect gave to them and not to Accord. All members are required.
type TokenWay struct {
	FranceConnect *franceconnect.DataProvider
	// Approvals are those of a recipient (SIRET) in force now that allow
	// recurring grants and name a FranceConnect client.
	Approvals func(recipient string) []*consent.Approval
	Clients   func(approval string) []string // ids of the clients that may use an approval
	Citizen   func(keyring.Pivot) string     // pseudonym
	// Agree is an authorization request for data, to be completed by its client
	// with redirect_uri, state, nonce and code_challenge.
	Agree func(a *consent.Approval, data []consent.Datum) string
}

// eitherToken parts Accord's own tokens from FranceConnect's.
func (d *Deliverer) eitherToken(a address) gin.HandlerFunc {
	own := d.serve(a)
	return func(c *gin.Context) {
		token, ok := anyBearer(c.Request)
		if d.TokenWay == nil || !ok || strings.HasPrefix(token, journey.TokenPrefix) {
			own(c)
			return
		}
		c.Header("Cache-Control", "no-store")
		c.Header("Vary", "Accept")
		f, ok := formOf(c.Request)
		if !ok {
			refuse(c, errForm)
			return
		}
		if e := d.tokenWay(c, a, f, token); e != nil {
			refuse(c, *e)
		}
	}
}

// A presented token is what FranceConnect said of it, and whom it may speak for.
type presented struct {
	franceconnect.Introspection
	token     string
	recipient string // SIRET
	citizen   string // pseudonym
	approvals []*consent.Approval
}

// tokenWay answers one resource under the citizen's recurring grant, or says
// why not.
func (d *Deliverer) tokenWay(c *gin.Context, a address, asked form, token string) *apiError {
	ctx := c.Request.Context()
	p, e := d.present(c, token)
	if e != nil {
		return e
	}
	g, again, e := d.agreedAgain(ctx, p, a)
	if e != nil {
		return e
	}
	f, e := d.sendingTo(ctx, asked, g.Client)
	if e != nil {
		return e
	}
	if e := d.presentedOnce(ctx, p, a); e != nil {
		return e
	}
	o, e := d.fetch(ctx, p.asking(g), again, a)
	if e != nil {
		return e
	}
	return d.releaseFetched(c, a, f, o)
}

// asking is a presented token at the sources, under a grant.
func (p presented) asking(g store.Grant) asking {
	return asking{
		grant: g, snapshot: snapshotOf(p.token, g.ID), identity: journey.IdentityOf(p.Identity),
		franceConnect: p.token, expires: p.Expires, refused: grantEnded,
	}
}

// present holds a token against the recipient it is presented for: it must be
// FranceConnect's, live, and given to the very client that the recipient's
// approval names.
func (d *Deliverer) present(c *gin.Context, token string) (presented, *apiError) {
	p := presented{token: token, recipient: c.Query("recipient")}
	if e := recipientIs(c, p.recipient); e != nil {
		return p, e
	}
	if p.approvals = d.TokenWay.Approvals(p.recipient); len(p.approvals) == 0 {
		return p, &errNoTokenWay
	}
	var err error
	p.Introspection, err = d.TokenWay.FranceConnect.Introspect(c.Request.Context(), token)
	switch {
	case err != nil:
		d.Log.WarnContext(c.Request.Context(), "asking FranceConnect about a token", "cause", err)
		return p, franceConnectError(err)
	case p.Malformed:
		return p, &errMalformed
	case !p.Active:
		return p, &errInactive
	}
	purpose := c.Query("purpose")
	p.approvals = slices.DeleteFunc(p.approvals, func(a *consent.Approval) bool {
		return a.FranceConnectClient != p.ServiceProvider || purpose != "" && a.Purpose.ID != purpose
	})
	switch {
	case len(p.approvals) == 0:
		return p, &errOtherServiceProvider
	case !p.HasIdentity():
		return p, &errPresence
	}
	p.citizen = d.TokenWay.Citizen(journey.PivotOf(p.Identity, "", p.Subject))
	return p, nil
}

// agreedAgain finds a live recurring grant that covers the resource, and what
// of it this token can fetch. It authorises nothing: store.QuerySource does.
func (d *Deliverer) agreedAgain(ctx context.Context, p presented, a address) (store.Grant, consent.Request, *apiError) {
	needed := errConsent
	for _, approval := range p.approvals {
		grants, err := d.Store.Recurring(ctx, store.Recurring{Citizen: p.citizen, Recipient: p.recipient, Approval: approval.ID})
		if err != nil {
			return store.Grant{}, consent.Request{}, &errBusy
		}
		for _, g := range grants {
			data := d.dataOf(approval, g.Data, a.resource)
			if len(data) == 0 || !slices.Contains(d.TokenWay.Clients(approval.ID), g.Client) {
				continue
			}
			if !fetchLeft(g, p) {
				needed = errExhausted
				continue
			}
			again, ok := approval.FetchAgain(data, p.Scopes)
			if !ok {
				return g, again, &errPresence
			}
			return g, again, nil
		}
	}
	data := d.approvedData(p.approvals[0], a.resource)
	if len(data) == 0 {
		return store.Grant{}, consent.Request{}, &errScope
	}
	return store.Grant{}, consent.Request{}, needed.leadingTo(d.TokenWay.Agree(p.approvals[0], data))
}

// fetchLeft: a login is one fetch, whatever number of resources it opens.
func fetchLeft(g store.Grant, p presented) bool {
	return len(g.Snapshots) < g.MaxFetches || slices.Contains(g.Snapshots, snapshotOf(p.token, g.ID))
}

func (d *Deliverer) approvedData(a *consent.Approval, resource string) []consent.Datum {
	var ids []string
	for _, approved := range slices.Concat(a.Data.Required, a.Data.Optional) {
		ids = append(ids, approved.ID)
	}
	return d.dataOf(a, ids, resource)
}

// dataOf are the data as the approval has them: values, or the answers of its
// grids.
func (d *Deliverer) dataOf(a *consent.Approval, ids []string, resource string) []consent.Datum {
	var data []consent.Datum
	for _, id := range ids {
		if datum, ok := d.Catalogue.Datum(id); ok && datum.Resource == resource {
			data = append(data, a.As(datum, d.Catalogue))
		}
	}
	return data
}

// presentedOnce accepts a token once for each resource and recipient. It is a
// bearer token that lives a minute and passes through the service provider's
// software: whoever copies it there gets nothing a second time, while one login
// still opens all the resources that were agreed. Only a hash is kept, until
// the token ends.
func (d *Deliverer) presentedOnce(ctx context.Context, p presented, a address) *apiError {
	mark := sha256.Sum256([]byte(p.token + "\x1f" + a.resource + "\x1f" + p.recipient))
	fresh, err := d.Store.Once(ctx, store.Presented, mark, p.Expires)
	switch {
	case errors.Is(err, store.ErrExpired):
		return &errInactive
	case err != nil:
		return &errBusy
	case !fresh:
		return &errReplayed
	}
	return nil
}
