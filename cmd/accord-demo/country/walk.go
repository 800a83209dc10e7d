package country

import (
	"fmt"

	"accord/cmd/accord-demo/headless"
)

// A Walk is one citizen's browser on the way through one request of a service
// provider played by hand.
type Walk struct {
	*headless.Browser
	Country *Country
	Request headless.Request
	Page    *headless.Page // where the citizen stands
}

// Client is one of the demonstration's registrations, for one approval and some
// scopes.
func (c *Country) Client(id, approval string, scopes ...string) (headless.Client, error) {
	for _, a := range c.Approvals {
		if a.ID == approval {
			return headless.Client{
				Issuer: c.Accord, ID: id, Secret: c.Secrets[id], RedirectURI: c.TownHallURL + "/retour",
				Recipient: a.ServiceProvider.SIRET, Purpose: a.Purpose.ID, Scopes: scopes,
			}, nil
		}
	}
	return headless.Client{}, fmt.Errorf("no approval %s", approval)
}

// Walk opens the request's first page, /connexion.
func (c *Country) Walk(client headless.Client) (*Walk, error) {
	w := &Walk{Browser: headless.New().StopAt(client.RedirectURI), Country: c, Request: client.Begin()}
	var err error
	w.Page, err = w.Get(w.Request.URL(nil))
	return w, err
}

// Do presses buttons one after the other, waiting out the sources.
func (w *Walk) Do(buttons ...string) error {
	for _, b := range buttons {
		p, err := w.Press(w.Page, b, nil)
		if err != nil {
			return err
		}
		if w.Page, err = Settled(w.Browser, p); err != nil {
			return err
		}
	}
	return nil
}

// See walks to the consent page as one of the personas.
func (w *Walk) See(persona string) error { return w.Do("accept", "persona-"+persona, "continue") }

// Settled reloads a waiting page as its header says, without the pause: the
// server holds each request for its own while.
func Settled(b *headless.Browser, p *headless.Page) (*headless.Page, error) {
	var err error
	for n := 0; n < 6 && p.Header.Get("Refresh") != ""; n++ {
		if p, err = b.Get(p.URL.String()); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Token agrees to everything required as a persona, and exchanges the code.
func (c *Country) Token(client headless.Client, persona string) (*Walk, headless.Token, error) {
	w, err := c.Walk(client)
	if err != nil {
		return w, headless.Token{}, err
	}
	if err := w.See(persona); err != nil {
		return w, headless.Token{}, err
	}
	if err := w.Do("accept"); err != nil {
		return w, headless.Token{}, err
	}
	t, err := w.Request.Exchange(w.Page.Stopped)
	return w, t, err
}

// LookBack logs in to « Mes accords » as a persona.
func (c *Country) LookBack(b *headless.Browser, persona string) (*headless.Page, error) {
	p, err := b.Get(c.Accord + "/mes-accords")
	if err != nil {
		return nil, err
	}
	for _, button := range []string{"submit", "persona-" + persona, "continue"} {
		if p, err = b.Press(p, button, nil); err != nil {
			return nil, err
		}
	}
	return p, nil
}
