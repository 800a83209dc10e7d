package journey

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"accord/broker/clocks"
	"accord/broker/seal"
	"accord/broker/store"
	"accord/consent"
	"accord/oidc/franceconnect"
	"accord/oidc/issuer"
	"accord/providers"
)

// A stage says where an interaction stands; each handler serves one stage and
// offers a restart for the others.
type stage string

const (
	asked    stage = "asked"    // /connexion is shown
	typing   stage = "typing"   // /saisie is shown
	sent     stage = "sent"     // the citizen is at FranceConnect
	back     stage = "back"     // identified; sources are asked or have answered
	choosing stage = "choosing" // identified; /enfant is shown, the rest has answered
	decided  stage = "decided"  // answered: nothing personal is left in it
)

// purposes of an interaction.
const (
	forRequest = "request" // a service provider asks for data
	forHistory = "history" // the citizen looks back, /mes-accords
	forDesk    = "desk"    // an agent asks for a person
)

// An interaction is one citizen's way through one request. It rests only
// sealed under the cookie's secret: the store cannot read it.
type interaction struct {
	ID      string // UUIDv7
	Handle  string // names the cookie and the pages' parameter i
	For     string
	Stage   stage
	Created time.Time
	Expires time.Time
	Lang    string

	Request        issuer.AuthorizationRequest
	Approval       string
	ApprovalDigest string
	Ticked         []string          // sensitive catalogue ids the citizen wants looked up
	Inputs         map[string]string // what the citizen typed, in normal form, by consent's names
	Tried          int               // identifiers typed one after another
	Return         string            // forHistory: path to go to after the login

	State  string // FranceConnect's, accepted once
	Nonce  string
	R      []byte // opens the nonce with Lookup's digest (design §6)
	Lookup *logged

	Login     *franceconnect.Login
	Citizen   string
	Subject   string
	Extended  bool
	Chosen    []string                    // optional data ticked before a reload
	Later     bool                        // access after today was ticked before a reload
	Answers   map[string]providers.Answer // by resource
	FetchedAt time.Time

	Children     []pupil                     // on the citizen's file, to choose from
	FileOperator string                      // whose file it is: CNAF, MSA
	Child        *pupil                      // the one chosen
	Held         map[string]providers.Answer // answers kept while a child is chosen and the school is asked

	Assisted *assisted `json:",omitempty"` // forDesk

	Consumed bool // its pushed request was used up for it

	Other bool `json:",omitempty"` // than the citizen this browser knows, or known anew

	Shown string // digest of the page agreed on where that is no consent page: openid alone, at a desk

	Wrong []string `json:",omitempty"` // sources whose data the citizen called wrong, which ended it

	Receipt string // receipt id, once decided
	Outcome string // accepted, refused

	// What one HTTP request has worked out of the above; never kept.
	resolved *consent.Request
	screen   screen
	known    time.Time // until when the session, or login, was known that this agreement is given from; zero: from FranceConnect
	sealed   []byte    // as it was saved last
}

// A screen is the digest of the decision page in one language.
type screen struct{ lang, digest string }

// logged is the part of store.Logged an interaction keeps.
type logged struct {
	Index  int64
	Digest []byte
	Time   time.Time
}

func keep(l store.Logged) *logged {
	return &logged{Index: l.Position.Index, Digest: l.EventDigest[:], Time: l.Time}
}

// errNoInteraction covers unknown, expired and foreign alike: a page never
// tells which.
var errNoInteraction = errors.New("no such interaction")

const interactionPurpose = "accord-interaction-v1"

func hashOf(secret []byte) store.Hash { return store.Hash(sha256.Sum256(secret)) }

// save seals the interaction under the secret of its cookie.
func (j *Journey) save(ctx context.Context, in *interaction, secret []byte) error {
	plain, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encoding interaction: %w", err)
	}
	in.sealed = seal.Seal(secret, interactionPurpose, plain)
	return j.Store.PutTemporary(ctx, store.Interactions, hashOf(secret), in.sealed, in.Expires)
}

// untouched tells whether nothing was saved over an interaction, nor was it
// forgotten, since it was saved.
func (j *Journey) untouched(ctx context.Context, in *interaction, secret []byte) bool {
	now, err := j.Store.GetTemporary(ctx, store.Interactions, hashOf(secret))
	return err == nil && bytes.Equal(now, in.sealed)
}

// load opens the interaction a cookie leads to.
func (j *Journey) load(ctx context.Context, secret []byte) (*interaction, error) {
	sealed, err := j.Store.GetTemporary(ctx, store.Interactions, hashOf(secret))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoInteraction, err)
	}
	plain, err := seal.Open(secret, interactionPurpose, sealed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoInteraction, err)
	}
	in := new(interaction)
	if err := json.Unmarshal(plain, in); err != nil {
		return nil, fmt.Errorf("decoding interaction: %w", err)
	}
	if !j.Now().Before(in.Expires) {
		return nil, errNoInteraction
	}
	return in, nil
}

// forget drops the interaction of an old secret.
func (j *Journey) forget(ctx context.Context, secret []byte) {
	// Taking is enough: what cannot be taken expires by itself.
	_, _ = j.Store.TakeTemporary(ctx, store.Interactions, hashOf(secret))
}

// wipe leaves of a decided interaction only what its receipt page needs.
func (in *interaction) wipe(now time.Time) {
	in.Stage = decided
	in.Login, in.R, in.Chosen = nil, nil, nil
	in.unlearn()
	in.State, in.Nonce, in.Later = "", "", false
	in.Assisted = nil
	in.Expires = earliest(now.Add(clocks.ReceiptByCookie), in.Created.Add(clocks.InteractionAtMost))
}

// unlearn drops what was typed, chosen and found.
func (in *interaction) unlearn() {
	in.Ticked, in.Inputs, in.Children, in.Child, in.FileOperator = nil, nil, nil, nil, ""
	in.Answers, in.Held, in.FetchedAt = nil, nil, time.Time{}
}

// until sets the end of the stage just begun, never beyond the whole.
func (in *interaction) until(now time.Time, d time.Duration) {
	in.Expires = earliest(now.Add(d), in.Created.Add(clocks.InteractionAtMost))
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
