package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
)

func agencySteps() []step {
	return []step{
		{"a région's transport card: student and grant holder", (*checker).transportCard},
		{"a ministry's grant: tax notice and France Travail", (*checker).returnGrant},
		{"refusing at the région: nothing is read, the other path is told", (*checker).refuseAtRegion},
		{"sensitive data are looked up only if ticked", (*checker).onlyTicked},
		{"a child is chosen from the file, then their school is asked", (*checker).chosenChild},
	}
}

// An application is one citizen's way through an agency's form.
type application struct {
	slug, persona string
	ticked        []string   // sensitive data
	typed         url.Values // on /saisie; nil when nothing is asked there
	child         string     // number on /enfant; "" when none is asked
	agreed        []string   // optional data
}

// decision applies, agrees and gives the agency's last page.
func (ch *checker) decision(a application) (*headless.Page, error) {
	b := headless.New()
	p, err := ch.inSight(b, a)
	if err != nil {
		return nil, err
	}
	return b.Press(p, "accept", url.Values{"item": a.agreed})
}

// inSight applies up to the page of the values.
func (ch *checker) inSight(b *headless.Browser, a application) (*headless.Page, error) {
	p, err := ch.toLogin(b, a)
	if err != nil {
		return nil, err
	}
	if p, err = pressed(b, p, "persona-"+a.persona, "continue"); err != nil || a.child == "" {
		return p, err
	}
	if err := expect(p, "enfant-"+a.child); err != nil {
		return nil, err
	}
	if p, err = b.Press(p, "accept", url.Values{"enfant": {a.child}}); err != nil {
		return nil, err
	}
	return country.Settled(b, p)
}

// toLogin applies up to FranceConnect's simulator.
func (ch *checker) toLogin(b *headless.Browser, a application) (*headless.Page, error) {
	p, err := b.Get(ch.TownHallURL + "/" + a.slug + "/demande")
	if err != nil {
		return nil, err
	}
	if p, err = b.Press(p, "ask", nil); err != nil {
		return nil, err
	}
	if p, err = b.Press(p, "accept", url.Values{"item": a.ticked}); err != nil || a.typed == nil {
		return p, err
	}
	if p.URL.Path != "/saisie" {
		return nil, fmt.Errorf("%s: nothing is to be typed", p.URL.Path)
	}
	return b.Press(p, "accept", a.typed)
}

func pressed(b *headless.Browser, p *headless.Page, buttons ...string) (*headless.Page, error) {
	for _, button := range buttons {
		next, err := b.Press(p, button, nil)
		if err != nil {
			return nil, err
		}
		if p, err = country.Settled(b, next); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (ch *checker) transportCard() error {
	p, err := ch.decision(application{slug: "region", persona: "lucas", agreed: []string{"cnous_echelon_bourse"}})
	if err != nil {
		return err
	}
	if err := want(p.Text("decision"), "Votre carte de transport est gratuite"); err != nil {
		return err
	}
	return want(p.Text("facts"), "Étudiant inscrit : oui Boursier : oui Échelon : 5")
}

func (ch *checker) returnGrant() error {
	p, err := ch.decision(application{slug: "ministere", persona: "sabine", typed: url.Values{consent.InputJobseekerID: {country.SabineJobseeker}}})
	if err != nil {
		return err
	}
	return want(p.Text("decision"), "L’aide de 400 € vous est accordée")
}

func (ch *checker) refuseAtRegion() error {
	b := headless.New()
	p, err := ch.inSight(b, application{slug: "region", persona: "lucas"})
	if err != nil {
		return err
	}
	if p, err = b.Press(p, "refuse", nil); err != nil {
		return err
	}
	if err := expect(p, "refused"); err != nil {
		return err
	}
	if !strings.Contains(p.Words(), "certificat de scolarité") {
		return errors.New("the other path is not told")
	}
	return nil
}

// onlyTicked counts what the family branch was asked.
func (ch *checker) onlyTicked() error {
	a := application{slug: "ccas", persona: "camille", typed: url.Values{consent.InputSchool: {country.LeoSchool}}, child: "1"}
	before := len(ch.CNAV.Requests())
	if _, err := ch.inSight(headless.New(), a); err != nil {
		return err
	}
	unticked := len(ch.CNAV.Requests()) - before
	a.ticked = []string{"revenu_solidarite_active"}
	p, err := ch.inSight(headless.New(), a)
	if err != nil {
		return err
	}
	if ticked := len(ch.CNAV.Requests()) - before - unticked; unticked != 1 || ticked != 2 {
		return fmt.Errorf("asked %d times without the tick and %d with it, want the children alone, then RSA too", unticked, ticked)
	}
	return expect(p, "d-revenu-solidarite-active")
}

func (ch *checker) chosenChild() error {
	asked := len(ch.APIParticulier.Requests())
	b := headless.New()
	a := application{slug: "ccas", persona: "hugo", typed: url.Values{consent.InputSchool: {country.LeoSchool}}}
	p, err := ch.inSight(b, a)
	if err != nil {
		return err
	}
	if len(ch.APIParticulier.Requests()) != asked {
		return errors.New("the school was asked before a child was chosen")
	}
	if p.URL.Path != "/enfant" || !strings.Contains(p.Words(), "LEO MARTIN OSTERVAL") {
		return fmt.Errorf("%s does not show the children: %.200s", p.URL.Path, p.Words())
	}
	if p, err = b.Press(p, "accept", url.Values{"enfant": {"1"}}); err != nil {
		return err
	}
	if p, err = country.Settled(b, p); err != nil {
		return err
	}
	if p, err = b.Press(p, "accept", nil); err != nil {
		return err
	}
	return want(p.Text("decision"), "Une aide de 60 € vous est accordée")
}
