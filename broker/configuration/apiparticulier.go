package configuration

import (
	"slices"
	"strings"

	"accord/consent"
)

// APIParticulier is one token of API Particulier, and the administrations that
// are asked under it instead of directly.
type APIParticulier struct {
	URL       string                   `yaml:"url"`        // scheme and host
	TokenFile string                   `yaml:"token_file"` // the habilitation's token
	Rate      float64                  `yaml:"rate"`       // requests a second of all administrations together, at most 10,000; 0 (the default): 20
	Burst     int                      `yaml:"burst"`      // requests at once within rate; 0 (the default): 1
	Queue     int                      `yaml:"queue"`      // queries waiting for their turn, at most 10,000; 0 (the default): 200
	Breaker   Breaker                  `yaml:"breaker"`    // of each administration
	Serves    []string                 `yaml:"serves"`     // source ids, of servable
	Parties   map[string]consent.Party `yaml:"parties"`    // of those served, as receipts name them

	// Credentials are the tokens of further habilitations, by the name the
	// approvals of their recipients give them.
	Credentials map[string]*Habilitation `yaml:"credentials"`

	Token Secret `yaml:"-"` // content of TokenFile
}

// A Habilitation is a further token of API Particulier's: each recipient has
// its own there. Its limits are the account's, counted for itself.
type Habilitation struct {
	TokenFile string `yaml:"token_file"`

	Token Secret `yaml:"-"` // content of TokenFile
}

// servable are the sources API Particulier can stand for. cnav and
// francetravail can be connected directly too.
func servable() []string {
	return []string{"ants", "cnav", "cnous", "dsnj", "francetravail", "gipmds", "men", "mesr", "sdh"}
}

// ServedParties are the administrations asked under the token, by source id.
// None when a is nil.
func (a *APIParticulier) ServedParties() map[string]consent.Party {
	if a == nil {
		return nil
	}
	return a.Parties
}

func (a *APIParticulier) serves(id string) bool { return a != nil && slices.Contains(a.Serves, id) }

func (a *APIParticulier) files() []*string {
	if a == nil {
		return nil
	}
	files := []*string{&a.TokenFile}
	for _, h := range a.Credentials {
		if h != nil {
			files = append(files, &h.TokenFile)
		}
	}
	return files
}

// has tells whether a set of that name is configured.
func (a *APIParticulier) has(name string) bool { return a != nil && a.Credentials[name] != nil }

// direct says whether the source has an account of its own.
func (s Sources) direct(id string) bool {
	return s.ByID(id) != nil
}

func (s Sources) connected(id string) bool { return s.direct(id) || s.APIParticulier.serves(id) }

// toConnect tells what to write for a source that is not connected.
func toConnect(id string) string {
	own := id == consent.SourceCNAV || id == consent.SourceDGFiP || id == "francetravail"
	var ways []string
	if own {
		ways = append(ways, "sources."+id)
	}
	if slices.Contains(servable(), id) {
		ways = append(ways, id+" to sources.apiparticulier.serves")
	}
	return strings.Join(ways, ", or ")
}

func (d *document) checkAPIParticulier(s *Sources) {
	const path = "$.sources.apiparticulier"
	a := s.APIParticulier
	if a == nil {
		return
	}
	d.checkURL(path+".url", a.URL)
	a.Token = d.secret(path+".token_file", a.TokenFile)
	if !(a.Rate >= 0 && a.Rate <= 10_000) { // so written, NaN is refused too
		d.problem(path+".rate", "write requests a second, 0 to 10000 (0: 20, API Particulier's own limit)")
	}
	if a.Burst < 0 || a.Burst > 10_000 {
		d.problem(path+".burst", "write 0 to 10000 requests at once (0: one)")
	}
	if a.Queue < 0 || a.Queue > 10_000 {
		d.problem(path+".queue", "write 0 to 10000 waiting queries (0: 200)")
	}
	d.checkBreaker(path+".breaker", a.Breaker)
	if len(a.Serves) == 0 {
		d.problem(path+".serves", "is missing: write the sources asked under this token, of %s", strings.Join(servable(), ", "))
	}
	d.checkHabilitations(path+".credentials", a.Credentials)
	d.checkServed(s, path)
}

func (d *document) checkHabilitations(path string, all map[string]*Habilitation) {
	for _, name := range sortedKeys(all) {
		at := path + "." + name
		switch h := all[name]; {
		case !credentialName.MatchString(name):
			d.problem(at, "name the set with 1 to 64 lower-case letters, digits and hyphens, as valbrume")
		case h == nil:
			d.problem(at, "is empty: write token_file below it")
		default:
			h.Token = d.secret(at+".token_file", h.TokenFile)
		}
	}
}

// checkServed wants each source served once, by one way, and a party for it.
func (d *document) checkServed(s *Sources, path string) {
	a := s.APIParticulier
	for i, id := range a.Serves {
		at := index(path+".serves", i)
		switch _, named := a.Parties[id]; {
		case !slices.Contains(servable(), id):
			d.problem(at, "%q is none: write one of %s", cut(id), strings.Join(servable(), ", "))
		case slices.Contains(a.Serves[:i], id):
			d.problem(at, "stands twice: keep one")
		case s.direct(id):
			d.problem(at, "%s is connected directly too, under sources.%s: a source is asked in one way; remove one", id, id)
		case !named:
			d.problem(at, "%s has no party: write it under parties.%s, for receipts to name", id, id)
		}
	}
	for _, id := range sortedKeys(a.Parties) {
		at := path + ".parties." + id
		if !slices.Contains(a.Serves, id) {
			d.problem(at, "serves does not list %s: add it there, or remove this", cut(id))
			continue
		}
		d.problems(a.Parties[id].Validate(at))
	}
}
