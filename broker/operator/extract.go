package operator

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// ExtractFormat names the shape of an Extract.
const ExtractFormat = "accord-extract@1"

// An Extract is everything Accord keeps about one person, or about one grant
// or interaction (GDPR art. 15 and 20). It holds no value: Accord keeps none.
type Extract struct {
	Format     string            `json:"format"`
	Made       time.Time         `json:"made"`
	Citizen    string            `json:"citizen,omitempty"` // pseudonym within Accord; absent while nobody was known
	Agreements []Agreement       `json:"agreements"`
	Receipts   []ReceiptOf       `json:"receipts"`
	Openings   []json.RawMessage `json:"openings"` // audit.EncodeOpening, in log order within each set
	Accesses   []Access          `json:"accesses"`
	Requests   []Asked           `json:"requests,omitempty"` // what the person asked about these agreements
	Erased     []int64           `json:"erased,omitempty"`   // leaves of which only the commitment is left
}

// An Asked is a request of the person's, with what was answered.
type Asked struct {
	Request
	Answered []store.RequestAnswer `json:"answered,omitempty"`
}

// An Agreement is a grant as the store keeps it.
type Agreement struct {
	Grant      string           `json:"grant"`
	Recipient  string           `json:"recipient"`
	Client     string           `json:"client"`
	Purpose    string           `json:"purpose"`
	Approval   string           `json:"approval"`
	Basis      string           `json:"basis"`
	Subject    string           `json:"subject"` // the person's identifier at the recipient
	Data       []string         `json:"data"`
	Fields     []string         `json:"fields"`
	ValidFrom  time.Time        `json:"valid_from"`
	ValidUntil time.Time        `json:"valid_until"`
	State      store.GrantState `json:"state"`
	StateTime  time.Time        `json:"state_time"`
}

// A ReceiptOf is one signed act, with the evidence kept beside it.
type ReceiptOf struct {
	ID       string          `json:"id"`
	Index    int64           `json:"index"`
	JWS      string          `json:"jws"`
	Content  json.RawMessage `json:"content,omitempty"`
	Evidence json.RawMessage `json:"evidence,omitempty"` // FranceConnect's ID token and the nonce's opening
}

// An Access is one call of a source, or one delivery, made about the person.
type Access struct {
	Index     int64    `json:"index"`
	Time      string   `json:"time"`
	What      string   `json:"what"` // source.queried, release.completed, release.failed
	Source    string   `json:"source,omitempty"`
	Recipient string   `json:"recipient,omitempty"`
	RequestID string   `json:"request_id,omitempty"`
	Release   string   `json:"release,omitempty"`
	Reason    string   `json:"reason,omitempty"`
	Data      []string `json:"data,omitempty"`
	Fields    []string `json:"fields,omitempty"`
}

func (o *Operators) extract(a act) (any, error) {
	var w Whom
	if err := a.read(&w); err != nil {
		return nil, err
	}
	f, err := o.find(a.Context(), w)
	if err != nil {
		return nil, err
	}
	if err := a.log(fmt.Sprintf("%d sets", len(f.grants)+len(f.interactions))); err != nil {
		return nil, err
	}
	x := &Extract{Format: ExtractFormat, Made: o.Now().UTC().Truncate(time.Second), Citizen: f.citizen}
	if err := o.gather(a.Context(), x, f); err != nil {
		return nil, fmt.Errorf("gathering the file: %w", err)
	}
	return x, nil
}

func (o *Operators) gather(ctx context.Context, x *Extract, f file) error {
	for _, g := range f.grants {
		x.Agreements = append(x.Agreements, Agreement{
			Grant: g.ID, Recipient: g.Recipient, Client: g.Client, Purpose: g.Purpose, Approval: g.Approval, Basis: g.Basis, Subject: g.Subject,
			Data: g.Data, Fields: g.Fields, ValidFrom: g.ValidFrom, ValidUntil: g.ValidUntil, State: g.State, StateTime: g.StateTime,
		})
		entries, err := o.Store.EventsOf(ctx, g.ID)
		if err := errors.Join(err, o.entries(ctx, x, entries)); err != nil {
			return err
		}
	}
	if err := o.asked(ctx, x, f); err != nil {
		return err
	}
	for _, i := range f.interactions {
		entries, err := o.Store.EventsOfInteraction(ctx, i)
		if err := errors.Join(err, o.entries(ctx, x, entries)); err != nil {
			return err
		}
	}
	return nil
}

// asked adds what the person asked about the agreements of the file.
func (o *Operators) asked(ctx context.Context, x *Extract, f file) error {
	all, err := o.Store.RequestsOf(ctx, f.citizen)
	if err != nil {
		return err
	}
	for _, r := range all {
		if slices.ContainsFunc(f.grants, func(g store.Grant) bool { return g.ID == r.Grant }) {
			x.Requests = append(x.Requests, Asked{requestOf(r), r.Answers})
		}
	}
	return nil
}

func (o *Operators) entries(ctx context.Context, x *Extract, entries []store.Entry) error {
	for _, e := range entries {
		if e.Erased {
			x.Erased = append(x.Erased, e.Index)
			continue
		}
		opening, err := audit.EncodeOpening(audit.Opening{Index: e.Index, Salt: e.Salt, Event: e.Event})
		if err != nil {
			return err
		}
		x.Openings = append(x.Openings, opening)
		if err := x.access(e); err != nil {
			return err
		}
		if e.Receipt == "" {
			continue
		}
		r, err := o.Store.Receipt(ctx, e.Receipt)
		if err != nil {
			return err
		}
		x.Receipts = append(x.Receipts, ReceiptOf{ID: r.ID, Index: r.Index, JWS: string(r.JWS), Content: content(r.JWS), Evidence: r.Sealed})
	}
	return nil
}

func (x *Extract) access(e store.Entry) error {
	switch e.Kind {
	case audit.SourceQueried, audit.ReleaseCompleted, audit.ReleaseFailed:
	default:
		return nil
	}
	ev, _, err := audit.Decode(e.Event)
	if err != nil {
		return err
	}
	x.Accesses = append(x.Accesses, Access{
		Index: e.Index, Time: ev.Time, What: ev.Kind, Source: ev.Source, Recipient: ev.Recipient, RequestID: ev.RequestID,
		Release: ev.Release, Reason: ev.Reason, Data: ev.Data, Fields: ev.Fields,
	})
	return nil
}

// content is a receipt's payload, readable; the JWS is what counts.
func content(jws []byte) json.RawMessage {
	parts := strings.Split(string(jws), ".")
	if len(parts) != 3 {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || !json.Valid(payload) {
		return nil
	}
	return payload
}
