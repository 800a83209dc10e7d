package citizen

import (
	"context"
	"fmt"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/ui"
)

// A timeline is what earlier events of a grant say of later ones.
type timeline struct {
	asked  map[int64]string // source by the index of its query: an answer names it only so
	atDesk bool             // agreed at a desk: the agent's are the accesses
}

// events are everything that happened to a grant, oldest first. Its end by the
// passing of time is no event of the log: it is computed.
func (p *Pages) events(ctx context.Context, g store.Grant) ([]ui.Event, error) {
	entries, err := p.Store.EventsOf(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	told := timeline{asked: map[int64]string{}}
	var events []ui.Event
	for _, e := range entries {
		event, err := told.line(e)
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	if g.State == store.Given && !p.Now().Before(g.ValidUntil) {
		events = append(events, ui.Event{Kind: ui.KindExpired, At: g.ValidUntil, Computed: true})
	}
	return events, nil
}

// line is one log entry as a line of the timeline.
func (t *timeline) line(e store.Entry) (ui.Event, error) {
	event, kind, err := audit.Decode(e.Event)
	if err != nil {
		return ui.Event{}, fmt.Errorf("reading event %d: %w", e.Index, err)
	}
	at, err := time.Parse(time.RFC3339, event.Time)
	if err != nil {
		return ui.Event{}, fmt.Errorf("reading the time of event %d: %w", e.Index, err)
	}
	switch {
	case kind == audit.SourceQueried:
		t.asked[e.Index] = event.Source
	case kind == audit.SourceAnswered && event.Queried != nil:
		event.Source = t.asked[*event.Queried]
	case kind == audit.ConsentGranted:
		t.atDesk = event.Mode == audit.ModeDesk
	}
	line := ui.Event{
		Kind: kind.String(), At: at, Data: event.Data, Source: event.Source,
		Outcome: ui.Outcome(event.Outcome), Reason: event.Reason, ID: event.Release, Index: e.Index,
		Assisted: event.Mode == audit.ModeDesk, Way: t.way(kind, event),
	}
	if line.ID == "" {
		line.ID = event.RequestID
	}
	return line, nil
}

func (t *timeline) way(kind audit.Kind, e audit.Event) ui.Way {
	access := kind == audit.ReleaseCompleted || kind == audit.ReleaseFailed
	switch {
	case access && e.Mode == audit.ModeToken:
		return ui.WithLogin
	case access && e.Mode == audit.ModeRefresh:
		return ui.Alone
	case access && t.atDesk:
		return ui.AtDesk
	}
	return ""
}
