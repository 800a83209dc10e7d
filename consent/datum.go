package consent

import "slices"

// The release resources: the address, below /v3/, from which a service
// provider reads a datum. Identity is the userinfo of the login.
const (
	ResourceIdentity         = "identity"
	ResourceQuotientFamilial = "dss/quotient_familial"
	ResourceSituationIR      = "dgfip/situation_ir"
)

// The sources. FranceConnect's is the login itself, never queried.
const (
	SourceFranceConnect = "franceconnect"
	SourceCNAV          = "cnav"
	SourceDGFiP         = "dgfip"
)

// The types of data.
const (
	TypeIdentity = "identity"
	TypeFamily   = "family"
	TypeFiscal   = "fiscal"
)

// Whom a datum is about: the widest person other than the citizen it tells
// something of.
const (
	SubjectSelf      = "self"      // the citizen alone
	SubjectPartner   = "partner"   // names or describes a spouse or partner
	SubjectParent    = "parent"    // names or describes a parent
	SubjectChild     = "child"     // names or describes children
	SubjectHousehold = "household" // computed from, or describing, everybody in the file
)

// The periods a value speaks of.
const (
	PeriodMonth      = "month"       // one month, AAAA-MM
	PeriodIncomeYear = "income_year" // the year the income was earned, AAAA
	PeriodCurrent    = "current"     // the file as it stands on the day of the fetch
	PeriodNone       = ""            // timeless: civil status
)

// How delicate a datum is; special categories (GDPR 9) have Datum.Special.
const (
	SensitivityOrdinary = "ordinary"
	SensitivityHigh     = "high" // highly personal: income, other persons, minors
)

// How the consent page shows a value.
const (
	PreviewShown  = "shown"  // stands on the page
	PreviewHidden = "hidden" // opens on demand
	PreviewTicked = "ticked" // looked up only if ticked before
)

// A Datum is one entry of the catalogue: the smallest thing a service provider
// may ask for and a citizen may agree to. Its texts for people stand in
// ui/locales under datum.<ID>.
type Datum struct {
	ID       string   `json:"id"`       // catalogue id; equals Scope today
	Scope    string   `json:"scope"`    // FranceConnect's or API Particulier's scope name
	Resource string   `json:"resource"` // release resource, ResourceIdentity …
	Paths    []string `json:"paths"`    // leaves of the resource's document, see Mask; sorted as the document is
	Type     string   `json:"type"`     // TypeIdentity, TypeFamily, TypeFiscal
	Source   string   `json:"source"`   // providers source id, or SourceFranceConnect
	Subject  string   `json:"subject"`  // whom it is about: the widest other person it tells something of
	Period   string   `json:"period"`   // PeriodMonth, PeriodIncomeYear, PeriodCurrent or PeriodNone
	// Unit of the value: EUR/month, EUR/year, shares, count, persons, address,
	// text, date, commune, country, or enum:<name of the list>.
	Unit                string   `json:"unit"`
	Sensitivity         string   `json:"sensitivity"`          // SensitivityOrdinary, SensitivityHigh
	Preview             string   `json:"preview"`              // PreviewShown, PreviewHidden, PreviewTicked
	Inputs              []string `json:"inputs"`               // selectors of which a request must carry one; may be empty
	FranceConnectScopes []string `json:"franceconnect_scopes"` // scopes to ask FranceConnect for; empty when the pivot or the source's own credentials suffice
	Special             bool     `json:"special"`              // special category (GDPR 9)
}

// IDs gives the catalogue ids of data, in their order.
func IDs(data []Datum) []string {
	ids := make([]string, len(data))
	for i, d := range data {
		ids[i] = d.ID
	}
	return ids
}

// Sources gives the ids of the sources to query for data, sorted, each once.
// FranceConnect is left out: the login is not a source (design §2, promise 3).
func Sources(data []Datum) []string {
	return distinct(data, func(d Datum) string {
		if d.Source == SourceFranceConnect {
			return ""
		}
		return d.Source
	})
}

// Resources gives the release resources data stand in, sorted, each once.
func Resources(data []Datum) []string {
	return distinct(data, func(d Datum) string { return d.Resource })
}

// Fields gives the fields of data as grants and deliveries name them,
// "<resource>#<path>", sorted, each once.
func Fields(data []Datum) []string {
	var fields []string
	for _, d := range data {
		for _, p := range d.Paths {
			fields = append(fields, d.Resource+"#"+p)
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// Paths gives the paths that data open in the document of resource, sorted,
// each once: what Mask takes.
func Paths(data []Datum, resource string) []string {
	var paths []string
	for _, d := range data {
		if d.Resource == resource {
			paths = append(paths, d.Paths...)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// distinct collects the non-empty results of pick, sorted, each once.
func distinct(data []Datum, pick func(Datum) string) []string {
	var found []string
	for _, d := range data {
		if s := pick(d); s != "" {
			found = append(found, s)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
