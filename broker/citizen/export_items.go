package citizen

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/ui"
)

// An exported agreement or refusal says what its page says, in words and ids.
type exported struct {
	ID         string          `json:"id,omitempty"` // grant id; the receipt's of a refusal
	Recipient  named           `json:"recipient"`
	Purpose    string          `json:"purpose,omitempty"`
	Basis      string          `json:"basis"`
	State      string          `json:"state"`
	Decided    time.Time       `json:"decided"`
	ValidUntil *time.Time      `json:"valid_until,omitempty"`
	Delivered  *time.Time      `json:"last_delivery,omitempty"`
	Data       []named         `json:"data"`
	Receipts   []string        `json:"receipts"` // files
	Events     []exportedEvent `json:"events,omitempty"`
}

type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type exportedEvent struct {
	Index     *int64    `json:"log_index,omitempty"` // absent from what is computed
	Time      time.Time `json:"time"`
	Kind      string    `json:"kind"`
	What      string    `json:"what"`
	Data      []string  `json:"data,omitempty"`
	Source    string    `json:"source,omitempty"`
	Outcome   string    `json:"outcome,omitempty"`
	Reference string    `json:"reference,omitempty"`
}

// An exportedRequest is what the citizen asked about an agreement.
type exportedRequest struct {
	Reference string                `json:"reference"`
	Kind      string                `json:"kind"`
	State     string                `json:"state"`
	Made      time.Time             `json:"made"`
	Accord    string                `json:"accord"`
	Event     *int64                `json:"log_index,omitempty"`
	Reason    string                `json:"reason,omitempty"`
	Message   string                `json:"message,omitempty"`
	Answers   []store.RequestAnswer `json:"answers,omitempty"`
}

func askedItem(r store.CitizenRequest) exportedRequest {
	return exportedRequest{
		Reference: r.ID, Kind: string(r.Kind), State: string(r.State), Made: r.Made.UTC(), Accord: r.Grant,
		Event: r.Event, Reason: r.Reason, Message: r.Message, Answers: r.Answers,
	}
}

func (e *exporting) agreement(g store.Grant) (exported, error) {
	a, err := e.accord(e.c, g)
	if err != nil {
		return exported{}, err
	}
	item := e.item(a)
	item.ID, item.Receipts = g.ID, nil
	for _, r := range e.receipts {
		if r.Grant == g.ID {
			item.Receipts = append(item.Receipts, "recus/"+r.ID+".jws")
		}
	}
	events, err := e.events(e.c.Request.Context(), g)
	for _, event := range events {
		item.Events = append(item.Events, e.event(event))
	}
	return item, err
}

func (e *exporting) item(a ui.Accord) exported {
	item := exported{
		ID: strings.TrimPrefix(a.URL, "/recu/"), Recipient: named{a.Requester.SIRET, a.Requester.Name}, Purpose: a.Purpose.FR,
		Basis: string(a.Basis), State: string(a.State), Decided: a.At.UTC(), ValidUntil: moment(a.Until), Delivered: moment(a.Delivered),
	}
	if e.lang == "en" && a.Purpose.EN != "" {
		item.Purpose = a.Purpose.EN
	}
	for _, id := range a.Data {
		item.Data = append(item.Data, named{id, e.UI.DatumLabel(e.lang, id)})
	}
	item.Receipts = []string{"recus/" + item.ID + ".jws"}
	return item
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC()
	return &utc
}

func (e *exporting) event(event ui.Event) exportedEvent {
	out := exportedEvent{
		Time: event.At.UTC(), Kind: event.Kind, What: e.UI.EventLabel(e.lang, event), Data: event.Data,
		Source: event.Source, Outcome: string(event.Outcome), Reference: event.ID,
	}
	if !event.Computed {
		out.Index = &event.Index
	}
	return out
}

// writeEvents writes every event of every agreement as a table (RFC 4180).
func (e *exporting) writeEvents(w io.Writer) error {
	table := csv.NewWriter(w)
	if err := table.Write([]string{"accord", "organisme", "siret", "date", "evenement", "quoi", "donnees", "source", "resultat", "reference", "journal"}); err != nil {
		return err
	}
	for _, g := range e.grants {
		a := ui.Accord{}
		e.name(&a, g.Approval, g.Recipient)
		events, err := e.events(e.c.Request.Context(), g)
		if err != nil {
			return err
		}
		for _, event := range events {
			x, index := e.event(event), ""
			if x.Index != nil {
				index = strconv.FormatInt(*x.Index, 10)
			}
			err = table.Write(plainCells(g.ID, a.Requester.Name, a.Requester.SIRET, x.Time.Format(audit.TimeLayout), x.Kind, x.What,
				strings.Join(x.Data, " "), x.Source, x.Outcome, x.Reference, index))
			if err != nil {
				return err
			}
		}
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	return nil
}

// plainCells keeps spreadsheets from taking a cell for a formula.
func plainCells(cells ...string) []string {
	for i, cell := range cells {
		if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
			cells[i] = "'" + cell
		}
	}
	return cells
}
