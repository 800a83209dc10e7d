package consent

// An Approval (habilitation) says what one service provider may ask for one
// purpose, and on what legal footing. It is a legal document: one YAML file,
// approvals/<id>.yaml, signed over its exact bytes by a registrar. Every key
// below is written in that file under the name of its yaml tag; a key this
// version does not know is refused. Where no default is given the key is
// obligatory. cmd/accord/examples/approvals shows it filled in.
type Approval struct {
	// ID is the name of the file without .yaml: 1 to 64 lower-case letters,
	// digits and hyphens. Clients name the approval by it; never reuse one.
	ID string `yaml:"id"`
	// Version of the texts, 1 to 32 of letters, digits, dots and hyphens, as
	// "1.0.0". Raise it whenever a sentence changes: receipts name it.
	Version string `yaml:"version"`
	// ServiceProvider is the body that receives the data and answers for them
	// (controller).
	ServiceProvider Party `yaml:"service_provider"`
	// Editor is the company that runs the service provider's software
	// (processor). Default: none, the service provider runs it itself.
	Editor *Party `yaml:"editor,omitempty"`
	// Purpose is the one purpose of this approval; another purpose is another
	// approval.
	Purpose Purpose `yaml:"purpose"`
	// Simplification names the paper the citizen no longer has to bring.
	// Default: none.
	Simplification Text `yaml:"simplification,omitempty"`
	// Charter is the digest of the charter the service provider signed:
	// "sha-256:" followed by 43 base64url characters.
	Charter string `yaml:"charter"`
	// Legal says which act the citizen's click is, and why the service
	// provider may ask.
	Legal Legal `yaml:"legal"`
	// Recipients are who reads the data inside and for the service provider,
	// one sentence each: at least one, at most ten.
	Recipients []Text `yaml:"recipients"`
	// Retention is how long the service provider keeps the data.
	Retention Retention `yaml:"retention"`
	// Locations are the countries where the data are processed, ISO 3166-1
	// alpha-2. Default: [FR].
	Locations []string `yaml:"locations,omitempty"`
	// Transfers names each transfer outside the European Union and its
	// safeguard. Default: none takes place.
	Transfers Text `yaml:"transfers,omitempty"`
	// AutomatedDecision is true when the data decide without a human being
	// (GDPR 22). Default: false.
	AutomatedDecision bool `yaml:"automated_decision,omitempty"`
	// MinimumAge is how old, in whole years, a citizen must be to answer alone,
	// 15 (loi Informatique et Libertés, art. 45) to 18; for a younger one a legal
	// representative must ask. Default: 18.
	MinimumAge int `yaml:"minimum_age,omitempty"`
	// Refusal says what happens to a citizen who refuses.
	Refusal RefusalPath `yaml:"refusal"`
	// Data lists what may be asked.
	Data ApprovedData `yaml:"data"`
	// Ceilings bound how often the data are fetched.
	Ceilings Ceilings `yaml:"ceilings"`
	// Desk lets the service provider's own agents ask for a person who
	// came to them or signed a paper. Default: no agent may ask.
	Desk *Desk `yaml:"desk,omitempty"`
	// Grids are the service provider's tables, at most ten. One that a datum
	// names (ApprovedDatum.Grid) answers in the datum's place; the others are
	// tariff tables, which say what a value leads to. Default: none.
	Grids []Grid `yaml:"grids,omitempty"`
	// DGFiPTeleservice is the identifier DGFiP gave the service provider's
	// online service (header ID_Teleservice). Obligatory with tax data,
	// refused without.
	DGFiPTeleservice string `yaml:"dgfip_teleservice,omitempty"`
	// Credentials names, for a source, the set of credentials of the broker's
	// configuration to use: {cnav: valbrume}. Default: the source's own.
	Credentials map[string]string `yaml:"credentials,omitempty"`
	// FranceConnect names the FranceConnect client of the broker's
	// configuration to log citizens in with. Default: the broker's own.
	FranceConnect string `yaml:"franceconnect,omitempty"`
	// FranceConnectClient is the service provider's own client_id at
	// FranceConnect, whose access tokens it may present to fetch again under a
	// citizen's recurring agreement (the token way). Default: none, it may not.
	FranceConnectClient string `yaml:"franceconnect_client,omitempty"`
	// Dates bound the approval in time.
	Dates Dates `yaml:"dates"`
	// Suspended stops every request and delivery at once when true.
	// Default: false.
	Suspended bool `yaml:"suspended,omitempty"`
	// Resumes names the suspension by an operator that this version ends: the
	// position accord approvals suspend printed, as
	// "accord.example/log/1#42". Default: none.
	Resumes string `yaml:"resumes,omitempty"`

	// Digest is "sha-256:" + base64url over the file's exact bytes, and File
	// its path. The loader writes both.
	Digest string `yaml:"-"`
	File   string `yaml:"-"`
	// Bytes are the file's exact bytes, from which Digest can be derived again
	// after the file has changed. The loader writes them.
	Bytes []byte `yaml:"-"`
}

