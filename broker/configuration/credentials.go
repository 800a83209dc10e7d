package configuration

import (
	"cmp"
	"regexp"

	"accord/consent"
)

// A Credential is a further account at a source, for the recipients whose
// approvals name it. Its limits are the source's, counted for itself.
type Credential struct {
	ClientID         string `yaml:"client_id"`
	ClientSecretFile string `yaml:"client_secret_file"`
	Scope            string `yaml:"scope"` // of the access token; empty: the source's

	ClientSecret Secret `yaml:"-"` // content of ClientSecretFile
}

// ByID is the source of a catalogue's source id, nil when it is not connected.
func (s Sources) ByID(id string) *Source {
	return map[string]*Source{
		consent.SourceCNAV: s.CNAV, consent.SourceDGFiP: s.DGFiP, consent.SourceFranceTravail: s.FranceTravail,
	}[id]
}

// As is the source under one of its further accounts, which must exist. The
// resources that the source asks under a client of their own are not that
// account's, which asks none of them.
func (s Source) As(name string) Source {
	c := s.Credentials[name]
	s.Resources = s.shared()
	s.ClientID, s.ClientSecretFile, s.ClientSecret = c.ClientID, c.ClientSecretFile, c.ClientSecret
	s.Scope = cmp.Or(c.Scope, s.Scope)
	return s
}

// secretFiles are where the secrets of a source's accounts lie.
func (s *Source) secretFiles() []*string {
	if s == nil {
		return nil
	}
	files := append(s.resourceFiles(), &s.ClientSecretFile)
	for _, c := range s.Credentials {
		if c != nil {
			files = append(files, &c.ClientSecretFile)
		}
	}
	return files
}

// credentialName is that of approvals' credentials.
var credentialName = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$`)

func (d *document) checkCredentials(path string, s *Source) {
	for _, name := range sortedKeys(s.Credentials) {
		at := path + "." + name
		if !credentialName.MatchString(name) {
			d.problem(at, "name the set with 1 to 64 lower-case letters, digits and hyphens, as valbrume")
			continue
		}
		c := s.Credentials[name]
		if c == nil {
			d.problem(at, "is empty: write client_id and client_secret_file below it")
			continue
		}
		d.need(at+".client_id", c.ClientID, "the client id the source gave")
		c.ClientSecret = d.secret(at+".client_secret_file", c.ClientSecretFile)
	}
}

// checkFranceTravail checks what that source alone has.
func (d *document) checkFranceTravail(s *Source) {
	const path = "$.sources.francetravail"
	d.checkSource(path, s)
	d.checkURL(path+".indemnites_url", s.IndemnitesURL)
	if len(s.Resources) > 0 {
		d.problem(path+".resources", "belong to cnav alone: remove them")
	}
	for _, name := range sortedKeys(s.Credentials) {
		if c := s.Credentials[name]; c != nil && s.Scope != "" && c.Scope == "" {
			d.problem(path+".credentials."+name, "scope is missing: the source's own names its own application; write one here, or none in both places")
		}
	}
}

// checkNamed compares the sets an approval names with those of accord.yaml.
func (d *document) checkNamed(s Sources, named map[string]string) {
	for _, id := range sortedKeys(named) {
		source, at := s.ByID(id), id
		has := source != nil && source.Credentials[named[id]] != nil
		if s.APIParticulier.serves(id) {
			at, has = "apiparticulier", s.APIParticulier.has(named[id])
		}
		if !has {
			d.problem("$.credentials."+id, "accord.yaml has no such set: add sources.%s.credentials.%s there", at, cut(named[id]))
		}
	}
}
