// Package store says what a store of Accord must do: domain commands, each
// atomic and durable when it returns nil, and the closed set of errors they
// answer with. It holds no engine: broker/boltstore is the embedded one, and
// broker/storetest the suite any store must pass.
//
//	journey ─ RequestLookup ─ QuerySource ─ AnswerSource ─ Decide ─┐
//	issuer  ─ AnotherCode, Redeem, Renew (used again: revoked) ────┤ one sequenced log
//	resource ─ Deliver, FailDelivery ──────────────────────────────┤
//	citizen ─ Change, Withdraw ────────────────────────────────────┘
//
// The transaction that logs an act is its authorisation: liveness and expiry
// are judged inside it, on the stamp the sequencer gives it, never by a read
// before it (design §2, promise 2).
package store

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/audit"
	"accord/consent/ledger"
)

// The closed set of errors. Commands wrap them with what was being done.
var (
	ErrNotFound    = errors.New("not found")
	ErrUsed        = errors.New("already used") // the grant of a reused code was revoked in the same transaction
	ErrExpired     = errors.New("expired")
	ErrRevoked     = errors.New("withdrawn or revoked")
	ErrNotCovered  = errors.New("not covered by what was agreed or approved")
	ErrBinding     = errors.New("bound to another party") // the code is burnt
	ErrConflict    = errors.New("conflicts with an earlier act")
	ErrStale       = errors.New("signed with a key retired meanwhile") // sign again and resubmit
	ErrCapped      = errors.New("cap reached")                         // of an agent's day, a citizen's requests, a grant's codes
	ErrOverloaded  = errors.New("queue full")                          // answer 503 with Retry-After
	ErrUnavailable = errors.New("store unavailable")                   // an fsync failed or the store is closed: nothing more is written
	ErrUnknown     = errors.New("outcome undecided")                   // re-read by the idempotency key; the embedded store never returns it
)

// A Hash is the SHA-256 of a secret: what a store keeps instead of it.
type Hash [32]byte

// Logged says where and when an act was made durable.
type Logged struct {
	Position    ledger.Position // origin + leaf index
	Time        time.Time       // the sequencer's stamp, UTC, milliseconds
	EventDigest [32]byte        // SHA-256 of the event's exact bytes
}

// A Grant is what a citizen agreed to, as the store keeps it: no value, no
// civil identity.
type Grant struct {
	ID         string // "g_" + 22 base64url characters
	RecordID   string // UUIDv7, the same over the life of one consent
	Receipt    string // receipt id (UUIDv7) of the act that made it, or last changed it
	Citizen    string // pseudonym, audit.Event.Citizen
	Subject    string // pairwise subject identifier at the recipient
	Client     string
	Recipient  string // SIRET
	Purpose    string
	Approval   string
	Basis      string
	Data       []string // agreed catalogue ids
	Fields     []string // agreed paths, "<resource>#<path>"; deliveries must be a subset
	FetchMode  string   // once, repeated
	MaxFetches int      // in all, the first included
	ValidFrom  time.Time
	ValidUntil time.Time
	State      GrantState
	StateTime  time.Time       // of the last change of State, or of the choice
	LastIndex  int64           // leaf index of its latest event
	Scopes     []string        `json:",omitempty"` // granted; empty in a store from before they were kept
	Details    json.RawMessage `json:",omitempty"` // the same as authorization_details (RFC 9396); null for the identifier alone
	Snapshots  []string        // the fetches that ceilings count: distinct snapshots delivered from; of a repeated grant the first one and each begun since, unless it failed
}

// GrantState is the stored state; expiry is computed from ValidUntil.
type GrantState string

// The states. Withdrawn is the person's act, Revoked another's (DPV).
const (
	Given     GrantState = "given"
	Withdrawn GrantState = "withdrawn"
	Revoked   GrantState = "revoked"
)

// A Space separates the kinds of temporary values and first-use sets.
type Space string

