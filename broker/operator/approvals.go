package operator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// Approvals are what the running broker may ask and who for (broker.Broker).
type Approvals interface {
	// Suspend stops everything under an approval at once.
	Suspend(ctx context.Context, id, reason string) (store.Suspension, error)
	// Reload reads the files again and takes them all or none: an error that
	// wraps ErrMistakes lists what is wrong with them.
	Reload(ctx context.Context) ([]Changed, error)
}

// ErrMistakes is wrapped by the error of a reload whose files are not right.
var ErrMistakes = errors.New("nothing was changed")

// Suspend is POST /approvals/suspend.
type Suspend struct {
	ID     string `json:"id"`
	Reason string `json:"reason"` // one of audit.SuspensionReasons
}

// Suspended answers it.
type Suspended struct {
	Position string    `json:"position"` // what a version that resumes must name
	Time     time.Time `json:"time"`
}

func (o *Operators) suspend(a act) (any, error) {
	var s Suspend
	if err := a.read(&s); err != nil {
		return nil, err
	}
	if !slices.Contains(audit.SuspensionReasons(), s.Reason) {
		return nil, fmt.Errorf("reason: one of %s: %w", strings.Join(audit.SuspensionReasons(), ", "), errRequest)
	}
	if !named(s.ID) {
		return nil, fmt.Errorf("id: of an approval: %w", errRequest)
	}
	if err := a.log(s.ID + " " + s.Reason); err != nil {
		return nil, err
	}
	made, err := o.Approvals.Suspend(a.Context(), s.ID, s.Reason)
	return Suspended{made.Position, made.Time}, err
}

// named tells the shape of an approval's id: what is logged is no free text.
func named(id string) bool {
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}

// Changed is one change a reload made, logged as approval.changed.
type Changed struct {
	ID       string `json:"id"`
	Reason   string `json:"reason,omitempty"` // resumed, renewed, removed, suspended:…; empty: new, or another version
	Position string `json:"position"`         // origin#index
}

// Reloaded answers POST /approvals/reload.
type Reloaded struct {
	Changes []Changed `json:"changes"`
}

func (o *Operators) reload(a act) (any, error) {
	if err := a.read(&struct{}{}); err != nil {
		return nil, err
	}
	if err := a.log(""); err != nil {
		return nil, err
	}
	changes, err := o.Approvals.Reload(a.Context())
	return Reloaded{changes}, err
}
