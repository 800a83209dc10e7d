package configuration

import (
	"fmt"
	"net/url"
	"time"

	"accord/broker/keyring"
	"accord/consent"
)

// A Configuration is accord.yaml and everything it points to, read and found
// right. Paths are absolute or relative to the working directory, no longer to
// the file.
type Configuration struct {
	File     string // accord.yaml itself
	Settings Settings

	Clients   Clients
	Approvals Approvals // their signatures verified
	Ring      *keyring.Ring
}

// Settings are the keys of accord.yaml; cmd/accord/examples/accord.yaml
// documents each.
type Settings struct {
	Listen         string           `yaml:"listen"`          // host:port
	TLS            *TLS             `yaml:"tls"`             // nil: plain HTTP, on loopback or behind a trusted proxy
	TrustedProxies []string         `yaml:"trusted_proxies"` // IP addresses or CIDR ranges whose X-Forwarded-For counts
	Issuer         string           `yaml:"issuer"`          // public URL, scheme and host only
	Operator       consent.Operator `yaml:"operator"`
	Site           Site             `yaml:"site"`   // what the standing pages tell
	Notice         consent.Text     `yaml:"notice"` // of maintenance or an incident, shown at /etat; empty: none
	FranceConnect  FranceConnect    `yaml:"franceconnect"`
	ProConnect     *ProConnect      `yaml:"proconnect"` // nil: no agent can log in, and there is no desk
	Sources        Sources          `yaml:"sources"`
	ClientsDir     string           `yaml:"clients"`
	ApprovalsDir   string           `yaml:"approvals"`
	Registrars     []string         `yaml:"registrars"`  // public keys, as printed by accord approvals keygen
	Auditors       []Auditor        `yaml:"auditors"`    // who may read the log's openings over HTTP
	Keys           string           `yaml:"keys"`        // folder made by accord init
	Data           string           `yaml:"data"`        // folder of the store
	Guard          string           `yaml:"guard"`       // fork guard file, outside data
	Admin          string           `yaml:"admin"`       // unix socket
	AdminGroup     string           `yaml:"admin_group"` // whose members may open it too; empty: only its owner and root
}

// A Site is what the pages /mentions-legales, /accessibilite and /securite tell
// beside the operator's particulars. What is missing is said to be missing.
type Site struct {
	Director string `yaml:"director"` // of publication
	Host     string `yaml:"host"`     // name, address and telephone of who hosts the service
	Contact  string `yaml:"contact"`  // e-mail or https address for help and accessibility
	Security string `yaml:"security"` // e-mail or https address for reports of flaws; makes /.well-known/security.txt
}

// An Auditor may read the log's openings, with a bearer token that hashes to
// SecretHash.
type Auditor struct {
	Name       string `yaml:"name"`        // as the operator's log names who read
	SecretHash string `yaml:"secret_hash"` // "sha-256:" and the base64url of SHA-256(secret)
}

// TLS is the server certificate.
type TLS struct {
	Certificate string `yaml:"certificate"` // PEM file, chain
	Key         string `yaml:"key"`         // PEM file, readable by its owner only
}

// FranceConnect is the registration at FranceConnect.
type FranceConnect struct {
	Issuer             string   `yaml:"issuer"`
	ClientID           string   `yaml:"client_id"`
	ClientSecretFile   string   `yaml:"client_secret_file"`
	ACR                string   `yaml:"acr"`                      // eidas1 (the default)
	Alg                string   `yaml:"alg"`                      // ES256 (the default) or RS256
	PKCE               bool     `yaml:"pkce"`                     // false: FranceConnect refuses it
	PlainProvider      bool     `yaml:"plain_provider"`           // issuer is another OpenID provider, for trials
	AllowPlainUserinfo bool     `yaml:"allow_plain_userinfo"`     // sandbox registrations only
	PostLogout         string   `yaml:"post_logout_redirect_uri"` // below issuer; empty: no logout at FranceConnect
	Scopes             []string `yaml:"scopes"`                   // data-provider scopes FranceConnect grants this registration

	Party consent.Party `yaml:"party"` // who runs FranceConnect, as receipts name it

	DataProvider *DataProvider `yaml:"data_provider"` // nil: tokens FranceConnect gave to service providers are refused

	ClientSecret Secret `yaml:"-"` // content of ClientSecretFile
}

