package country

import (
	"accord/consent"
	"accord/providers"
	"accord/providers/apiparticulier"
	"accord/providers/apiparticulier/apiparticuliersim"
	"accord/providers/francetravail"
	"accord/providers/francetravail/francetravailsim"
)

// employmentClient is Accord's application at France Travail.
const employmentClient = "PAR_accord"

// hubSources are the administrations asked through API Particulier, with one
// token; the family branch and France Travail are asked themselves.
func hubSources() []string {
	return []string{
		apiparticulier.MESR, apiparticulier.CNOUS, apiparticulier.MEN, apiparticulier.DSNJ,
		apiparticulier.GIPMDS, apiparticulier.SDH, apiparticulier.ANTS,
	}
}

// hub makes the simulators of France Travail and API Particulier.
func (c *Country) hub(people []Persona) {
	now := c.options.Now()
	c.FranceTravail = francetravailsim.New(francetravailsim.Options{
		ClientID: employmentClient, ClientSecret: c.secrets.employment, Jobseekers: Jobseekers(people, now), Now: c.options.Now,
	})
	c.APIParticulier = apiparticuliersim.New(apiparticuliersim.Options{
		Tokens: map[string][]string{c.secrets.hub: apiparticuliersim.Scopes()},
		People: Known(people, now), Introspect: c.introspect, Now: c.options.Now,
	})
}

// employment is the way to France Travail.
func (c *Country) employment() (providers.Source, error) {
	address := c.SourcesURL + "/francetravail"
	return francetravail.New(francetravail.Config{
		StatusURL: address + francetravailsim.StatusPath, PaymentsURL: address + francetravailsim.PaymentsPath,
		TokenURL: address + francetravailsim.TokenPath, ClientID: employmentClient, ClientSecret: c.secrets.employment, Now: c.options.Now,
	})
}

// throughHub are the ways through API Particulier.
func (c *Country) throughHub() ([]providers.Source, error) {
	account, err := apiparticulier.New(apiparticulier.Config{URL: c.SourcesURL + "/apiparticulier", Token: c.secrets.hub, Now: c.options.Now})
	if err != nil {
		return nil, err
	}
	var all []providers.Source
	for _, id := range hubSources() {
		all = append(all, account.Source(id))
	}
	return all, nil
}

// hubParties are who is behind France Travail's and API Particulier's answers,
// for receipts; invented SIRETs.
func hubParties() map[string]consent.Party {
	all := map[string]consent.Party{}
	for _, p := range []struct{ id, name, siret, street string }{
		{consent.SourceFranceTravail, "France Travail", "99900082100010", "11 rue de l'Exemple"},
		{consent.SourceMESR, "Ministère chargé de l'enseignement supérieur", "99900083900012", "12 rue de l'Exemple"},
		{consent.SourceCNOUS, "CNOUS", "99900084700015", "13 rue de l'Exemple"},
		{consent.SourceMEN, "Ministère chargé de l'éducation nationale", "99900085400011", "14 rue de l'Exemple"},
		{consent.SourceDSNJ, "Direction du service national et de la jeunesse", "99900086200014", "15 rue de l'Exemple"},
		{consent.SourceGIPMDS, "GIP-MDS", "99900087000017", "16 rue de l'Exemple"},
		{consent.SourceSDH, "Ministère chargé des sports", "99900088800019", "17 rue de l'Exemple"},
		{consent.SourceANTS, "France Titres (ANTS)", "99900089600012", "18 rue de l'Exemple"},
	} {
		all[p.id] = consent.Party{
			Name: p.name + " (simulateur)", SIRET: p.siret, Address: p.street + ", 00000 Valbrume", DPO: "https://" + p.id + ".example/dpo",
		}
	}
	return all
}
