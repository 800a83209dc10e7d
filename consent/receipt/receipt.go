// Package receipt is the consent receipt: what it says, how it is signed, and
// how anyone checks one offline. It is pure: no store, no network, no clock.
//
//	Receipt ─ Validate ─ Sign(key, at) ─▶ compact JWS ─▶ stored, handed out, logged by Digest
//	                                        │
//	                     KeySet ─ Verify ◀──┘  form → key → signature → key's time → content
//	                     Follows ◀────────┘  a withdrawal or renewal, and the receipt before it
//
// Schema publishes the content's shape for other readers.
//
// The content follows ISO/IEC TS 27560 in W3C DPV's profile; the envelope is
// a JAdES B-B signature in JWS compact form (ETSI TS 119 182-1, RFC 7515).
// A receipt names what was asked and agreed by catalogue ids, and persons by
// pairwise pseudonyms: it never holds a value, a name, a date or an address of
// a person. It proves that an act took place, not that it still holds.
package receipt

// SchemaVersion is the only value of schema_version this package reads.
const SchemaVersion = "https://accord.example/schemas/receipt/1"

// ISOProfile is the profile of ISO/IEC TS 27560 receipts follow.
const ISOProfile = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"

// A Receipt is the record of one act: an agreement, a refusal, a withdrawal.
// All members are obligatory unless said otherwise; Validate has the rules.
type Receipt struct {
	SchemaVersion   string      `json:"schema_version"`             // SchemaVersion
	ISOProfile      string      `json:"iso_profile"`                // ISOProfile
	ReceiptID       string      `json:"receipt_id"`                 // UUIDv7
	RecordID        string      `json:"record_id"`                  // UUIDv7, the same over the life of one consent
	GrantID         string      `json:"grant_id,omitempty"`         // "g_" + 128 random bits; absent from refusals
	PreviousReceipt string      `json:"previous_receipt,omitempty"` // Digest of the receipt this one follows; withdrawals and renewals
	Event           Event       `json:"event"`
	Language        string      `json:"language"`          // BCP 47, of the pages shown
	Subject         *Subject    `json:"subject,omitempty"` // absent from refusals before or at login: nobody is known
	Legal           Legal       `json:"legal"`
	Notice          Notice      `json:"notice"`
	Approval        Approval    `json:"approval"`
	Catalogue       string      `json:"catalogue"`                // digest of the catalogue of data
	RequestDigest   string      `json:"request_digest,omitempty"` // SHA-256 of the event lookup.requested; absent when no look-up was asked
	Parties         []Party     `json:"parties"`
	Purposes        []Purpose   `json:"purposes"`
	Withdrawal      *Withdrawal `json:"withdrawal,omitempty"` // absent from refusals
	Rights          []string    `json:"rights"`               // of the person under this legal basis
	Log             Log         `json:"log"`
}

// An Event is the act itself.
type Event struct {
	Type        Type     `json:"type"`
	Stage       Stage    `json:"stage,omitempty"` // only of refusals
	State       State    `json:"state"`
	ConsentType string   `json:"consent_type"` // "explicit"; "information" where the law asks no more
	BasisAct    BasisAct `json:"basis_act"`
	Time        Time     `json:"time"`
	ValidFrom   Time     `json:"valid_from,omitempty"`  // absent from refusals
	ValidUntil  Time     `json:"valid_until,omitempty"` // absent from refusals
	EntityID    string   `json:"entity_id"`             // who acted: "sub", the person
	Method      string   `json:"method"`                // by what: "unticked-checkbox+button"
}

// A Subject is the data subject, known to the recipient by a pseudonym.
type Subject struct {
	ID     string `json:"id"`      // pairwise subject identifier of the recipient
	IDType string `json:"id_type"` // "pairwise"
	Auth   Auth   `json:"auth"`
}