// The spaces.
const (
	Interactions   Space = "interaction"
	PushedRequests Space = "par"
	WebSessions    Space = "session"
	Logins         Space = "login" // remembered for one service provider
	States         Space = "state" // FranceConnect states, accepted once
	Assertions     Space = "jti"
	Exports        Space = "export"     // a citizen's exports of everything, one every few seconds
	Proofs         Space = "dpop"       // DPoP proofs
	Management     Space = "management" // access tokens of the grant management API
	Presented      Space = "presented"  // FranceConnect's tokens of the token way, once for each resource and recipient
)

// An Entry is one line of the log as the store keeps it: an opened event, or
// what is left of an erased one.
type Entry struct {
	Index   int64
	Kind    audit.Kind
	Leaf    ledger.Leaf
	Salt    [32]byte
	Event   []byte // exact bytes; nil once erased
	Receipt string // receipt id, when the event carries one
	Erased  bool   // its opening was destroyed; the leaf stays
}

// EraseCmd destroys the openings and receipts of one whole grant (its
// interaction included) or of one interaction that led to none: all its events
// or nothing. ErrConflict while the grant is live.
type EraseCmd struct {
	Grant       string // one of the two
	Interaction string
	Reason      string // short word: retention, request
	Request     string // reference of the person's request; empty under retention
}

// An Erasure says what was destroyed, and what is still to be done before its
// bytes are really gone: each epoch listed must be emptied by MoveWraps, and
// its key destroyed.
type Erasure struct {
	Logged  Logged  // erasure.done
	Indices []int64 // of the erased events
	Epochs  []string
}

// A StoredReceipt is read back with its place in the log.
type StoredReceipt struct {
	ID          string
	Index       int64
	Citizen     string // "" while nobody was known
	Client      string
	Interaction string
	Grant       string
	JWS         []byte
	Sealed      []byte
}

// Health tells whether the store can write.
type Health struct {
	Writable   bool
	Size       int64     // leaves
	Queue      int       // jobs waiting
	Guarded    int64     // size of the last checkpoint that may leave the process
	Checkpoint time.Time // when it was written; zero before the first of this run
}

