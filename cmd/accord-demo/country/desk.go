package country

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"accord/cmd/accord-demo/headless"
	"accord/oidc/proconnect"
	"accord/oidc/proconnect/pcsim"
	"accord/providers"
)

// proConnectPath is where the agents' simulator lies, under FranceConnect's
// port: four ports are enough.
const proConnectPath = "/proconnect"

// CCAS is the approval of the demonstration's desk.
const CCAS = "valbrume-ccas"

// Agents are the invented clerks: two of Valbrume, one of another body.
func Agents() []pcsim.Agent {
	return []pcsim.Agent{
		{ID: "ines", SIRET: "99900010200015", Body: "Commune de Valbrume", GivenName: "Inès", FamilyName: "Vasseur"},
		{ID: "paul", SIRET: "99900010200015", Body: "Commune de Valbrume", GivenName: "Paul", FamilyName: "Roquemaure"},
		{ID: "agathe", SIRET: "99900051600016", Body: "Commune de Saint-Aubin", GivenName: "Agathe", FamilyName: "Delorme"},
	}
}

// logins serves both simulators of logins under one port.
func (c *Country) logins() http.Handler {
	m := http.NewServeMux()
	m.Handle(proConnectPath+"/", c.ProConnect)
	m.Handle("/", c.FranceConnect)
	return m
}

func (c *Country) agents() (*proconnect.RelyingParty, error) {
	return proconnect.New(proconnect.Config{
		Issuer: c.FranceConnectURL + proConnectPath, ClientID: proConnectClient, ClientSecret: c.secrets.proConnect,
		RedirectURI: c.Accord + "/guichet/retour", ACR: "eidas1", HTTP: c.trusting(),
	})
}

// Agent logs in to the desk as one of the agents.
func (c *Country) Agent(b *headless.Browser, id string) (*headless.Page, error) {
	p, err := b.Get(c.Accord + "/guichet")
	for _, button := range []string{"submit", "agent-" + id} {
		if err != nil {
			return nil, err
		}
		p, err = b.Press(p, button, nil)
	}
	return p, err
}

// AtDesk fills the desk's form for a persona and sends it. more replaces
// fields.
func (c *Country) AtDesk(b *headless.Browser, approval, persona, agreement string, more url.Values) (*headless.Page, error) {
	p, err := b.Get(c.Accord + "/guichet/demande?h=" + approval)
	if err != nil || !p.Has("submit") {
		return p, err
	}
	for _, one := range Personas() {
		if one.ID == persona {
			return b.PressMultipart(p, "submit", deskForm(one.Identity, agreement, more))
		}
	}
	return nil, fmt.Errorf("no persona %s", persona)
}

// deskForm is what an agent copies from a civil status document.
func deskForm(i providers.Identity, agreement string, more url.Values) url.Values {
	year, month, day := parts(i.RawBirthdate())
	form := url.Values{
		"nom": {i.FamilyName}, "prenoms": {i.GivenName}, "annee": {year}, "mois": {month}, "jour": {day}, "sexe": {i.Gender},
		"pays": {i.Birthcountry}, "commune": {""}, "dossier": {"2026-114"}, "accord": {agreement},
	}
	if i.Birthcountry == france {
		form.Set("commune", i.Birthplace)
	}
	for k, v := range more {
		form[k] = v
	}
	return form
}

// parts of a birth date, unknown ones empty as on the form.
func parts(date string) (year, month, day string) {
	all := strings.SplitN(date+"--", "-", 4)
	for n := range all[1:3] {
		if all[1+n] == "00" {
			all[1+n] = ""
		}
	}
	return all[0], all[1], all[2]
}
