package operator

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent/audit"
)

// A Store is what the acts need of one.
type Store interface {
	Announce(ctx context.Context, things []store.Public) error
	LogAdmin(ctx context.Context, act audit.Event) (store.Logged, error)
	Grant(ctx context.Context, id string) (store.Grant, error)
	GrantsOf(ctx context.Context, citizen string) ([]store.Grant, error)
	Receipt(ctx context.Context, id string) (store.StoredReceipt, error)
	ReceiptsOf(ctx context.Context, citizen string) ([]store.StoredReceipt, error)
	EventsOf(ctx context.Context, grant string) ([]store.Entry, error)
	EventsOfInteraction(ctx context.Context, interaction string) ([]store.Entry, error)
	Entries(ctx context.Context, from, to int64) ([]store.Entry, error)
	Erase(ctx context.Context, cmd store.EraseCmd) (store.Erasure, error)
	MoveWraps(ctx context.Context, epoch string, most int) (left int, err error)
	RequestsOf(ctx context.Context, citizen string) ([]store.CitizenRequest, error)
	Requests(ctx context.Context, closed bool) ([]store.CitizenRequest, error)
	AnswerRequest(ctx context.Context, id string, a store.RequestAnswer) (store.CitizenRequest, error)
	NotYetErased(ctx context.Context) (epochs []string, err error)
}

// Keys are the keyring's changes (keyring.Ring).
type Keys interface {
	Rotate(ctx context.Context, role string, now func() time.Time, announce keyring.Announce) (kids []string, err error)
	Compromise(ctx context.Context, kid string, lastGood int64, now func() time.Time, announce keyring.Announce) error
	Citizen(p keyring.Pivot) string
	Epoch(at time.Time) (id string, key [32]byte, err error)
	NextEpoch() (id string, err error)
	DestroyEpoch(id string) error
}

// Config is what the acts work on.
type Config struct {
	Store Store
	Keys  Keys
	// Approvals may be nil: suspending and reloading then answer 404.
	Approvals Approvals
	Now       func() time.Time // optional
	Log       *slog.Logger
}

// Operators serves the acts. Safe for concurrent use.
type Operators struct {
	Config
	proposals proposals
}

// New makes them; nothing is proposed.
func New(c Config) *Operators {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Operators{Config: c, proposals: proposals{now: c.Now}}
}

// Handler serves the addresses of the package comment.
func (o *Operators) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /keys/rotate", o.act("keys.rotate", o.rotate))
	mux.HandleFunc("POST /keys/compromise", o.act("keys.compromise", o.compromise))
	mux.HandleFunc("POST /extract", o.act("extract", o.extract))
	mux.HandleFunc("POST /erase/propose", o.act("erase.propose", o.propose))
	mux.HandleFunc("POST /erase/confirm", o.act("erase.confirm", o.confirm))
	mux.HandleFunc("POST /erase/finish", o.act("erase.finish", o.finish))
	mux.HandleFunc("POST /desk/sample", o.act("desk.sample", o.sample))
	mux.HandleFunc("POST /requests", o.act("requests.list", o.requests))
	mux.HandleFunc("POST /requests/answer", o.act("requests.answer", o.answerRequest))
	mux.HandleFunc("GET /erase", o.list)
	if o.Approvals != nil {
		mux.HandleFunc("POST /approvals/suspend", o.act("approvals.suspend", o.suspend))
		mux.HandleFunc("POST /approvals/reload", o.act("approvals.reload", o.reload))
	}
	return mux
}