// A Party is an organisation as receipts name it.
type Party struct {
	// Name is the legal name, as the SIRENE register has it; at most 200
	// characters.
	Name string `yaml:"name"`
	// SIRET, 14 digits in quotation marks (a leading zero would be lost).
	SIRET string `yaml:"siret"`
	// Address is the postal address on one line, at most 300 characters.
	Address string `yaml:"address"`
	// DPO is where to write to the data protection officer: an e-mail address
	// or an https address.
	DPO string `yaml:"dpo"`
}

// A Purpose is what the data are for.
type Purpose struct {
	// ID is what the request parameter purpose names: 1 to 64 lower-case
	// letters, digits and hyphens.
	ID string `yaml:"id"`
	// Label is its name in a list, at most 120 characters.
	Label Text `yaml:"label"`
	// Text is one sentence saying what is done with the data, at most 400
	// characters.
	Text Text `yaml:"text"`
	// Type is the purpose in W3C's Data Privacy Vocabulary, as
	// dpv:PublicBenefit or dpv:RequestedServiceProvision.
	Type string `yaml:"type"`
	// Service is the department that asks, as the citizen knows it, at most
	// 120 characters.
	Service Text `yaml:"service"`
}

// A Legal says which of the three acts the citizen's answer is.
type Legal struct {
	// Act is accord_art6_1_e (a public task, the citizen's accord as
	// safeguard: the usual case), consentement_art6_1_a (consent is the
	// legal basis: only data about the citizen alone) or information_l114_8
	// (at the desk alone, where the law asks no more than information).
	Act Act `yaml:"act"`
	// Basis is the legal basis, gdpr:6-1-e or gdpr:6-1-a, as the act demands.
	Basis string `yaml:"basis"`
	// Texts refer to what founds the request, as "CRPA:L114-8" or the date
	// and number of a deliberation: at least one with gdpr:6-1-e, at most ten.
	Texts []string `yaml:"texts"`
	// TaxSecrecy refers to the text that lifts tax secrecy (LPF L103) for this
	// purpose. Obligatory with tax data, refused without.
	TaxSecrecy string `yaml:"tax_secrecy,omitempty"`
	// FullAddress refers to the text that needs a whole address. Obligatory
	// with a datum of unit address that no grid answers, refused without.
	FullAddress string `yaml:"full_address,omitempty"`
}

// A Retention is how long data are kept by whoever received them.
type Retention struct {
	// Period is an ISO 8601 duration in years, months, weeks or days: P1Y,
	// P6M, P30D.
	Period string `yaml:"period"`
	// Rule says from when it runs and what follows, at most 200 characters.
	Rule Text `yaml:"rule"`
}

// A RefusalPath is what a citizen who says no is told.
type RefusalPath struct {
	// Consequence says concretely what refusing changes, at most 300
	// characters.
	Consequence Text `yaml:"consequence"`
	// OtherPath says how to get the same service without Accord, at most 300
	// characters.
	OtherPath Text `yaml:"other_path"`
	// URL leads there, https. Default: none.
	URL string `yaml:"url,omitempty"`
}

// ApprovedData are the catalogue ids a request may name.
type ApprovedData struct {
	// Required are the data without which the purpose cannot be met: who
	// agrees, agrees to all of them that were asked. Default: none.
	Required []ApprovedDatum `yaml:"required,omitempty"`
	// Optional are offered behind an unticked box each. Default: none.
	Optional []ApprovedDatum `yaml:"optional,omitempty"`
	// Years are the year selectors a request may name, as
	// dgfip_annee_n_moins_1: obligatory with tax data, refused without.
	Years []string `yaml:"years,omitempty"`
	// IdentityOnly lets the service provider ask for scope openid alone: it
	// then gets an identifier of the citizen of its own and nothing else. The
	// approval may list no datum at all. Default: false.
	IdentityOnly bool `yaml:"identity_only,omitempty"`
}

// An ApprovedDatum is one datum and the reason it is needed.
type ApprovedDatum struct {
	// ID is a catalogue id, as cnaf_quotient_familial.
	ID string `yaml:"id"`
	// Why completes "needed to …" or tells what the datum is good for, at most
	// 160 characters.
	Why Text `yaml:"why"`
	// Grid is the id of the grid that answers in the datum's place: its value
	// is looked up and shown to the citizen, and never sent. Default: none, the
	// value itself is sent.
	Grid string `yaml:"grid,omitempty"`
}

// Ceilings bound the fetches under one grant. Re-reading what was fetched is
// no fetch.
type Ceilings struct {
	// Mode is once, or repeated where citizens may also agree to later access.
	Mode string `yaml:"mode"`
	// Fetches is how many times the data may be fetched at most, the first
	// time included: 1 with once, 2 to 366 with repeated.
	Fetches int `yaml:"fetches"`
	// Duration is how long a repeated grant may live at most, an ISO 8601
	// duration of at most P12M; refused with once.
	Duration string `yaml:"duration,omitempty"`
}

// The modes of fetching.
const (
	ModeOnce     = "once"
	ModeRepeated = "repeated"
)

// Dates bound an approval in time. Days are counted in UTC.
type Dates struct {
	// From is its first day, YYYY-MM-DD.
	From string `yaml:"from"`
	// Until is its last day, YYYY-MM-DD, that day included.
	Until string `yaml:"until"`
}
