package configuration

import (
	"path/filepath"

	"accord/broker/keyring"
	"accord/consent"
)

// Load reads accord.yaml and every file it points to. The Configuration is nil
// when anything is refused (Refused); the mistakes, warnings included, are all
// that can be found at once, ordered by file and line.
func Load(file string) (*Configuration, []Mistake) {
	c := &Configuration{File: file}
	d := load(file, &c.Settings)
	if len(d.lines) == 0 { // nothing could be read at all
		return nil, d.mistakes
	}
	c.Settings.resolve(filepath.Dir(file))
	d.check(&c.Settings)
	if c.Ring = d.ring(c.Settings); c.Ring != nil {
		d.checkLogKey(c.Settings.Registrars, c.Ring.LogVerifierKey())
	}

	catalogue := consent.DefaultCatalogue()
	clients, clientMistakes := LoadClients(c.Settings.ClientsDir)
	approvals, approvalMistakes := LoadApprovals(c.Settings.ApprovalsDir, catalogue, c.Settings.Registrars)
	c.Clients, c.Approvals = clients, approvals

	mistakes := append(d.mistakes, clientMistakes...)
	mistakes = append(mistakes, approvalMistakes...)
	mistakes = append(mistakes, CrossCheck(clients, approvals)...)
	mistakes = append(mistakes, publishedKeys(c.Settings, clients)...)
	mistakes = sorted(append(mistakes, connected(c.Settings, approvals, catalogue)...))
	if Refused(mistakes) {
		return nil, mistakes
	}
	return c, mistakes
}

// resolve makes the paths of the file relative to its folder.
func (s *Settings) resolve(dir string) {
	paths := []*string{&s.ClientsDir, &s.ApprovalsDir, &s.Keys, &s.Data, &s.Guard, &s.Admin, &s.FranceConnect.ClientSecretFile}
	paths = append(paths, s.Sources.APIParticulier.files()...)
	if s.ProConnect != nil {
		paths = append(paths, &s.ProConnect.ClientSecretFile)
	}
	if s.TLS != nil {
		paths = append(paths, &s.TLS.Certificate, &s.TLS.Key)
	}
	if p := s.FranceConnect.DataProvider; p != nil {
		paths = append(paths, &p.ClientSecretFile, &p.KeysFile)
	}
	for _, source := range []*Source{s.Sources.CNAV, s.Sources.DGFiP, s.Sources.FranceTravail} {
		paths = append(paths, source.secretFiles()...)
	}
	for _, p := range paths {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
}

// ring opens the keys, whose log must be this issuer's: a log under another
// host's name would be a fork in every witness's eyes.
func (d *document) ring(s Settings) *keyring.Ring {
	if s.Keys == "" {
		d.problem("$.keys", "is missing: write the folder accord init made, usually keys")
		return nil
	}
	ring, err := keyring.Open(s.Keys)
	if err != nil {
		d.problem("$.keys", "%s", err)
		return nil
	}
	if origin, err := LogOrigin(s.Issuer, 1); err == nil && !sameHost(ring.Origin(), origin) {
		d.problem("$.issuer", "the log key is of %s, which is not this issuer's log (%s): write the issuer that log belongs to", ring.Origin(), origin)
	}
	return ring
}

// sameHost compares the log names before their number.
func sameHost(a, b string) bool { return filepath.Dir(a) == filepath.Dir(b) }