// A DataProvider is the operator's registration at FranceConnect as data
// provider (fournisseur de données).
type DataProvider struct {
	ClientID         string `yaml:"client_id"` // never that of the login
	ClientSecretFile string `yaml:"client_secret_file"`
	KeysFile         string `yaml:"keys_file"` // private JWK Set, newest first, made by accord keys franceconnect
	Alg              string `yaml:"alg"`       // of checktoken's signature: ES256 (the default) or RS256

	ClientSecret Secret         `yaml:"-"` // content of ClientSecretFile
	Keys         DecryptionKeys `yaml:"-"` // content of KeysFile
}

// ProConnect is the registration at the OpenID provider that knows the agents
// of desks: ProConnect, or another that gives sub and siret.
type ProConnect struct {
	Issuer           string `yaml:"issuer"`
	ClientID         string `yaml:"client_id"`
	ClientSecretFile string `yaml:"client_secret_file"`
	ACR              string `yaml:"acr"` // level asked and demanded; empty: any

	ClientSecret Secret `yaml:"-"` // content of ClientSecretFile
}

// Sources are the administrations asked; an absent one is not connected.
type Sources struct {
	CNAV  *Source `yaml:"cnav"`  // quotient familial of CNAF and MSA, through the CNAV hub
	DGFiP *Source `yaml:"dgfip"` // API Impôt particulier

	FranceTravail  *Source         `yaml:"francetravail"`  // statut and indemnités of France Travail
	APIParticulier *APIParticulier `yaml:"apiparticulier"` // other administrations, or the same ones, under API Particulier's token
}

// A Source is Accord's account at one administration.
type Source struct {
	URL              string  `yaml:"url"`            // cnav: of the quotient familial resource; dgfip: up to and without /impotparticulier; francetravail: of the statut resource
	IndemnitesURL    string  `yaml:"indemnites_url"` // francetravail alone: of the indemnités resource
	TokenURL         string  `yaml:"token_url"`      // OAuth token endpoint (RFC 6749 §4.4)
	Scope            string  `yaml:"scope"`          // of the access token
	ClientID         string  `yaml:"client_id"`
	ClientSecretFile string  `yaml:"client_secret_file"`
	Rate             float64 `yaml:"rate"`  // requests a second, at most 10,000; 0 (the default): no limit of ours
	Burst            int     `yaml:"burst"` // requests at once within rate; 0 (the default): 1
	Queue            int     `yaml:"queue"` // queries waiting for their turn under rate, at most 10,000; 0 (the default): 200
	Breaker          Breaker `yaml:"breaker"`

	Resources map[string]*SourceResource `yaml:"resources"` // cnav: those beside the quotient familial, by the last segment of their path

	Credentials map[string]*Credential `yaml:"credentials"` // further accounts, by the name approvals give them

	Party consent.Party `yaml:"party"` // the administration, as receipts name it

	ClientSecret Secret `yaml:"-"` // content of ClientSecretFile
}

// A SourceResource is Accord's account for one more resource of a source.
type SourceResource struct {
	URL              string `yaml:"url"`
	Scope            string `yaml:"scope"`
	ClientID         string `yaml:"client_id"` // empty: the source's own, then no client_secret_file
	ClientSecretFile string `yaml:"client_secret_file"`

	ClientSecret Secret `yaml:"-"` // content of ClientSecretFile
}

// A Breaker says when a source that fails is left alone.
type Breaker struct {
	Failures int           `yaml:"failures"` // in a row that open it, at most 1,000; 0 (the default): 10
	Pause    time.Duration `yaml:"pause"`    // before one query tries again, 1s to 1h; 0 (the default): 15s
}

// RedirectURI is the callback to register at FranceConnect.
func (s Settings) RedirectURI() string { return s.Issuer + "/callback" }

// LogOrigin is the name of an issuer's n-th log (design §6): host/log/n.
func LogOrigin(issuer string, n int) (string, error) {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("naming the log: %q is not an absolute URL", issuer)
	}
	return fmt.Sprintf("%s/log/%d", u.Host, n), nil
}
