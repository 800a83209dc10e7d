package configuration

import (
	"slices"
	"strings"
	"time"

	"accord/consent"
)

// check judges accord.yaml by itself and reads the secrets it names.
func (d *document) check(s *Settings) {
	d.checkAddresses(s)
	d.checkTLS(s)
	d.problems(s.Operator.Validate("$.operator"))
	d.checkSite(s)
	d.checkFranceConnect(s)
	d.checkProConnect(s.ProConnect)
	d.checkSources(&s.Sources)
	d.checkRegistrars(s)
	d.checkAuditors(s.Auditors)
	d.checkFolders(s)
}

func (d *document) need(path, value, want string) bool {
	if strings.TrimSpace(value) == "" {
		d.problem(path, "is missing: write %s", want)
		return false
	}
	return true
}

func (d *document) oneOf(path, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		d.problem(path, "write %s", strings.Join(allowed, " or "))
	}
}

func (d *document) problems(found []consent.Problem) {
	for _, p := range found {
		d.problem(p.Path, "%s", p.Message)
	}
}

func (d *document) checkFranceConnect(s *Settings) {
	fc := &s.FranceConnect
	d.checkURL("$.franceconnect.issuer", fc.Issuer)
	d.need("$.franceconnect.client_id", fc.ClientID, "the client id FranceConnect gave")
	fc.ClientSecret = d.secret("$.franceconnect.client_secret_file", fc.ClientSecretFile)
	setDefault(&fc.ACR, "eidas1")
	if fc.ACR != "eidas1" {
		d.problem("$.franceconnect.acr", "write eidas1: FranceConnect+ is not supported")
	}
	setDefault(&fc.Alg, "ES256")
	d.oneOf("$.franceconnect.alg", fc.Alg, "ES256", "RS256")
	if fc.PostLogout != "" && !strings.HasPrefix(fc.PostLogout, s.Issuer+"/") {
		d.problem("$.franceconnect.post_logout_redirect_uri", "write an address below issuer, as registered at FranceConnect")
	}
	if fc.PKCE {
		d.warn("$.franceconnect.pkce", "FranceConnect refuses requests with PKCE (error Y030007): only write true where it was tried")
	}
	if fc.PlainProvider {
		d.warn("$.franceconnect.plain_provider", "another provider stands in FranceConnect's place: never in production")
	}
	if fc.AllowPlainUserinfo {
		d.warn("$.franceconnect.allow_plain_userinfo", "identities come unsigned: never in production")
	}
	d.checkScopes(fc.Scopes)
	if fc.DataProvider != nil {
		d.checkDataProvider(fc)
	}
	d.problems(fc.Party.Validate("$.franceconnect.party"))
}

func (d *document) checkProConnect(pc *ProConnect) {
	if pc == nil {
		return
	}
	d.checkURL("$.proconnect.issuer", pc.Issuer)
	d.need("$.proconnect.client_id", pc.ClientID, "the client id the agents' provider gave")
	pc.ClientSecret = d.secret("$.proconnect.client_secret_file", pc.ClientSecretFile)
	if strings.ContainsAny(pc.ACR, " \t") {
		d.problem("$.proconnect.acr", "write one level, as eidas1, or leave the key out")
	}
}

func (d *document) checkScopes(scopes []string) {
	var known []string
	for _, datum := range consent.DefaultCatalogue().Data() {
		known = append(append(known, datum.FranceConnectScopes...), datum.Selectors...)
	}
	for i, scope := range scopes {
		if !slices.Contains(known, scope) {
			d.problem(index("$.franceconnect.scopes", i), "%q is no data-provider scope of the catalogue: remove it (identity scopes are always asked)", cut(scope))
		}
	}
}

func setDefault(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

func (d *document) checkSources(s *Sources) {
	if s.CNAV != nil {
		d.checkSource("$.sources.cnav", s.CNAV)
		d.checkResources("$.sources.cnav.resources", s.CNAV)
		d.foreign("$.sources.cnav", s.CNAV)
	}
	if s.DGFiP != nil {
		d.checkSource("$.sources.dgfip", s.DGFiP)
		d.foreign("$.sources.dgfip", s.DGFiP)
	}
	if s.FranceTravail != nil {
		d.checkFranceTravail(s.FranceTravail)
	}
	d.checkAPIParticulier(s)
}

func (d *document) checkSource(path string, s *Source) {
	d.checkURL(path+".url", s.URL)
	d.checkURL(path+".token_url", s.TokenURL)
	d.need(path+".client_id", s.ClientID, "the client id the source gave")
	s.ClientSecret = d.secret(path+".client_secret_file", s.ClientSecretFile)
	if !(s.Rate >= 0 && s.Rate <= 10_000) { // so written, NaN is refused too
		d.problem(path+".rate", "write requests a second, 0 to 10000 (0: no limit of ours)")
	}
	d.problems(s.Party.Validate(path + ".party"))
	if s.Burst < 0 || s.Burst > 10_000 {
		d.problem(path+".burst", "write 0 to 10000 requests at once (0: one)")
	}
	if s.Queue < 0 || s.Queue > 10_000 {
		d.problem(path+".queue", "write 0 to 10000 waiting queries (0: 200)")
	}
	d.checkBreaker(path+".breaker", s.Breaker)
	d.checkCredentials(path+".credentials", s)
}

// foreign refuses keys of another source, which would have no effect.
func (d *document) foreign(path string, s *Source) {
	if s.IndemnitesURL != "" {
		d.problem(path+".indemnites_url", "belongs to francetravail alone: remove it")
	}
	if len(s.Resources) > 0 && path != "$.sources.cnav" {
		d.problem(path+".resources", "belong to cnav alone: remove them")
	}
}

func (d *document) checkBreaker(path string, b Breaker) {
	if b.Failures < 0 || b.Failures > 1000 {
		d.problem(path+".failures", "write 1 to 1000 failures in a row (0: 10)")
	}
	if b.Pause != 0 && (b.Pause < time.Second || b.Pause > time.Hour) {
		d.problem(path+".pause", "write 1s to 1h, as 15s (0s: 15s)")
	}
}
