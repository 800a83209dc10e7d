package broker

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"accord/broker/citizen"
	"accord/broker/journey"
	"accord/broker/resource"
	"accord/broker/store"
	"accord/consent"
	"accord/oidc/issuer"
	"accord/ui"
)

// hooks gives the issuer the journey, in the issuer's terms.
type hooks struct{ *Broker }

func (b *Broker) issuerConfig() issuer.Config {
	c := b.config
	return issuer.Config{
		Issuer: c.Issuer, Clients: b.client, Keys: c.Keys, Hooks: hooks{b}, Memory: memory{c.Store},
		OnlyFAPI2: b.onlyFAPI2, GrantTypes: b.grantTypes, Claims: b.userinfoClaims,
		Now: c.Now, StartedUnclean: c.StartedUnclean, Log: c.Log,
		Scopes: b.scopes(), ACRValues: []string{level}, UILocales: ui.Languages(),
	}
}

// level is FranceConnect's level of assurance. A request that names only
// others is refused, never served with less in silence.
const level = "eidas1"

func (b *Broker) client(id string) (*issuer.Client, bool) {
	c, ok := b.registry.Load().clients[id]
	return c, ok
}

// onlyFAPI2 tells whether no client is held to less than FAPI 2.0: discovery
// then names what is left.
func (b *Broker) onlyFAPI2() bool {
	less := b.anyClient(func(c *issuer.Client) bool { return c.Profile != issuer.FAPI2 })
	return !less && len(b.registry.Load().clients) > 0
}

// grantTypes lists what some client may use; every one has codes.
func (b *Broker) grantTypes() []string {
	all := []string{"authorization_code"}
	for _, c := range b.registry.Load().clients {
		all = append(all, c.GrantTypes...)
	}
	return all
}

