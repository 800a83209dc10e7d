package store

import (
	"encoding/json"
	"time"

	"accord/consent/audit"
)

// What the commands of a Store take and give.

// A Receipt is one signed act ready to be stored.
type Receipt struct {
	ID       string // UUIDv7
	KeyID    string // kid of the signing key: the store answers ErrStale when it is not active
	JWS      []byte // compact, as handed out
	Digest   string // "sha-256:"+base64url of JWS
	Sealed   []byte // evidence kept with it (FranceConnect's ID token and nonce opening), JSON; may be empty
	Previous string // digest of the receipt it follows, for renewals and withdrawals
}

// LookupCmd logs lookup.requested (22): the citizen's recorded request to look.
// At a desk (Mode desk) it is the agent's on the citizen's behalf: the store
// counts, in the same transaction, what one agent asked for at one recipient on
// one day (UTC), and answers ErrCapped beyond Cap.
type LookupCmd struct {
	Event audit.Event // Interaction, Client, Recipient, Purpose, Approval, ApprovalDigest, Data; at a desk Mode and Agent
	Cap   int         // at a desk, at least 1
}

// QueryCmd logs source.queried (17) before one HTTP attempt at a source. The
// store checks that Lookup is a 22 of the same interaction whose Data contain
// Event.Data, that no decision followed, and that the approval is in force;
// otherwise ErrNotCovered or ErrConflict.
//
// Under a recurring grant this transaction is the authorisation to fetch: with
// Event.Grant in the place of Lookup and Interaction the store checks the grant
// live at the stamp and repeated, citizen and recipient its own, the data
// agreed, the approval in force and covering, and a fetch left. The fetch counts
// from here; one snapshot may take several resources, each once.
type QueryCmd struct {
	Event audit.Event // Lookup, Interaction, Source, RequestID, Citizen, Data; or Grant, Snapshot, Recipient, Source, RequestID, Citizen, Data
	// Token is the renewed access token a fetch under Event.Grant is made with:
	// the store checks that it lives and is that grant's. Zero in the token way.
	Token Hash
}

// AnswerCmd logs source.answered (23) after an attempt. It is queued without
// being awaited, and sequenced before any later command of the same caller.
type AnswerCmd struct {
	Event audit.Event // Queried, Interaction or Grant, Outcome, HTTPClass, Millis
}

// DecideCmd makes a decision durable, in one transaction: receipt, event,
// leaf, checkpoint and, when the citizen agreed, grant, code and sealed
// snapshot. Its idempotency key is Interaction: a second Decide of the same
// interaction writes nothing and returns the first Answer with ErrConflict.
type DecideCmd struct {
	Interaction string
	Event       audit.Event // ConsentGranted or ConsentRefused members
	Kind        audit.Kind  // ConsentGranted or ConsentRefused
	Receipt     Receipt
	Answer      []byte        // sealed: what the same POST is answered with again
	AnswerUntil time.Duration // kept that long after the decision (10 min)

	// Only with ConsentGranted:
	Grant    *Grant
	Code     *Code
	Snapshot *Snapshot // nil when the agreed data came from no snapshot
}

// A Code is a one-time authorization code. Bound is sealed under the code
// itself, so the row tells nothing without it.
type Code struct {
	Hash    Hash
	Client  string
	Expires time.Duration // after the stamp (60 s)
	Bound   []byte        // sealed binding: PKCE challenge, redirect URI, nonce, subject …
	Wrapped []byte        // snapshot key sealed under the code
}

// AnotherCodeCmd gives one more code under a grant to the identifier alone: a
// second identification within one login, by which nothing new is agreed and
// nothing is logged. The store checks the grant live at the stamp, the version of
// the approval that was shown in force, client and citizen its own (else
// ErrNotFound), no data agreed (ErrNotCovered) and at most MostCodes codes in all
// (ErrCapped). The code is accepted once like any other; its reuse revokes the
// grant.
type AnotherCodeCmd struct {
	Grant   string
	Citizen string
	Code    Code
}

