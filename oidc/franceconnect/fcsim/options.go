package fcsim

import (
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Lifetimes of FranceConnect. A grant ends 30 seconds after the citizen's
// click and takes userinfo with it, although the access token lives longer.
const (
	CodeLife        = 30 * time.Second
	GrantLife       = 30 * time.Second
	TokenLife       = 60 * time.Second
	InteractionLife = 30 * time.Minute // the session's too, each use prolongs it
	PlusSessionLife = 10 * time.Minute // FranceConnect+'s interaction and session, which no use prolongs
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
	AllowedPrompts         bool     // optional: prompt=login alone skips this client's information page
	SSO                    bool     // optional: a browser that logged in is not asked again who it is
	Faults                 bool     // optional: fault=<name> beside persona=<id> falsifies that login
	Plus                   *Plus    // optional: be FranceConnect+
	DataProviders          []DataProvider
	Personas               []Persona
	SigningAlg             string           // optional: ES256 (default) or RS256
	Now                    func() time.Time // optional: time.Now
	Skew                   time.Duration    // optional: how far the clock that dates tokens is ahead

	// Fault is optional and for tests. It is called at each request with the
	// endpoint's name (discovery, jwks, authorize, interaction, token,
	// userinfo, revocation, logout, checktoken); a status other than 0 is answered in its
	// place. It may sleep.
	Fault func(point string) int
}

// Plus makes the simulator FranceConnect+: eidas2 and eidas3, births as the
// identity provider gives them, rnipp_ twins, no checktoken.
type Plus struct {
	// EncryptionKey is the client's public key, with kid and alg (ECDH-ES,
	// RSA-OAEP or RSA-OAEP-256): ID token and userinfo are encrypted for it. A
	// zero key leaves them signed only.
	EncryptionKey jose.JSONWebKey
}

// A Persona is an invented citizen that can be chosen instead of logging in.
type Persona struct {
	ID       string // stable, [a-z0-9-]: the form value
	Story    Text   // one or two sentences on why one would choose this person
	Featured bool   // shown first; the others stand behind a disclosure
	Identity Identity
	Refused  string // optional: the code of the page met instead of logging in (Y010015 deceased, Y180001 blocked, …)
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
	IDPBirthplace     string // what the identity provider says, any text abroad; from Birthplace when empty
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
	o.DataProviders = completeProviders(o.DataProviders)
	return o, issuer
}

// sessionLife is that of FranceConnect's session.
func (o Options) sessionLife() time.Duration {
	if o.Plus != nil {
		return PlusSessionLife
	}
	return InteractionLife
}
