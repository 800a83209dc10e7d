// Package audit holds the events of Accord's log: what each records, how it
// is encoded, and (as the auditor's rules grow) how a whole log is replayed.
// It is pure: no store, no network, no clock.
//
//	act → Event → Encode → ledger.NewLeaf(kind, salt, bytes) → the log
//	the log → Opening + proof + receipt + key events → Bundle → VerifyBundle(Policy) → Verdict
//	an answer of /v3 → Delivery → SignDelivery → JudgeDelivery(keys, opening)
//
// Events name persons only by pseudonym (HMAC) and data only by catalogue id:
// no value, no civil identity, no token is ever a member of one.
package audit

// A Kind is the public kind of a log event, the second byte of its leaf.
type Kind byte

// The modes of an agreement, Event.Mode.
const (
	ModeJourney  = "journey"  // the citizen, from a service provider's site
	ModeIdentity = "identity" // the same, for an identifier alone
	ModeDesk     = "desk"     // assisted by an agent
)

// The kinds, numbered once and for all (broker/design/0000-overview.md).
// 3, 8 and 16 are reserved.
const (
	ConsentGranted   Kind = 1
	ConsentRefused   Kind = 2
	ReleaseCompleted Kind = 4
	ReleaseFailed    Kind = 5
	ConsentWithdrawn Kind = 6
	ConsentRevoked   Kind = 7
	KeyActivated     Kind = 9
	KeyRetired       Kind = 10
	KeyCompromised   Kind = 11
	NoticePublished  Kind = 12
	PolicyChanged    Kind = 13
	ErasureDone      Kind = 14
	LogOpened        Kind = 15
	SourceQueried    Kind = 17
	ApprovalChanged  Kind = 18
	LogClosed        Kind = 19
	ConsentRenewed   Kind = 20
	AdminAct         Kind = 21
	LookupRequested  Kind = 22
	SourceAnswered   Kind = 23
)

// An Event is the opening of one leaf. Its JSON members stand in sorted
// order, hold neither floats nor null, and only integers below 2⁵³, so that
// its encoding equals RFC 8785 (JCS). Which members a kind carries is the
// table of broker/design/0000-overview.md §6. Index members are pointers because 0 is
// a valid leaf index.
//
// V, Kind, Time and Prev are written by the store's sequencer, never by the
// caller.
type Event struct {
	Agent          string   `json:"agent,omitempty"`           // 22, 1, 2 at a desk: base64url HMAC pseudonym of the agent
	Approval       string   `json:"approval,omitempty"`        // approval id
	ApprovalDigest string   `json:"approval_digest,omitempty"` // "sha-256:"+base64url of the approval file
	Basis          string   `json:"basis,omitempty"`           // accord_art6_1_e, consentement_art6_1_a, information_l114_8
	Checkpoint     string   `json:"checkpoint,omitempty"`      // 15 after a restore: base64url of the signed note the guard held of the log before
	Citizen        string   `json:"citizen,omitempty"`         // base64url HMAC pseudonym of §6, absent while nobody is known
	Client         string   `json:"client,omitempty"`          // OAuth client_id
	Data           []string `json:"data,omitempty"`            // catalogue ids: asked (22), agreed (1, 20), queried (17), delivered (4)
	Digest         string   `json:"digest,omitempty"`          // kinds 9-13, 18: digest of the published thing
	Erased         []int64  `json:"erased,omitempty"`          // 14: leaf indices of the events erased, ascending
	ErasedKinds    []string `json:"erased_kinds,omitempty"`    // 14: the kind of each, in the same order
	Fields         []string `json:"fields,omitempty"`          // paths delivered (4), sorted
	Grant          string   `json:"grant,omitempty"`           // grant id
	HTTPClass      int      `json:"http_class,omitempty"`      // 23: 2, 4, 5; 0 when no answer came
	ID             string   `json:"id,omitempty"`              // kinds 9-13, 18, 21: key id, notice id, policy name, approval id
	Interaction    string   `json:"interaction,omitempty"`     // interaction id (UUIDv7)
	Key            string   `json:"key,omitempty"`             // 9: public key, JWK or note verifier key
	Kind           string   `json:"kind"`
	Lookup         *int64   `json:"lookup,omitempty"`          // 17, 1, 2: index of the interaction's last 22
	Millis         int64    `json:"millis,omitempty"`          // 23: duration of the attempt
	Mode           string   `json:"mode,omitempty"`            // 1: journey, identity, desk; 22, 2: desk; 4: token, refresh
	Outcome        string   `json:"outcome,omitempty"`         // 23: providers.Outcome
	Prev           *int64   `json:"prev,omitempty"`            // index of the previous event of the same grant (or interaction)
	Purpose        string   `json:"purpose,omitempty"`         // purpose id
	Queried        *int64   `json:"queried,omitempty"`         // 23: index of its 17
	Reason         string   `json:"reason,omitempty"`          // 5, 7, 11, 14, 18
	Receipt        string   `json:"receipt,omitempty"`         // "sha-256:"+base64url of the compact JWS
	Recipient      string   `json:"recipient,omitempty"`       // SIRET, 14 digits
	Release        string   `json:"release,omitempty"`         // release id (UUIDv7)
	Request        string   `json:"request,omitempty"`         // 14: reference of the person's own request; absent when the retention ended
	RequestID      string   `json:"request_id,omitempty"`      // 17: the id sent to the source
	ResponseDigest string   `json:"response_digest,omitempty"` // 4: "hmac-sha-256:"+base64url
	Restored       *int64   `json:"restored,omitempty"`        // 15 after a restore: leaves of the log before that the backup held
	Role           string   `json:"role,omitempty"`            // 9: receipt, id_token, log, franceconnect
	Snapshot       string   `json:"snapshot,omitempty"`        // 4: snapshot id; 17 and 5 under a recurring grant too: the fetch it is of
	Source         string   `json:"source,omitempty"`          // 17: providers source id
	Stage          string   `json:"stage,omitempty"`           // 2: before_login, login, decision
	Subject        string   `json:"subject,omitempty"`         // pairwise sub given to the recipient
	Time           string   `json:"time"`                      // RFC 3339 UTC, milliseconds, stamped by the sequencer
	V              int      `json:"v"`                         // 1
	ValidUntil     string   `json:"valid_until,omitempty"`     // 1, 20: end of the grant; 18: from then on nothing passes under the approval
}
