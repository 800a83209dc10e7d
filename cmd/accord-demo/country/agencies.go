package country

import (
	"context"
	"net/http"
	"path/filepath"

	"accord/cmd/accord-demo/agencies"
	"accord/consent"
)

// An agency is a site of the demonstration and the approval it asks under.
type agency struct {
	agencies.Agency
	approval string
}

// agencyList are the sites of the région, of the ministry and of a commune's
// social action centre.
func agencyList() []agency {
	return []agency{
		{agencies.Agency{
			Slug: "region", Name: "Région des Hautes-Brumes", Service: "Carte de transport des étudiants",
			Intro:  "La carte est gratuite pour les étudiants boursiers et à moitié prix pour les autres étudiants.",
			Papers: "votre certificat de scolarité et votre notification de bourse", ClientID: RegionSite,
			Scopes:    []string{"mesri_admission_inscrit", "cnous_statut_boursier", "cnous_echelon_bourse"},
			Resources: []string{consent.ResourceStudent, consent.ResourceGrantHolder}, Decide: agencies.TransportCard,
		}, "hautes-brumes-carte-jeunes"},
		{agencies.Agency{
			Slug: "ministere", Name: "Ministère des Nouveaux Départs", Service: "Aide à la reprise d’un emploi",
			Intro:  "Une aide de 400 € pour les demandeurs d’emploi aux revenus modestes qui reprennent un emploi.",
			Papers: "votre avis d’impôt et votre attestation d’inscription à France Travail", ClientID: Ministry,
			Scopes:    []string{"dgfip_rfr", "dgfip_nbpart", "france_travail_inscription", consent.YearNMinus2Fallback},
			Resources: []string{consent.ResourceSituationIR, consent.ResourceJobseeker}, Decide: agencies.ReturnGrant,
		}, "ministere-aide-reprise"},
		{agencies.Agency{
			Slug: "ccas", Name: "CCAS de Valbrume", Service: "Aide à la rentrée scolaire",
			Intro:  "Une aide de 60 € par enfant scolarisé, portée à 100 € pour les bénéficiaires du RSA.",
			Papers: "le certificat de scolarité de votre enfant", ClientID: SocialAction,
			Scopes:    []string{"men_statut_scolarite", "revenu_solidarite_active"},
			Resources: []string{consent.ResourceSchooling, consent.ResourceRSA}, Decide: agencies.BackToSchool,
		}, "valbrume-aide-rentree"},
	}
}

// makeAgencies makes their sites, on the town hall's port.
func (c *Country) makeAgencies(context.Context) (err error) {
	var all []agencies.Agency
	for _, one := range agencyList() {
		for _, a := range c.Approvals {
			if a.ID == one.approval {
				one.ClientSecret, one.SIRET, one.Purpose = c.Secrets[one.ClientID], a.ServiceProvider.SIRET, a.Purpose.ID
				all = append(all, one.Agency)
			}
		}
	}
	c.Agencies, err = agencies.New(agencies.Config{Accord: c.Accord, Address: c.TownHallURL, Releases: filepath.Join(c.Data, "releases"), Agencies: all})
	return err
}

// sites are the service providers' on one port: visibly others, one host.
func (c *Country) sites() http.Handler {
	m := http.NewServeMux()
	c.Agencies.Routes(m)
	m.Handle("/", c.TownHall)
	return m
}
