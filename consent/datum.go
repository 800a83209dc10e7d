package consent

import "slices"

// The release resources: the address, below /v3/, from which a service
// provider reads a datum. Identity is the userinfo of the login.
const (
	ResourceIdentity         = "identity"
	ResourceQuotientFamilial = "dss/quotient_familial"
	ResourceSituationIR      = "dgfip/situation_ir"

	ResourceEAJE = "dss/participation_familiale_eaje"
	ResourceRSA  = "dss/revenu_solidarite_active"
	ResourcePPA  = "dss/prime_activite"
	ResourceAAH  = "dss/allocation_adulte_handicape"
	ResourceAEEH = "dss/allocation_enfant_handicape"
	ResourceASF  = "dss/allocation_soutien_familial"
	ResourceC2S  = "dss/complementaire_sante_solidaire"

	ResourceJobseeker        = "france_travail/statut"
	ResourceJobseekerBenefit = "france_travail/indemnites"

	ResourceStudent         = "mesri/statut_etudiant"
	ResourceGrantHolder     = "cnous/etudiant_boursier"
	ResourceSchooling       = "men/scolarites"
	ResourceNationalService = "dsnj/service_national"
	ResourceCivicService    = "gip_mds/service_civique"
	ResourceAthlete         = "sdh/statut_sportif"
	ResourceVehicle         = "ants/extrait_immatriculation_vehicule"
)

// The sources: the administration that knows, whichever way it is asked.
// FranceConnect's is the login itself, never queried. Those after
// France Travail are asked through API Particulier.
const (
	SourceFranceConnect = "franceconnect"
	SourceCNAV          = "cnav"
	SourceDGFiP         = "dgfip"
	SourceFranceTravail = "francetravail"
	SourceMESR          = "mesr"   // higher education
	SourceCNOUS         = "cnous"  // student grants
	SourceMEN           = "men"    // schools
	SourceDSNJ          = "dsnj"   // national service
	SourceGIPMDS        = "gipmds" // civic service, from employers' declarations
	SourceSDH           = "sdh"    // high-level sport
	SourceANTS          = "ants"   // vehicle registration
)

// The types of data.
const (
	TypeIdentity   = "identity"
	TypeFamily     = "family"
	TypeFiscal     = "fiscal"
	TypeSocial     = "social"     // benefits, jobseekers
	TypeEducation  = "education"  // school, studies, grants
	TypeEngagement = "engagement" // national and civic service, sport
	TypeVehicle    = "vehicle"
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
	PeriodSchoolYear = "school_year" // from September, AAAA
	PeriodCurrent    = "current"     // the file as it stands on the day of the fetch
	PeriodNone       = ""            // timeless: civil status
)

// What a citizen supplies before the look-up, because the source does not find
// them by civil identity alone. Each is a name of providers.Query.Inputs.
const (
	InputJobseekerID  = "identifiant"         // France Travail's identifier
	InputINE          = "ine"                 // national student number; optional where identity may do
	InputPlate        = "immatriculation"     // of the vehicle
	InputAthleteID    = "identifiant_sportif" // digits
	InputChild        = "enfant"              // which child on the file of CAF or MSA
	InputSchool       = "code_etablissement"  // UAI code
	InputSchoolYear   = "annee_scolaire"      // first year, AAAA
	InputCampaignYear = "annee_campagne"
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
	Type     string   `json:"type"`     // TypeIdentity, TypeFamily, TypeFiscal …
	Source   string   `json:"source"`   // providers source id, or SourceFranceConnect
	Subject  string   `json:"subject"`  // whom it is about: the widest other person it tells something of
	Period   string   `json:"period"`   // PeriodMonth, PeriodIncomeYear, PeriodSchoolYear, PeriodCurrent or PeriodNone
	// Unit of the value: EUR/month, EUR/year, shares, count, persons, address,
	// text, date, commune, country, benefit, record, list, or enum:<name of the list>.
	Unit                string   `json:"unit"`
	Sensitivity         string   `json:"sensitivity"`          // SensitivityOrdinary, SensitivityHigh
	Preview             string   `json:"preview"`              // PreviewShown, PreviewHidden, PreviewTicked
	Selectors           []string `json:"selectors"`            // year selectors of which a request must carry one; may be empty
	Inputs              []string `json:"inputs"`               // what the citizen supplies before the look-up, Input…; may be empty
	Aliases             []string `json:"aliases"`              // further scope names it is asked by, of an earlier grammar
	FranceConnectScopes []string `json:"franceconnect_scopes"` // scopes to ask FranceConnect for; empty when the pivot or the source's own credentials suffice
	Special             bool     `json:"special"`              // special category (GDPR 9)

	// Answered is set on data a grid answers for: Paths are then the answer's
	// leaves. It is an approval's matter, so it is no part of the catalogue.
	Answered *Answered `json:"-"`
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

// below puts every leaf under one member.
func below(member string, leaves ...string) []string {
	paths := make([]string, len(leaves))
	for i, leaf := range leaves {
		paths[i] = member + leaf
	}
	return paths
}