// Auth says how surely the person was known.
type Auth struct {
	IDP       string `json:"idp"`                   // issuer of FranceConnect
	ACR       string `json:"acr"`                   // eidas1 …
	AuthTime  int64  `json:"auth_time"`             // seconds since 1970
	FCSubHash string `json:"fc_sub_hash,omitempty"` // "hm_" + HMAC(key, receipt_id ‖ sub); absent from assisted acts
	// AgentSubHash is that of the agent who knew the person, in an assisted
	// act: IDP, ACR and AuthTime are then those of the agent's login.
	AgentSubHash string `json:"agent_sub_hash,omitempty"`
	Paper        string `json:"paper,omitempty"`    // salted digest of the signed paper's SHA-256
	Evidence     string `json:"evidence,omitempty"` // salted digest of FranceConnect's ID token; absent when served from the web session alone
}

// Legal is the ground on which the data are processed. GDPR art. 6 and 13-1-c.
type Legal struct {
	Basis            string   `json:"basis"`               // "gdpr:6-1-e" or "gdpr:6-1-a", as BasisAct says
	BasisOfRecipient string   `json:"basis_of_recipient"`  // "gdpr:6-1-" and a letter
	TextRefs         []string `json:"text_refs,omitempty"` // "CRPA:L114-8" …; may be absent under 6-1-a
	Jurisdiction     string   `json:"jurisdiction"`        // "FR"
	Authority        string   `json:"authority"`           // "CNIL"
}

// Notice is what the person was told, and where it stands.
type Notice struct {
	ID           string `json:"id"`
	Version      string `json:"version"`
	URI          string `json:"uri"`
	Digest       string `json:"digest"`                  // of the notice's exact bytes
	ScreenDigest string `json:"screen_digest,omitempty"` // of the page shown, without any value; may be absent when refused at login, on FranceConnect's page
}

// Approval is what allowed the recipient to ask.
type Approval struct {
	ID     string `json:"id"`
	Digest string `json:"digest"` // of the approval file's exact bytes
}

// A Party is an organisation that takes part. GDPR art. 13-1-a, b, e.
type Party struct {
	ID      string `json:"id"`   // "siret:" + 14 digits
	Role    string `json:"role"` // controller, joint_controller, processor, source
	Name    string `json:"name"`
	Address string `json:"address"`
	Contact string `json:"contact"` // of the data protection officer: e-mail or URL
	Type    string `json:"type"`    // recipient, broker, data_source, editor
}

// A Purpose is why data are asked, which, and how they are kept.
type Purpose struct {
	ID                string    `json:"id"`
	Type              string    `json:"type"` // DPV term, "dpv:PublicBenefit"
	Label             string    `json:"label"`
	Service           string    `json:"service"`
	Data              []Datum   `json:"data"`
	Fetch             Fetch     `json:"fetch"`
	Retention         Retention `json:"retention"`
	Locations         []string  `json:"locations"` // ISO 3166 countries
	Transfers         string    `json:"transfers"` // outside the EU: "none", or which
	AutomatedDecision bool      `json:"automated_decision"`
}

// A Datum is one entry of the catalogue as asked and answered.
type Datum struct {
	ID         string   `json:"id"`
	Type       string   `json:"type"`       // identity, family, fiscal
	Attributes []string `json:"attributes"` // paths of the fields
	Optional   bool     `json:"optional"`
	Granted    bool     `json:"granted"`
	Special    bool     `json:"special"` // GDPR art. 9
	Source     string   `json:"source"`  // id of the party it comes from
}

// Fetch is how often the data may be fetched.
type Fetch struct {
	Mode   string `json:"mode"`             // once, repeated
	Max    int    `json:"max"`              // fetches, at least 1
	Period string `json:"period,omitempty"` // ISO 8601 duration, only when repeated
}

// Retention is how long the recipient keeps the data. GDPR art. 13-2-a.
type Retention struct {
	Recipient string `json:"recipient"` // ISO 8601 duration
	Rule      string `json:"rule"`      // in words
}

// Withdrawal is how the person ends it. GDPR art. 7-3. Its name is 27560's;
// under 6-1-e the page behind URI offers opposition.
type Withdrawal struct {
	URI    string `json:"uri"`
	Effect string `json:"effect"` // "future-only"
}

// Log is where the act is logged.
type Log struct {
	Origin string `json:"origin"` // "<host>/log/<n>"
	Policy string `json:"policy"` // digest of the C2SP tlog-policy file
}
