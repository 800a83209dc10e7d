package receipt

import "time"

// Type is the kind of act, in the words of ISO/IEC TS 27560.
type Type string

// The types. Expiry makes no receipt: it is computed from valid_until.
const (
	Granted   Type = "consent.granted"
	Refused   Type = "consent.refused"
	Renewed   Type = "consent.renewed"
	Withdrawn Type = "consent.withdrawn"
)

// State is the state the act leads to.
type State string

// The states; a renewed consent is given again.
const (
	StateGiven     State = "given"
	StateRefused   State = "refused"
	StateWithdrawn State = "withdrawn"
)

// Stage is where the person refused.
type Stage string

// The stages. Before the decision nobody is known.
const (
	StageBeforeLogin Stage = "before_login" // on Accord's first page
	StageLogin       Stage = "login"        // at FranceConnect
	StageDecision    Stage = "decision"     // in sight of the values
)

// BasisAct says what the act is in law. One is never passed off as another.
type BasisAct string

// The acts.
const (
	ConsentementArt61A BasisAct = "consentement_art6_1_a" // consent is the legal basis
	AccordArt61E       BasisAct = "accord_art6_1_e"       // public task; the agreement is a safeguard
	InformationL1148   BasisAct = "information_l114_8"    // exchange with information only (desk)
)

// The legal bases an act may stand on.
const (
	BasisConsent    = "gdpr:6-1-a"
	BasisPublicTask = "gdpr:6-1-e"
)

// Basis is the legal basis that belongs to the act, "" for an unknown act.
func (b BasisAct) Basis() string {
	switch b {
	case ConsentementArt61A:
		return BasisConsent
	case AccordArt61E, InformationL1148:
		return BasisPublicTask
	}
	return ""
}

// The rights a receipt may list; the complaint is "complaint:" and the authority.
const (
	RightAccess        = "access"
	RightRectification = "rectification"
	RightErasure       = "erasure"
	RightRestriction   = "restriction"
	RightPortability   = "portability" // only under 6-1-a. GDPR art. 20
	RightOpposition    = "opposition"  // only under 6-1-e. GDPR art. 21
	RightWithdrawal    = "withdrawal"  // only under 6-1-a. GDPR art. 7-3
	complaintPrefix    = "complaint:"
)

// IdentifierID is the id of the one datum in a receipt of mode identity: the
// pairwise sub, no entry of the catalogue. It stands alone.
const IdentifierID = "openid"

// IdentityOnly tells whether the receipt is about the identifier alone.
func (r Receipt) IdentityOnly() bool {
	return len(r.Purposes) == 1 && len(r.Purposes[0].Data) == 1 && r.Purposes[0].Data[0].ID == IdentifierID
}

// Time is a time as receipts write it: RFC 3339, UTC, milliseconds.
type Time string

const timeLayout = "2006-01-02T15:04:05.000Z"

// NewTime writes t, cut to the millisecond.
func NewTime(t time.Time) Time { return Time(t.UTC().Format(timeLayout)) }

// Time reads t; the zero time when it is not in the layout, which Validate refuses.
func (t Time) Time() time.Time {
	parsed, err := time.Parse(timeLayout, string(t))
	if err != nil || NewTime(parsed) != t {
		return time.Time{}
	}
	return parsed
}
