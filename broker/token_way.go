package broker

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/resource"
	"accord/consent"
	"accord/providers"
)

// tokenWay is what the old way needs, nil while the operator is no data
// provider of FranceConnect's.
func (b *Broker) tokenWay(sources map[string]providers.Source) *resource.TokenWay {
	if b.config.DataProvider == nil {
		return nil
	}
	return &resource.TokenWay{
		FranceConnect: b.config.DataProvider, Sources: sources, Catalogue: b.config.Catalogue,
		Approvals: b.recurring, Clients: b.clientsOf, Citizen: b.config.Keys.Citizen, Agree: b.agreeAt,
	}
}

// recurring are a recipient's approvals in force that let a FranceConnect
// client fetch again.
func (b *Broker) recurring(recipient string) []*consent.Approval {
	var all []*consent.Approval
	for _, a := range b.config.Approvals {
		if a.ServiceProvider.SIRET == recipient && a.FranceConnectClient != "" && a.Ceilings.Mode == consent.ModeRepeated && a.InForce(b.config.Now()) {
			all = append(all, a)
		}
	}
	return all
}

// clientsOf are the clients that may use an approval, in the configuration's
// order.
func (b *Broker) clientsOf(approval string) []string {
	var ids []string
	for _, c := range b.config.Clients {
		if slices.Contains(c.Approvals, approval) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// agreeAt is the authorization request by which a citizen can agree to later
// access to data, as far as it is the same for every citizen: its client adds
// redirect_uri, state, nonce and code_challenge.
func (b *Broker) agreeAt(a *consent.Approval, data []consent.Datum) string {
	scopes := []string{"openid"}
	for _, d := range data {
		scopes = append(scopes, d.Scope)
	}
	if slices.ContainsFunc(data, func(d consent.Datum) bool { return len(d.Selectors) > 0 }) {
		scopes = append(scopes, a.Data.Years[0])
	}
	q := url.Values{
		"response_type": {"code"}, "scope": {strings.Join(scopes, " ")},
		"recipient": {a.ServiceProvider.SIRET}, "purpose": {a.Purpose.ID},
		"until": {a.LastDay(b.config.Now()).Format(time.DateOnly)}, "fetches": {strconv.Itoa(a.Ceilings.Fetches)},
	}
	if clients := b.clientsOf(a.ID); len(clients) > 0 {
		q.Set("client_id", clients[0])
	}
	return b.config.Issuer + "/authorize?" + q.Encode()
}

// mountDataProvider publishes the keys FranceConnect encrypts for, where API
// Particulier publishes its own.
func (b *Broker) mountDataProvider(r *gin.Engine) {
	if b.config.DataProvider == nil {
		return
	}
	r.GET("/api/france_connect_jwks", func(c *gin.Context) {
		c.Header("Cache-Control", "public, max-age=300")
		c.JSON(http.StatusOK, b.config.DataProvider.JWKS())
	})
}