// MostCodes bounds the codes of one grant, the decision's included.
const MostCodes = 10

// A Snapshot holds the agreed values, sealed under a random key the store
// never sees unsealed.
type Snapshot struct {
	ID      string // UUIDv7
	Sealed  []byte
	Expires time.Duration // after the decision's stamp (21 min at most)
}

// Decision is Decide's result.
type Decision struct {
	Logged Logged
	Answer []byte // of the first decision, when the error is ErrConflict
}

// Answered is what a decided interaction was answered with.
type Answered struct {
	Sealed   []byte    // DecideCmd.Answer
	Time     time.Time // of the decision
	Redeemed bool      // its code was used: sending it again would revoke the grant
}

// RedeemCmd consumes a code and stores the token, in one transaction. Open is
// called inside it with the code's row; it checks the binding and re-wraps the
// snapshot key; it must be pure, quick and touch no store. When it returns an
// error the code is burnt and the error comes back wrapping ErrBinding.
//
// A second redemption of a code revokes its grant and tokens in the same
// transaction (consent.revoked, reason code_reuse) and answers ErrUsed. A code
// of another client answers ErrNotFound and burns nothing. One of a grant to the
// identifier alone answers ErrNotCovered, and stays good, while its approval is
// not in force: there the token answer is the delivery.
type RedeemCmd struct {
	Code   Hash
	Client string
	Open   func(bound, wrapped []byte) (Token, error)
}

// A Token is an access token's row. Bound and Wrapped are sealed under it.
type Token struct {
	Hash    Hash
	Expires time.Duration // after the stamp (10 min), cut to the grant's end
	Bound   []byte        // sealed: what the token's endpoints need
	Wrapped []byte        // snapshot key sealed under the token
	Refresh *Refresh      // given beside it, only under a repeated grant
}

// A Refresh is a refresh token's row: it lives to its grant's end. Bound, with
// the identity that later fetches ask about, is sealed under the token itself.
type Refresh struct {
	Hash   Hash
	Bound  []byte
	Handed []byte // when it replaces another: itself, sealed under that one
}

// RenewCmd gives an access token for a refresh token, in one transaction. The
// store checks both live at the stamp, the client, the approval in force and a
// fetch left (ErrNotCovered). Open is called inside it like RedeemCmd.Open; its
// error comes back wrapping ErrBinding and changes nothing. When its Token has a
// Refresh, that one replaces this: there are never two that renew.
//
// A replaced one that comes within Window is answered with its successor again,
// since the first answer may be lost: Open gets Handed and the successor's
// Bound; ErrConflict when that was replaced itself. After Window it ends the
// grant (consent.revoked, reason refresh_reuse) and answers ErrUsed. One of
// another client answers ErrNotFound and changes nothing.
type RenewCmd struct {
	Refresh Hash
	Client  string
	Window  time.Duration
	Open    func(bound, handed []byte) (Token, error)
}

// Redeemed is the result of Redeem and of Renew.
type Redeemed struct {
	Grant     Grant
	ExpiresAt time.Time
}

// A TokenState is what a live token leads to.
type TokenState struct {
	Client    string
	ExpiresAt time.Time
	Bound     []byte
	Wrapped   []byte
	Grant     Grant
	Snapshot  *StoredSnapshot // nil when the grant has none, it was wiped, or the token is a renewed one
	Renewed   bool            // given for a refresh token: what it reads is fetched anew
	InForce   bool            // its grant's approval, now; without, nothing passes, and it may come back
}

// A StoredSnapshot is read back to be opened by the token.
type StoredSnapshot struct {
	ID     string
	Sealed []byte
}

// DeliverCmd logs release.completed (4): this transaction is the
// authorisation, the caller sends no byte before it returned nil. The store
// checks the token and grant live at the stamp, the client, the approval in
// force and covering, Fields ⊆ agreed, and fetches within the ceiling
// (distinct snapshots, never re-deliveries).
//
// With Grant in the place of Token it is a delivery of what was just fetched
// under a recurring grant (mode token): the same checks but the token's, and
// Event.Data must have been queried under Event.Snapshot and not delivered yet.
// With both, Token is the renewed access token it was fetched with (mode
// refresh), and must live.
type DeliverCmd struct {
	Token     Hash
	Grant     string      // instead of Token, or beside a renewed one
	Recipient string      // must be the grant's
	Event     audit.Event // Release, Snapshot, Data, Fields, ResponseDigest
}

