package broker

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/habilitations"
	"accord/broker/resource"
	"accord/consent"
)

// tokenWay is what the old way needs, nil while the operator is no data
// provider of FranceConnect's.
func (b *Broker) tokenWay() *resource.TokenWay {
	if b.config.DataProvider == nil {
		return nil
	}
	return &resource.TokenWay{
		FranceConnect: b.config.DataProvider,
		Approvals:     b.recurring, Clients: b.clientsOf, Citizen: b.config.Keys.Citizen, Agree: b.agreeAt,
	}
}

// recurring are a recipient's approvals in force that let a FranceConnect
// client fetch again.
func (b *Broker) recurring(recipient string) []*consent.Approval {
	r, now := b.registry.Load(), b.config.Now()
	var all []*consent.Approval
	for _, id := range slices.Sorted(maps.Keys(r.approvals)) {
		a := r.approvals[id]
		again := a.FranceConnectClient != "" && a.Ceilings.Mode == consent.ModeRepeated
		if a.ServiceProvider.SIRET == recipient && again && r.standing(a).State(now) == habilitations.InForce {
			all = append(all, a)
		}
	}
	return all
}

// clientsOf are the ids of the clients that may use an approval, sorted.
func (b *Broker) clientsOf(approval string) []string {
	var ids []string
	for id, c := range b.registry.Load().clients {
		if slices.Contains(c.Approvals, approval) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
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
