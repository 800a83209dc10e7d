package country

import (
	"context"
	"fmt"
	"maps"
	"time"

	"accord/broker"
	"accord/broker/standing"
	"accord/cmd/accord-demo/townhall"
	"accord/consent"
	"accord/ui"
)

// makeBroker makes Accord over the simulators.
func (c *Country) makeBroker(ctx context.Context) error {
	sources, err := c.connectors()
	if err != nil {
		return err
	}
	rp, err := c.relyingParty()
	if err != nil {
		return err
	}
	provider, err := c.dataProvider()
	if err != nil {
		return err
	}
	agents, err := c.agents()
	if err != nil {
		return err
	}
	config := broker.Config{
		Issuer: c.Accord, LogOrigin: c.origin(), Operator: operator(), Site: site(), Store: c.Store, Keys: c.Keys,
		FranceConnect: rp, DataProvider: provider, ProConnect: agents,
		Entitled: entitled(), Sources: sources, SourceParties: sourceParties(), Catalogue: consent.DefaultCatalogue(),
		Clients: c.Clients, Approvals: c.Approvals, Auditors: c.auditors(), Demo: true, Start: c.TownHallURL + "/", StartName: "Logiciels du Préau", Personas: whomToBe(), StartedUnclean: c.Store.StartedUnclean(),
		Now: c.options.Now, Log: c.options.Log, FiguresStep: time.Second,
	}
	if c.options.Wrap != nil {
		c.options.Wrap(&config)
	}
	if c.Broker, err = broker.New(ctx, config); err != nil {
		return fmt.Errorf("making the broker: %w", err)
	}
	return nil
}

// Invented organisations; their SIRETs pass the check digit and name nobody.
func operator() consent.Operator {
	return consent.Operator{
		Name: "Syndicat numérique des Hautes-Brumes", SIRET: "99900020100015", Address: "2 rue de l'Exemple, 00000 Valbrume",
		DPO: "dpo@accord.example", Role: "processor",
	}
}

// whomToBe tells developers whom they can be.
func whomToBe() []ui.PersonaStory {
	var all []ui.PersonaStory
	for _, p := range Personas() {
		all = append(all, ui.PersonaStory{Name: p.Identity.GivenName + " " + p.Identity.FamilyName, Story: ui.Text(p.Story)})
	}
	return all
}

// site is what the standing pages tell of the demonstration.
func site() standing.Site {
	return standing.Site{
		Director: "Apolline Vernanchet (personne inventée)", Host: "Votre ordinateur : cette démonstration n'écoute que sur lui",
		Contact: "aide@accord.example", Security: "securite@accord.example",
	}
}

func sourceParties() map[string]consent.Party {
	all := map[string]consent.Party{
		consent.SourceCNAV: {Name: "CNAF et MSA (simulateur)", SIRET: "99900030000015", Address: "3 rue de l'Exemple, 00000 Valbrume", DPO: "https://cnaf.example/dpo"},
		consent.SourceDGFiP: {
			Name: "DGFiP (simulateur)", SIRET: "99900040900014", Address: "4 rue de l'Exemple, 00000 Valbrume",
			DPO: "https://dgfip.example/dpo",
		},
		consent.SourceFranceConnect: {
			Name: "FranceConnect (simulateur)", SIRET: "99900050800013", Address: "5 rue de l'Exemple, 00000 Valbrume",
			DPO: "https://fc.example/dpo",
		},
	}
	maps.Copy(all, hubParties())
	return all
}

// makeTownHall makes the service provider: one editor, two communes.
func (c *Country) makeTownHall(context.Context) (err error) {
	c.TownHall, err = townhall.New(townhall.Config{
		Accord: c.Accord, ClientID: Editor, ClientSecret: c.Secrets[Editor],
		Address: c.TownHallURL, Communes: communes(c.Approvals),
	})
	return err
}

// communes are the editor's, their tariffs read from the approvals' grids.
func communes(approvals []*consent.Approval) []townhall.Commune {
	var all []townhall.Commune
	for _, slug := range []string{"valbrume", "saint-aubin"} {
		for _, a := range approvals {
			if a.ID == slug+"-cantine" {
				all = append(all, townhall.Commune{
					Slug: slug, Name: a.ServiceProvider.Name, SIRET: a.ServiceProvider.SIRET,
					Purpose: a.Purpose.ID, Scopes: scopes(a), Tariffs: tariffs(a), Grid: answering(a),
				})
			}
		}
	}
	return all
}

// scopes asks all the approval's family data; tax data stay for the approvals
// that require them.
func scopes(a *consent.Approval) []string {
	var all []string
	for _, d := range append(append([]consent.ApprovedDatum{}, a.Data.Required...), a.Data.Optional...) {
		if known, ok := consent.DefaultCatalogue().Datum(d.ID); ok && known.Type == consent.TypeFamily {
			all = append(all, known.Scope)
		}
	}
	return all
}

// answering is the id of the grid that answers for the quotient, if one does.
func answering(a *consent.Approval) string {
	for _, d := range a.Approved(consent.DefaultCatalogue()) {
		if d.ID == "cnaf_quotient_familial" && d.Answered != nil {
			return d.Answered.Grid.ID
		}
	}
	return ""
}

func tariffs(a *consent.Approval) []townhall.Tariff {
	var all []townhall.Tariff
	for _, g := range a.Grids {
		for i, b := range g.Bands {
			t := townhall.Tariff{Code: g.Answers()[i].Code, Price: b.Label.FR}
			if b.Below != nil {
				t.Below = int(*b.Below)
			}
			all = append(all, t)
		}
	}
	return all
}
