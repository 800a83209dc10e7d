package fcsim

import (
	"net/url"
	"time"
)

// Lifetimes of FranceConnect. A grant ends 30 seconds after the citizen's
// click and takes userinfo with it, although the access token lives longer.
const (
	CodeLife        = 30 * time.Second
	GrantLife       = 30 * time.Second
	TokenLife       = 60 * time.Second
	InteractionLife = 30 * time.Minute
)

// Options sets a Simulator. All members are mandatory but those said optional.
type Options struct {
	Issuer                 string // where the simulator is served, path included: http://127.0.0.1:8081/api/v2
	ClientID               string
	ClientSecret           string // at least 32 characters
	ServiceName            string // optional: shown in "Revenir sur …"; the client id otherwise
	RedirectURIs           []string
	PostLogoutRedirectURIs []string
	ProviderScopes         []string // data-provider scopes (dgfip_…, cnaf_…) this client is entitled to
	AMR                    bool     // optional: this client may ask for the amr claim
	Personas               []Persona
	SigningAlg             string           // optional: ES256 (default) or RS256
	Now                    func() time.Time // optional: time.Now

	// Fault is optional and for tests. It is called at each request with the
	// endpoint's name (discovery, jwks, authorize, interaction, token,
	// userinfo, revocation, logout); a status other than 0 is answered in its
	// place. It may sleep.
	Fault func(point string) int
}

// A Persona is an invented citizen that can be chosen instead of logging in.
type Persona struct {
	ID       string // stable, [a-z0-9-]: the form value
	Story    Text   // one or two sentences on why one would choose this person
	Featured bool   // shown first; the others stand behind a disclosure
	Identity Identity
}

// Text is a text in the two languages of the pages.
type Text struct{ FR, EN string }

// Identity is a citizen as the civil registry and the identity provider know
// them. Given to New, Birthdate may be partial (1962-03, 1962) as in the
// registry; New completes what FranceConnect completes.
type Identity struct {
	FamilyName        string // birth name
	GivenName         string // all first names; from GivenNames when empty
	GivenNames        []string
	PreferredUsername string // nom d'usage, may be empty
	Birthdate         string // YYYY-MM-DD, YYYY-MM or YYYY
	IDPBirthdate      string // what the identity provider says, unknown parts 00; from Birthdate when empty
	Gender            string // female, male, unspecified
	Birthplace        string // INSEE commune code; "" abroad
	Birthcountry      string // INSEE country code, 99100 France
	Email             string
}

// complete sets the defaults. A mistake here is the programmer's: it panics.
func (o Options) complete() (Options, *url.URL) {
	issuer, err := url.Parse(o.Issuer)
	if err != nil || issuer.Host == "" || len(o.ClientSecret) < minSecret {
		panic("fcsim: the issuer must be an absolute URL and the client secret hold 32 characters")
	}
	if o.SigningAlg == "" {
		o.SigningAlg = "ES256"
	}
	if o.SigningAlg != "ES256" && o.SigningAlg != "RS256" {
		panic("fcsim: the signing algorithm must be ES256 or RS256")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.ServiceName == "" {
		o.ServiceName = o.ClientID
	}
	personas := make([]Persona, len(o.Personas))
	for i, p := range o.Personas {
		p.Identity = p.Identity.complete()
		personas[i] = p
	}
	o.Personas = personas
	return o, issuer
}
