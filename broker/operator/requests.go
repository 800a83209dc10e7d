package operator

import (
	"errors"
	"fmt"
	"time"
	"unicode"

	"accord/broker/store"
)

// ListRequests is POST /requests: it shows what citizens wrote, so it is an act
// like any other.
type ListRequests struct {
	All bool `json:"all"` // closed ones too
}

// A Request is one citizen's, as the operator needs it: no pseudonym.
type Request struct {
	ID        string             `json:"id"`
	Kind      store.RequestKind  `json:"kind"` // erasure, dispute
	State     store.RequestState `json:"state"`
	Made      time.Time          `json:"made"`
	Grant     string             `json:"grant"`
	Recipient string             `json:"recipient"` // SIRET
	Event     *int64             `json:"event,omitempty"`
	Reason    string             `json:"reason,omitempty"`
	Message   string             `json:"message,omitempty"`
	Answers   int                `json:"answers"`
}

// Requests answers POST /requests, oldest first.
type Requests struct {
	Requests []Request `json:"requests"`
}

// AnswerRequest is POST /requests/answer. What is answered is for the citizen
// to read.
type AnswerRequest struct {
	ID    string             `json:"id"`
	State store.RequestState `json:"state"` // sent, answered, closed
	By    string             `json:"by"`    // who answers, in words; empty: Accord's operator
	Text  string             `json:"text"`
}

func (o *Operators) requests(a act) (any, error) {
	var ask ListRequests
	if err := a.read(&ask); err != nil {
		return nil, err
	}
	list, err := o.Store.Requests(a.Context(), ask.All)
	if err != nil {
		return nil, fmt.Errorf("reading the requests: %w", err)
	}
	if err := a.log(fmt.Sprintf("%d requests", len(list))); err != nil {
		return nil, err
	}
	answer := Requests{Requests: []Request{}}
	for _, r := range list {
		answer.Requests = append(answer.Requests, requestOf(r))
	}
	return answer, nil
}

func requestOf(r store.CitizenRequest) Request {
	return Request{
		ID: r.ID, Kind: r.Kind, State: r.State, Made: r.Made, Grant: r.Grant, Recipient: r.Recipient,
		Event: r.Event, Reason: r.Reason, Message: r.Message, Answers: len(r.Answers),
	}
}

func (o *Operators) answerRequest(a act) (any, error) {
	var ask AnswerRequest
	if err := a.read(&ask); err != nil {
		return nil, err
	}
	answer := store.RequestAnswer{By: ask.By, Text: ask.Text, State: ask.State}
	if !answer.Sound() || !plain(ask.By) || len(ask.ID) > 40 || !plain(ask.ID) {
		return nil, fmt.Errorf("state: sent, answered (with a text) or closed; text and by within their bounds: %w", errRequest)
	}
	if err := a.log(ask.ID + " " + string(ask.State)); err != nil {
		return nil, err
	}
	r, err := o.Store.AnswerRequest(a.Context(), ask.ID, answer)
	switch {
	case errors.Is(err, store.ErrCapped):
		return nil, fmt.Errorf("it has %d answers: %w", store.MostAnswers, store.ErrConflict)
	case err != nil:
		return nil, fmt.Errorf("answering the request: %w", err)
	}
	return requestOf(r), nil
}

// plain tells whether words hold no control character.
func plain(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}
