package country

import (
	"context"
	"crypto/rand"
	"net/http"

	"accord/broker/desk"
	"accord/oidc/franceconnect"
	"accord/oidc/franceconnect/fcsim"
	"accord/oidc/proconnect/pcsim"
	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/cnav/cnavsim"
	"accord/providers/dgfip"
	"accord/providers/dgfip/dgfipsim"
)

// Accord's registrations at the simulators. Secrets are drawn at each start:
// nothing here opens anything elsewhere.
const (
	franceConnectClient = "accord-demonstration"
	proConnectClient    = "accord-guichet"
	sourceClient        = "accord"
)

// entitled are the data-provider scopes Accord holds at FranceConnect.
func entitled() []string {
	const vehicle = "ants_extrait_immatriculation_vehicule_"
	return []string{
		"email", "preferred_username", "dgfip_rfr", "dgfip_nbpart", "dgfip_sitfam", "dgfip_nbpac", "dgfip_aft",
		"dgfip_annee_n_moins_1", "dgfip_annee_n_moins_2", "dgfip_annee_n_moins_3", "dgfip_annee_n_moins_2_si_indispo_n_moins_1",
		vehicle + "statut_rattachement", vehicle + "donnees_immatriculation_vehicule", vehicle + "caracteristiques_techniques_vehicule",
		vehicle + "identite_particulier", vehicle + "adresse_particulier",
	}
}

// secrets of one run: Accord's at FranceConnect, at ProConnect, at CNAF and
// DGFiP, at France Travail, API Particulier's token, and Accord's as a data
// provider.
type secrets struct{ franceConnect, proConnect, source, employment, hub, dataProvider string }

func newSecrets() secrets {
	secret := func() string { return rand.Text() + rand.Text() }
	return secrets{secret(), secret(), rand.Text(), rand.Text(), secret(), secret()}
}

// simulators makes FranceConnect and the sources, one identity behind all.
func (c *Country) simulators(context.Context) error {
	people, now := Personas(), c.options.Now()
	c.secrets = newSecrets()
	c.FranceConnect = fcsim.New(fcsim.Options{
		Issuer: c.FranceConnectURL + "/api/v2", ClientID: franceConnectClient,
		ClientSecret: c.secrets.franceConnect, ServiceName: "Accord", RedirectURIs: []string{c.Accord + "/callback"},
		PostLogoutRedirectURIs: []string{c.Accord + "/deconnecte"}, ProviderScopes: entitled(), Personas: atFranceConnect(people), Now: c.options.Now,
		DataProviders: c.dataProviders(),
	})
	c.ProConnect = pcsim.New(pcsim.Options{
		Issuer: c.FranceConnectURL + proConnectPath, ClientID: proConnectClient, ClientSecret: c.secrets.proConnect,
		RedirectURIs: []string{c.Accord + desk.CallbackPath}, Agents: Agents(),
	})
	c.CNAV = cnavsim.New(cnavsim.Options{
		ClientID: sourceClient, ClientSecret: c.secrets.source,
		Households: Households(people, now), Registered: Registered(people), Now: c.options.Now,
	})
	c.DGFiP = dgfipsim.New(dgfipsim.Options{
		ClientID: sourceClient, ClientSecret: c.secrets.source,
		Notices: Notices(people, now), Introspect: c.introspect, Now: c.options.Now,
	})
	c.hub(people)
	return nil
}

// atFranceConnect are the personas as FranceConnect's simulator takes them.
func atFranceConnect(people []Persona) []fcsim.Persona {
	var all []fcsim.Persona
	for _, p := range people {
		i := p.Identity
		all = append(all, fcsim.Persona{
			ID: p.ID, Story: fcsim.Text(p.Story), Featured: p.Featured,
			Identity: fcsim.Identity{
				FamilyName: i.FamilyName, GivenName: i.GivenName, GivenNames: i.GivenNames,
				PreferredUsername: i.PreferredUsername, Birthdate: i.Birthdate, IDPBirthdate: i.IDPBirthdate, Gender: i.Gender,
				Birthplace: i.Birthplace, Birthcountry: i.Birthcountry, Email: p.Email,
			},
		})
	}
	return all
}

// introspect is FranceConnect's checktoken, for DGFiP and ANTS.
func (c *Country) introspect(token string) (providers.Identity, []string, bool) {
	i, scopes, ok := c.FranceConnect.Introspect(token)
	return providers.Identity{
		FamilyName: i.FamilyName, GivenName: i.GivenName, GivenNames: i.GivenNames,
		PreferredUsername: i.PreferredUsername, Birthdate: i.Birthdate, IDPBirthdate: i.IDPBirthdate, Gender: i.Gender,
		Birthplace: i.Birthplace, Birthcountry: i.Birthcountry,
	}, scopes, ok
}

// sources serves the data sources under one port.
func (c *Country) sources() http.Handler {
	m := http.NewServeMux()
	m.Handle("/cnav/", http.StripPrefix("/cnav", c.CNAV))
	m.Handle("/dgfip/", http.StripPrefix("/dgfip", c.DGFiP))
	m.Handle("/francetravail/", http.StripPrefix("/francetravail", c.FranceTravail))
	m.Handle("/apiparticulier/", http.StripPrefix("/apiparticulier", c.APIParticulier))
	return m
}

// connectors are Accord's ways to the sources.
func (c *Country) connectors() ([]providers.Source, error) {
	family, err := cnav.New(cnav.Config{
		TokenURL: c.SourcesURL + "/cnav" + cnavsim.TokenPath, ClientID: sourceClient, ClientSecret: c.secrets.source,
		Resources: HubResources(c.SourcesURL + "/cnav"), Now: c.options.Now,
	})
	if err != nil {
		return nil, err
	}
	tax, err := dgfip.New(dgfip.Config{
		URL: c.SourcesURL + "/dgfip", TokenURL: c.SourcesURL + "/dgfip" + dgfipsim.TokenPath,
		ClientID: sourceClient, ClientSecret: c.secrets.source, Now: c.options.Now,
	})
	if err != nil {
		return nil, err
	}
	employment, err := c.employment()
	if err != nil {
		return nil, err
	}
	others, err := c.throughHub()
	return append([]providers.Source{family, tax, employment}, others...), err
}

// HubResources are all resources of a CNAV simulator at that address, under one
// client.
func HubResources(address string) map[string]cnav.Resource {
	all := map[string]cnav.Resource{}
	for _, name := range cnavsim.Resources() {
		all[name] = cnav.Resource{URL: address + cnavsim.Path(name), Scope: cnavsim.Scope(name)}
	}
	return all
}

func (c *Country) relyingParty() (*franceconnect.RelyingParty, error) {
	return franceconnect.New(franceconnect.Config{
		Issuer: c.FranceConnectURL + "/api/v2", ClientID: franceConnectClient,
		ClientSecret: c.secrets.franceConnect, RedirectURI: c.Accord + "/callback", PostLogoutRedirectURI: c.Accord + "/deconnecte",
		ACR: "eidas1", SigningAlg: "ES256", Now: c.options.Now, HTTP: c.trusting(),
	})
}
