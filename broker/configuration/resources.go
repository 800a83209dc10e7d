package configuration

import (
	"maps"
	"slices"
	"strings"

	"accord/consent"
)

// hubResources are what the CNAV hub answers beside the quotient familial, by
// the last segment of their path at API Particulier.
func hubResources() []string {
	return []string{
		"allocation_adulte_handicape", "allocation_enfant_handicape", "allocation_soutien_familial", "complementaire_sante_solidaire",
		"participation_familiale_eaje", "prime_activite", "revenu_solidarite_active",
	}
}

// resourceFiles are where the secrets of a source's resources lie.
func (s *Source) resourceFiles() []*string {
	var files []*string
	for _, r := range s.Resources {
		if r != nil {
			files = append(files, &r.ClientSecretFile)
		}
	}
	return files
}

// shared are the resources asked under the source's own client.
func (s *Source) shared() map[string]*SourceResource {
	shared := maps.Clone(s.Resources)
	maps.DeleteFunc(shared, func(_ string, r *SourceResource) bool { return r == nil || r.ClientID != "" })
	return shared
}

// missingResource names the hub's resource a datum is of, when the hub has it
// and s does not connect it.
func missingResource(s *Source, datum consent.Datum) string {
	name, ofHub := strings.CutPrefix(datum.Resource, "dss/")
	if s == nil || !ofHub || datum.Source != consent.SourceCNAV || !slices.Contains(hubResources(), name) || s.Resources[name] != nil {
		return ""
	}
	return name
}

// checkResources judges the accounts beside the source's own. The hub knows a
// client by one secret: two secrets for one client id are a slip of the pen.
func (d *document) checkResources(path string, s *Source) {
	secrets := map[string]Secret{s.ClientID: s.ClientSecret}
	for _, name := range slices.Sorted(maps.Keys(s.Resources)) {
		at, r := path+"."+name, s.Resources[name]
		if !slices.Contains(hubResources(), name) {
			d.problem(at, "%q is none: write one of %s (the quotient familial stands above)", cut(name), strings.Join(hubResources(), ", "))
			continue
		}
		if r == nil {
			d.problem(at, "is empty: write url and scope below it")
			continue
		}
		d.checkResource(at, r)
		if r.ClientSecret == (Secret{}) {
			continue // none of its own, or told already
		}
		if known, ok := secrets[r.ClientID]; ok && known != (Secret{}) && known != r.ClientSecret {
			d.problem(at+".client_secret_file", "another secret than elsewhere for client_id %q: leave client_id and client_secret_file out to use the source's own, or name the same file", cut(r.ClientID))
		}
		secrets[r.ClientID] = r.ClientSecret
	}
}

func (d *document) checkResource(path string, r *SourceResource) {
	d.checkURL(path+".url", r.URL)
	switch {
	case r.ClientID != "":
		r.ClientSecret = d.secret(path+".client_secret_file", r.ClientSecretFile)
	case r.ClientSecretFile != "":
		d.problem(path+".client_secret_file", "is of no client: write client_id beside it, or remove it to use the source's own")
	}
}
