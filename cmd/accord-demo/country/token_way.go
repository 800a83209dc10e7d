package country

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/cmd/accord-demo/headless"
	"accord/oidc/franceconnect"
	"accord/oidc/franceconnect/fcsim"
)

// Clients of FranceConnect beside Accord. SchoolServices is Valbrume's own, as
// the approval valbrume-cantine names it.
const (
	SchoolServices  = "valbrume-periscolaire-00000000000000000000000000000000"
	AnotherProvider = "autre-fournisseur-000000000000000000000000000000000000"

	dataProviderClient = "accord-fournisseur-de-donnees-000000"
)

// FranceConnectToken logs a persona in at one of these clients, as the old way
// begins, and gives the access token it holds for 60 seconds.
func (c *Country) FranceConnectToken(client, persona string, scopes ...string) (string, error) {
	return c.FranceConnect.Elsewhere(client, persona, scopes...)
}

// dataProviders is Accord's registration at FranceConnect beside its login.
func (c *Country) dataProviders() []fcsim.DataProvider {
	var tax []string
	for _, s := range entitled() {
		if strings.HasPrefix(s, "dgfip_") {
			tax = append(tax, s)
		}
	}
	return []fcsim.DataProvider{{
		ClientID: dataProviderClient, ClientSecret: c.secrets.dataProvider, JWKSURI: c.Accord + "/api/france_connect_jwks",
		Scopes: tax, EncryptionAlg: string(jose.ECDH_ES),
	}}
}

// dataProvider is Accord's side of it, under a key of this start.
func (c *Country) dataProvider() (*franceconnect.DataProvider, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a key for FranceConnect: %w", err)
	}
	return franceconnect.NewDataProvider(franceconnect.DataProviderConfig{
		Issuer: c.FranceConnectURL + "/api/v2", ClientID: dataProviderClient, ClientSecret: c.secrets.dataProvider,
		ACR: "eidas1", SigningAlg: "ES256", Now: c.options.Now, HTTP: c.trusting(),
		DecryptionKeys: []jose.JSONWebKey{{Key: key, KeyID: "fc-" + rand.Text()[:8], Algorithm: string(jose.ECDH_ES), Use: "enc"}},
	})
}

// WalkLater is Walk for a request that also asks for access after today: until,
// its last day, and how many fetches in all. The box is named suite.
func (c *Country) WalkLater(client headless.Client, until time.Time, fetches int) (*Walk, error) {
	w := &Walk{Browser: headless.New().StopAt(client.RedirectURI), Country: c, Request: client.Begin()}
	var err error
	w.Page, err = w.Get(w.Request.URL(url.Values{"until": {until.Format(time.DateOnly)}, "fetches": {strconv.Itoa(fetches)}}))
	return w, err
}