// A Store keeps receipts, log, grants, codes, tokens and temporary values.
// All methods are safe for concurrent use.
type Store interface {
	// Commands, each one transaction.
	RequestLookup(ctx context.Context, cmd LookupCmd) (Logged, error)
	QuerySource(ctx context.Context, cmd QueryCmd) (Logged, error)
	AnswerSource(cmd AnswerCmd) error
	Decide(ctx context.Context, cmd DecideCmd) (Decision, error)
	AnotherCode(ctx context.Context, cmd AnotherCodeCmd) error
	Redeem(ctx context.Context, cmd RedeemCmd) (Redeemed, error)
	Renew(ctx context.Context, cmd RenewCmd) (Redeemed, error)
	Deliver(ctx context.Context, cmd DeliverCmd) (Logged, error)
	FailDelivery(ctx context.Context, cmd FailDeliveryCmd) (Logged, error)
	Change(ctx context.Context, cmd ChangeCmd) (Logged, error)
	Withdraw(ctx context.Context, cmd WithdrawCmd) (Logged, error)
	Revoke(ctx context.Context, grant, reason string) (Logged, error)
	// MakeRequest keeps a citizen's request for that long; State, Made, Until,
	// Recipient and Answers are the store's. ErrNotFound when the grant is not this citizen's,
	// ErrConflict with the earlier one when its id is taken, or an erasure of
	// this grant is asked already; ErrCapped beyond MostRequests.
	MakeRequest(ctx context.Context, r CitizenRequest, keep time.Duration) (CitizenRequest, error)
	// AnswerRequest tells what was done about one, and leaves it in the answer's
	// state. ErrNotFound, or ErrConflict when it is closed.
	AnswerRequest(ctx context.Context, id string, a RequestAnswer) (CitizenRequest, error)
	// RevokeToken kills an access token, or a refresh token and every access
	// token of its grant (RFC 7009 §2.1); the grant lives on.
	RevokeToken(ctx context.Context, client string, token Hash) error
	Announce(ctx context.Context, things []Public) error
	// SuspendApproval logs approval.changed (18) with its reason, and from that
	// stamp on nothing is asked, agreed or delivered under the approval.
	// ErrNotFound when it was never announced or is removed, ErrConflict when it
	// is suspended already.
	SuspendApproval(ctx context.Context, id, reason string) (Suspension, error)

	// Temporary values, in memory: sealed by their owner before they come.
	Once(ctx context.Context, s Space, h Hash, until time.Time) (fresh bool, err error)
	PutTemporary(ctx context.Context, s Space, h Hash, sealed []byte, until time.Time) error // ErrOverloaded beyond the space's cap
	GetTemporary(ctx context.Context, s Space, h Hash) ([]byte, error)                       // ErrNotFound, ErrExpired
	TakeTemporary(ctx context.Context, s Space, h Hash) ([]byte, error)                      // the same, and consumes

	// Queries.
	Answer(ctx context.Context, interaction string) (Answered, error) // of a decided interaction; ErrNotFound, ErrExpired
	Token(ctx context.Context, token Hash) (TokenState, error)        // ErrNotFound, ErrExpired, ErrRevoked
	Grant(ctx context.Context, id string) (Grant, error)
	GrantsOf(ctx context.Context, citizen string) ([]Grant, error) // newest first
	Recurring(ctx context.Context, who Recurring) ([]Grant, error) // repeated ones live now, newest first; it authorises nothing
	Receipt(ctx context.Context, id string) (StoredReceipt, error)
	ReceiptsOf(ctx context.Context, citizen string) ([]StoredReceipt, error)  // newest first, refusals included
	RefusalsOf(ctx context.Context, citizen string) ([]StoredReceipt, error)  // of ReceiptsOf only what led to no grant, newest first
	RequestsOf(ctx context.Context, citizen string) ([]CitizenRequest, error) // newest first
	Requests(ctx context.Context, closed bool) ([]CitizenRequest, error)      // oldest first, at most RequestsAtOnce; closed ones too
	EventsOf(ctx context.Context, grant string) ([]Entry, error)              // in log order, from the look-up's 22 on
	Entries(ctx context.Context, from, to int64) ([]Entry, error)             // openings of [from, to), at most 1,000
	Checkpoint(ctx context.Context) ([]byte, error)                           // signed note, never larger than the guard
	PublishedKeys(ctx context.Context) ([]Entry, error)                       // key events in log order
	PublicText(ctx context.Context, name string) ([]byte, error)              // Public.Text by its digest or address; ErrNotFound
	Approvals(ctx context.Context) ([]PublishedApproval, error)               // every approval ever announced in this log, by id
	SourceQuery(ctx context.Context, requestID string) (Entry, error)
	EventsOfInteraction(ctx context.Context, interaction string) ([]Entry, error) // in log order

	// What is published of the log, never beyond the last checkpoint that may
	// leave the process: ErrNotFound there.
	Tile(ctx context.Context, level int, index int64, width int) ([]byte, error)                  // width hashes of 32 bytes, 1 ≤ width ≤ 256
	EntryTile(ctx context.Context, index int64, width int) ([]byte, error)                        // C2SP entry bundle of width leaves
	Inclusion(ctx context.Context, index int64) (checkpoint []byte, proof []tlog.Hash, err error) // of a leaf in the published checkpoint

	// Erasure: the openings, then the wrapping keys.
	Erase(ctx context.Context, cmd EraseCmd) (Erasure, error)
	MoveWraps(ctx context.Context, epoch string, most int) (left int, err error) // moves survivors' wraps of an epoch under the current one; 0 left: its key may go
	LogAdmin(ctx context.Context, act audit.Event) (Logged, error)               // admin.act (21): ID, Reason

	// Operations.
	Sweep(ctx context.Context) error // forgets what expired, in bounded batches
	Backup(ctx context.Context, w io.Writer) error
	Health(ctx context.Context) Health
	Close() error // clean: temporary values are written, secrets as hashes only, and fsynced
}
