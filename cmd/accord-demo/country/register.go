package country

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"accord/broker/auditor"
	"accord/broker/configuration"
	"accord/cmd/accord-demo/conformance"
	"accord/cmd/accord/examples"
	"accord/consent"
	"accord/consent/audit"
	"accord/oidc/issuer"
)

// Names of the demonstration's registrations.
const (
	Editor       = "logiciels-du-preau" // serves two communes' canteens
	MediaLibrary = "mediatheque-valbrume"
	Region       = "region-hautes-brumes"
	RegionSite   = "region-carte-jeunes" // the région's site of the demonstration
	Ministry     = "ministere-nouveaux-departs"
	SocialAction = "ccas-valbrume"             // the commune's site for the new school year
	Account      = "compte-valbrume"           // asks for openid alone
	FamilyPortal = "portail-familles-valbrume" // at FAPI 2.0
	Auditor      = "auditor"                   // no client: who reads the log's openings
)

// register loads clients and approvals in the very form accord serve reads:
// the examples and whatever the options name. The demonstration has a
// registrar of its own, and says when it signs.
func (c *Country) register(context.Context) error {
	dir := filepath.Join(c.Data, "approvals")
	if err := c.gatherApprovals(dir); err != nil {
		return err
	}
	registrar, err := c.registrar()
	if err != nil {
		return err
	}
	catalogue := consent.DefaultCatalogue()
	approvals, mistakes := configuration.LoadApprovals(dir, catalogue, []string{registrar})
	if configuration.Refused(mistakes) {
		return mistaken(mistakes)
	}
	c.Approvals = approvals.Of(approvals.IDs())
	return c.registerClients(approvals)
}

// gatherApprovals copies the examples and further approvals into one folder.
func (c *Country) gatherApprovals(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the approvals folder: %w", err)
	}
	from, err := fs.Sub(examples.Approvals, "approvals")
	if err != nil {
		return fmt.Errorf("reading the examples: %w", err)
	}
	own, err := fs.Sub(ownApprovals, "approvals")
	if err != nil {
		return fmt.Errorf("reading the demonstration's approvals: %w", err)
	}
	each := []fs.FS{from, own}
	if c.options.Conformance != "" {
		suites, err := fs.Sub(conformance.Approvals, "approvals")
		if err != nil {
			return fmt.Errorf("reading the suite's approval: %w", err)
		}
		each = append(each, suites)
	}
	for _, all := range each {
		if err := copyNew(dir, all); err != nil {
			return err
		}
	}
	if c.options.Approvals == "" {
		return nil
	}
	return copyNew(dir, os.DirFS(c.options.Approvals))
}

// ownApprovals are of sources that not everybody connects: accord init does not
// copy them.
//
//go:embed approvals/*.yaml
var ownApprovals embed.FS

// copyNew writes every YAML file (and signature) over; an approval's own
// signature comes along.
func copyNew(dir string, from fs.FS) error {
	names, err := fs.Glob(from, "*.yaml*")
	if err != nil {
		return fmt.Errorf("listing approvals: %w", err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return fmt.Errorf("reading an approval: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return fmt.Errorf("copying an approval: %w", err)
		}
	}
	return nil
}

// registrar signs what is unsigned and gives the public key. The key is drawn
// at each start, so that everything is signed anew.
func (c *Country) registrar() (public string, err error) {
	private, public, err := configuration.GenerateRegistrar("demonstration")
	if err != nil {
		return "", err
	}
	file := filepath.Join(c.Data, "registrar.key")
	if err := os.WriteFile(file, []byte(private), 0o600); err != nil {
		return "", fmt.Errorf("keeping the registrar's key: %w", err)
	}
	signer, err := configuration.ReadRegistrar(file)
	if err != nil {
		return "", err
	}
	names, err := filepath.Glob(filepath.Join(c.Data, "approvals", "*.yaml"))
	if err != nil {
		return "", fmt.Errorf("listing approvals: %w", err)
	}
	for _, name := range names {
		if err := configuration.SignApproval(signer, name); err != nil {
			return "", err
		}
	}
	c.options.Say("%d approvals signed by the demonstration's own registrar (nobody checked them)", len(names))
	return public, nil
}

func mistaken(all []configuration.Mistake) error {
	var errs []error
	for _, m := range all {
		if !m.Warning {
			errs = append(errs, errors.New(m.String()))
		}
	}
	return errors.Join(errs...)
}

// auditors are who may read the openings: one, with a secret of this start.
func (c *Country) auditors() []auditor.Credential {
	secret := rand.Text() + rand.Text()
	c.Secrets[Auditor] = secret
	return []auditor.Credential{{Name: Auditor, SecretHash: audit.Digest([]byte(secret))}}
}

// registerClients makes the demonstration's own clients, whose addresses
// depend on the ports, and loads further ones.
func (c *Country) registerClients(approvals configuration.Approvals) error {
	c.Secrets = map[string]string{}
	c.Clients = []*issuer.Client{
		c.client(Editor, "Logiciels du Préau", issuer.ClientSecretBasic, "valbrume-cantine", "saint-aubin-cantine"),
		c.client(MediaLibrary, "Médiathèque de Valbrume", issuer.ClientSecretPost, "valbrume-mediatheque"),
		c.client(Region, "Région Hautes-Brumes", issuer.ClientSecretBasic, "hautes-brumes-transport"),
		c.client(Account, "Compte citoyen de Valbrume", issuer.ClientSecretBasic, "valbrume-compte"),
	}
	c.Clients[0].GrantTypes = []string{"authorization_code", "refresh_token", "client_credentials"}
	c.Clients[1].UserinfoClaims = true
	portal, err := c.familyPortal()
	if err != nil {
		return err
	}
	c.Clients = append(c.Clients, portal)
	for _, agency := range agencyList() {
		one := c.client(agency.ClientID, agency.Name, issuer.ClientSecretBasic, agency.approval)
		one.RedirectURIs = []string{c.TownHallURL + "/" + agency.Slug + "/retour"}
		c.Clients = append(c.Clients, one)
	}
	if err := c.registerSuite(); err != nil || c.options.Clients == "" {
		return err
	}
	return c.registerFurther(approvals)
}

// registerFurther loads the clients of -clients, held to the approvals they
// name. A folder without any is a mistake in its name.
func (c *Country) registerFurther(approvals configuration.Approvals) error {
	further, mistakes := configuration.LoadClients(c.options.Clients)
	mistakes = append(mistakes, configuration.CrossCheck(further, approvals)...)
	if configuration.Refused(mistakes) {
		return mistaken(mistakes)
	}
	ids := further.IDs()
	if len(ids) == 0 {
		return fmt.Errorf("%s: no client there: write the folder that holds ID.yaml", c.options.Clients)
	}
	for _, id := range ids {
		one, _ := further.Get(id)
		c.Clients = append(c.Clients, one)
	}
	c.options.Say("further clients: %s", strings.Join(ids, ", "))
	return nil
}

func (c *Country) client(id, name string, method issuer.AuthMethod, approvals ...string) *issuer.Client {
	secret := rand.Text() + rand.Text()
	c.Secrets[id] = secret
	return &issuer.Client{
		ID: id, Name: name, Profile: issuer.OIDC, AuthMethod: method, SecretHash: audit.Digest([]byte(secret)),
		RedirectURIs: []string{c.TownHallURL + "/retour"}, PostLogoutRedirectURIs: []string{c.TownHallURL + "/"}, PKCE: "required", IDTokenAlg: "ES256", Approvals: approvals,
	}
}
