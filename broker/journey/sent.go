package journey

import (
	"cmp"
	"errors"
	"net/http"

	"accord/broker/store"
	"accord/consent/audit"
	"accord/ui"
)

// Sent is what the log proves of the request that a page of this browser
// belongs to: no agreement, so nothing can have been sent; an agreement, on
// which it depends; "" where no request can be told, and nothing proven.
func (j *Journey) Sent(r *http.Request) ui.Sent {
	t, err := j.ticketOf(r, handleOf(r))
	if err != nil {
		return ""
	}
	events, err := j.Store.EventsOfInteraction(r.Context(), t.id.String())
	if errors.Is(err, store.ErrNotFound) {
		return ui.SentNothing
	}
	if err != nil {
		return ui.SentChecking
	}
	for _, e := range events {
		if e.Kind == audit.ConsentGranted {
			return ui.SentAnswered
		}
	}
	return ui.SentNothing
}

// handleOf is the interaction a request names: by its form, its address, or the
// state that FranceConnect gives back.
func handleOf(r *http.Request) string {
	query := r.URL.Query()
	state := query.Get("state")
	return cmp.Or(r.PostForm.Get("i"), query.Get("i"), state[:min(8, len(state))])
}