// FailDeliveryCmd logs release.failed (5): nothing left. Reason is a short
// word (masking_refused, snapshot_unreadable, …). With Grant in the place of
// Token a fetch begun under a recurring grant came to nothing and no longer
// counts; ErrNotFound when there is none.
type FailDeliveryCmd struct {
	Token Hash
	Grant string
	Event audit.Event // Release, Data, Reason; with Grant also Snapshot
}

// A Recurring names whose recurring grants are looked for. All members count.
type Recurring struct {
	Citizen   string
	Recipient string // SIRET
	Approval  string
}

// WithdrawCmd ends a grant by its citizen: state, signed receipt, leaf; codes,
// tokens and snapshot are dead in the same transaction. ErrNotFound when the
// grant is not this citizen's, ErrRevoked when it ended already.
type WithdrawCmd struct {
	Grant   string
	Citizen string
	Receipt Receipt
}

// ChangeCmd changes a citizen's choice: fewer of the data of a live grant, under
// the same terms and until the same end, by a signed receipt that follows the
// last one. From the moment it returns deliveries and fetches cover only what
// is left, also with tokens and snapshots already out. ErrNotFound when the
// grant is not this citizen's, ErrRevoked when it ended, ErrNotCovered while
// its approval is out of force or where the data are no fewer of those agreed,
// ErrConflict when the receipt follows another than the last.
type ChangeCmd struct {
	Grant   string
	Citizen string
	Receipt Receipt
	Data    []string        // kept catalogue ids: at least one, at least one fewer
	Fields  []string        // kept paths, as Grant.Fields
	Details json.RawMessage // what is left, as Grant.Details
}

// A Public thing is announced in the log when its digest differs from the
// store's mirror: keys (9), notices (12), policies (13), approvals (18).
type Public struct {
	Kind   audit.Kind
	ID     string
	Digest string
	Event  audit.Event // further members: Key, Role, Reason
	// Approval is set with ApprovalChanged: what a delivery checks.
	Approval *ApprovalState
	// Text is what Digest is the digest of (a notice, an approval, the
	// catalogue), at most 64 KiB: it is kept for ever, so that each digest in a
	// receipt can be derived again. May be empty.
	Text []byte
	// Address finds the newest Text announced for it, beside its digest: a
	// path from the root, "/notices/…". Empty, or with a Text.
	Address string
}

// ApprovalState mirrors an approval, so that deliveries check it in their own
// transaction.
type ApprovalState struct {
	ID, Digest, Client, Recipient, Purpose string
	InForce                                bool // false: suspended or out of its dates when mirrored
	NotBefore, NotAfter                    time.Time
	Data                                   []string // approved catalogue ids
	Helpers                                []string `json:",omitempty"` // further ids that may be looked up to choose from, never agreed or delivered
	Fields                                 []string // approved paths, as Grant.Fields
	MaxFetches                             int
	Resumes                                string `json:",omitempty"` // position of the suspension that this version ends
}

// A PublishedApproval is what the log last said of an approval.
type PublishedApproval struct {
	State     ApprovalState
	Position  string      // origin#index of its last approval.changed; empty in a log that has not said it yet
	Time      time.Time   // of that; zero in a store from before it was kept
	Reason    string      // as audit.ApprovalSuspended …
	Suspended *Suspension // by an operator, and not resumed
}

// A Suspension is an operator's. It holds whatever the approval's file says,
// over restarts and into a new log, until a version of the file names its
// Position (ApprovalState.Resumes).
type Suspension struct {
	Position string // origin#index of the approval.changed that began it
	Time     time.Time
	Reason   string // one of audit.SuspensionReasons
}
