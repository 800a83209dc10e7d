package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/consent/ledger"
)

// A SampleOrder asks for the desk's acts of one month to check on paper.
type SampleOrder struct {
	Month     string `json:"month"`     // YYYY-MM, UTC, over
	Recipient string `json:"recipient"` // SIRET; empty: every body's
	Most      int    `json:"most"`      // 1 to 1,000
}

// A Sampled is the draw. With the same log it is always the same: its seed is
// the root of the tree as it stood when the month ended.
type Sampled struct {
	Month string     `json:"month"`
	Size  int64      `json:"size"` // leaves when the month ended
	Root  string     `json:"root"` // base64, of that tree
	Acts  int        `json:"acts"` // agreements at a desk to draw from
	Drawn []DrawnAct `json:"drawn"`
}

// A DrawnAct leads the DPO to the paper.
type DrawnAct struct {
	Index      int64  `json:"index"`
	Time       string `json:"time"`
	Recipient  string `json:"recipient"`
	Receipt    string `json:"receipt"`     // receipt id
	Agreement  string `json:"agreement"`   // signed_paper, counter, own_phone
	FileNumber string `json:"file_number"` // as the agent wrote it
	Paper      string `json:"paper"`       // SHA-256 of the signed paper, hexadecimal; empty without one
	Agent      string `json:"agent"`       // sub at the agents' provider
}

var errMonth = errors.New("the month is not over: what follows could still choose the sample")

// sample is logged like every act that tells of persons' files.
func (o *Operators) sample(a act) (any, error) {
	var order SampleOrder
	if err := a.read(&order); err != nil {
		return nil, err
	}
	start, err := time.Parse("2006-01", order.Month)
	if err != nil || order.Most < 1 || order.Most > 1000 {
		return nil, fmt.Errorf("month as YYYY-MM, 1 to 1000 acts: %w", errRequest)
	}
	end := start.AddDate(0, 1, 0)
	if o.Now().Before(end) {
		return nil, fmt.Errorf("%w: %w", errMonth, errRequest)
	}
	if err := a.log(order.Month); err != nil {
		return nil, err
	}
	return o.draw(a.Context(), order, start.UTC(), end.UTC())
}

// draw reads the log up to the month's end.
func (o *Operators) draw(ctx context.Context, order SampleOrder, start, end time.Time) (Sampled, error) {
	tree, acts := ledger.NewTree(), map[int64]store.Entry{}
	for over := false; !over; {
		entries, err := o.Store.Entries(ctx, tree.Size(), tree.Size()+1000)
		if err != nil {
			return Sampled{}, err
		}
		over = len(entries) == 0
		for _, e := range entries {
			event, at, err := opened(e)
			if err != nil {
				return Sampled{}, err
			}
			if over = !at.IsZero() && !at.Before(end); over {
				break
			}
			tree.Append(e.Leaf.Hash())
			if atDesk(e, event, order) && !at.Before(start) {
				acts[e.Index] = e
			}
		}
	}
	return o.drawn(ctx, order, tree, acts)
}

// opened reads an entry; an erased one has no time.
func opened(e store.Entry) (audit.Event, time.Time, error) {
	if e.Event == nil {
		return audit.Event{}, time.Time{}, nil
	}
	event, _, err := audit.Decode(e.Event)
	if err != nil {
		return event, time.Time{}, fmt.Errorf("reading event %d: %w", e.Index, err)
	}
	at, err := time.Parse(audit.TimeLayout, event.Time)
	return event, at, err
}

func atDesk(e store.Entry, event audit.Event, order SampleOrder) bool {
	return e.Kind == audit.ConsentGranted && event.Mode == audit.ModeDesk && (order.Recipient == "" || event.Recipient == order.Recipient)
}

func (o *Operators) drawn(ctx context.Context, order SampleOrder, tree *ledger.Tree, acts map[int64]store.Entry) (Sampled, error) {
	root := tree.Root()
	s := Sampled{Month: order.Month, Size: tree.Size(), Root: tlog.Hash(root).String(), Acts: len(acts), Drawn: []DrawnAct{}}
	var indices []int64
	for index := range acts {
		indices = append(indices, index)
	}
	slices.Sort(indices)
	for _, index := range audit.Sample(root, indices, order.Most) {
		d, err := o.drawnAct(ctx, acts[index])
		if err != nil {
			return Sampled{}, err
		}
		s.Drawn = append(s.Drawn, d)
	}
	return s, nil
}

// drawnAct opens what was sealed beside the receipt.
func (o *Operators) drawnAct(ctx context.Context, e store.Entry) (DrawnAct, error) {
	event, _, err := audit.Decode(e.Event)
	if err != nil {
		return DrawnAct{}, fmt.Errorf("reading event %d: %w", e.Index, err)
	}
	stored, err := o.Store.Receipt(ctx, e.Receipt)
	if err != nil {
		return DrawnAct{}, err
	}
	var kept struct {
		Desk struct {
			FileNumber string `json:"file_number"`
			Agreement  string `json:"agreement"`
			Paper      []byte `json:"paper"`
			Agent      string `json:"agent"`
		} `json:"desk"`
	}
	if err := json.Unmarshal(stored.Sealed, &kept); err != nil {
		return DrawnAct{}, fmt.Errorf("reading what was sealed with receipt %s: malformed", e.Receipt) // the cause could quote a file number
	}
	return DrawnAct{
		Index: e.Index, Time: event.Time, Recipient: event.Recipient, Receipt: e.Receipt, Agreement: kept.Desk.Agreement,
		FileNumber: kept.Desk.FileNumber, Paper: fmt.Sprintf("%x", kept.Desk.Paper), Agent: kept.Desk.Agent,
	}, nil
}