// userinfoClaims lists what userinfo gives a client registered for it: identity
// under its own names, each other resource under its.
func (b *Broker) userinfoClaims() (all []string) {
	if !b.anyClient(func(c *issuer.Client) bool { return c.UserinfoClaims }) {
		return nil
	}
	for _, d := range b.config.Catalogue.Data() {
		if d.Resource != consent.ResourceIdentity {
			all = append(all, d.Resource)
			continue
		}
		for _, path := range d.Paths {
			all = append(all, strings.TrimSuffix(path, "[]"))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (b *Broker) anyClient(is func(*issuer.Client) bool) bool {
	for _, c := range b.registry.Load().clients {
		if is(c) {
			return true
		}
	}
	return false
}

// scopes lists what any approval may ask for.
func (b *Broker) scopes() []string {
	all, years := []string{"openid"}, []string(nil)
	for _, d := range b.config.Catalogue.Data() {
		all = append(all, d.Scope)
		years = append(years, d.Selectors...)
	}
	slices.Sort(years)
	return append(all, slices.Compact(years)...)
}

// Review refuses what the approvals do not cover, and a login that cannot be
// had, before any page.
func (h hooks) Review(ctx context.Context, c *issuer.Client, req *issuer.AuthorizationRequest) *issuer.Error {
	if len(req.ACRValues) > 0 && !slices.Contains(req.ACRValues, level) {
		return issuer.NewError("unmet_authentication_requirements", "acr_values: only "+level+" can be given")
	}
	var refused *consent.Refusal
	err := h.journey.Review(ctx, c, req)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return h.refusal(c, req, refused)
	}
	return issuer.NewError("server_error", "").WithCause(err)
}

// refusal is what a client is told of a request that its approvals do not
// cover. The citizen is told of over-asking too, by a page: it is their data
// that were asked for. With prompt=none no page is shown (OpenID Connect Core
// §3.1.2.1): the browser may be one where nobody looks.
func (h hooks) refusal(c *issuer.Client, req *issuer.AuthorizationRequest, refused *consent.Refusal) *issuer.Error {
	e := issuer.NewError(refused.Code, refused.Detail)
	if req.Details != nil && refused.Code != "unauthorized_client" {
		e.Code = "invalid_authorization_details" // RFC 9396 §5
	}
	if refused.Reason == consent.ReasonOverAsking && req.Prompt != "none" {
		e.Page, e.Who = "over_asking", h.requesterOf(c, req)
	}
	return e
}

// requesterOf is the name of the service provider a request comes from.
func (h hooks) requesterOf(c *issuer.Client, req *issuer.AuthorizationRequest) string {
	a, err := consent.Choose(h.approvalsOf(c.ID), req.Recipient, req.Purpose)
	if err != nil {
		return ""
	}
	return a.ServiceProvider.Name
}

func (h hooks) Begin(w http.ResponseWriter, r *http.Request, c *issuer.Client, req *issuer.AuthorizationRequest) {
	if err := h.journey.Begin(w, r, c, req); err != nil {
		h.answerError(w, r, err)
	}
}

func (h hooks) ErrorPage(w http.ResponseWriter, r *http.Request, e *issuer.Error) {
	h.answerError(w, r, issuerFailure(e))
}

func (h hooks) Redeem(ctx context.Context, c *issuer.Client, rd issuer.Redemption) (*issuer.Issued, *issuer.Error) {
	return h.journey.Redeem(ctx, c, rd)
}

func (h hooks) Refresh(ctx context.Context, c *issuer.Client, r issuer.Refreshing) (*issuer.Issued, *issuer.Error) {
	return h.journey.Refresh(ctx, c, r)
}

func (h hooks) Token(ctx context.Context, token string) (*issuer.TokenInfo, error) {
	return h.deliveries.TokenInfo(ctx, token)
}

func (h hooks) UserinfoClaims(ctx context.Context, c *issuer.Client, token string) (map[string]any, http.Header, *issuer.Error) {
	return h.deliveries.UserinfoClaims(ctx, c, token)
}

func (h hooks) RevokeToken(ctx context.Context, c *issuer.Client, token string) error {
	return h.config.Store.RevokeToken(ctx, c.ID, resource.HashOf(token))
}

func (h hooks) Silently(r *http.Request, c *issuer.Client, req *issuer.AuthorizationRequest) (string, *issuer.Error) {
	return h.journey.Silently(r, c, req)
}

// EndSession ends the citizen's web session, after asking unless the service
// provider named its citizen, and at once what the browser remembers for that
// provider: forgetting it asks for a login again, no more.
func (h hooks) EndSession(w http.ResponseWriter, r *http.Request, e issuer.EndSession) {
	end := citizen.Ending{Back: e.RedirectURL(), Named: func(who string) bool { return h.names(e, who) }}
	if c, ok := h.client(e.ClientID); ok {
		end.Client = c.Name
	}
	if e.Refused != nil {
		end.Refused = issuerFailure(e.Refused)
	} else if e.ClientID != "" {
		h.journey.ForgetLogins(w, r, e.ClientID, e.Hint)
	}
	if err := h.citizen.EndSession(w, r, end); err != nil {
		h.answerError(w, r, err)
	}
}

// names tells whether the hint of a logout request is about this citizen: their
// subject at one of the recipients the client asks for.
func (h hooks) names(e issuer.EndSession, who string) bool {
	return e.Hint != "" && slices.ContainsFunc(h.approvalsOf(e.ClientID), func(a *consent.Approval) bool {
		return h.config.Keys.Subject(a.ServiceProvider.SIRET, who) == e.Hint
	})
}

var _ journey.URLs = (*issuer.Issuer)(nil)

// memory gives the issuer the store's temporary values.
type memory struct{ store store.Store }

func (m memory) Once(ctx context.Context, space string, key [32]byte, until time.Time) (bool, error) {
	return m.store.Once(ctx, store.Space(space), key, until)
}

func (m memory) Put(ctx context.Context, space string, key [32]byte, value []byte, until time.Time) error {
	return m.store.PutTemporary(ctx, store.Space(space), key, value, until)
}

func (m memory) Get(ctx context.Context, space string, key [32]byte) ([]byte, error) {
	v, err := m.store.GetTemporary(ctx, store.Space(space), key)
	return v, absent(err)
}

func (m memory) Take(ctx context.Context, space string, key [32]byte) ([]byte, error) {
	v, err := m.store.TakeTemporary(ctx, store.Space(space), key)
	return v, absent(err)
}

func absent(err error) error {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrExpired) {
		return errors.Join(issuer.ErrAbsent, err)
	}
	return err
}
