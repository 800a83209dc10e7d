package journey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/seal"
	"accord/broker/store"
)

const answerPurpose = "accord-answer-v1"

// An answer is what a decision was answered with. It rests sealed under the
// interaction's secret for ten minutes, so that the same POST gets the same
// 303, also after a restart.
type answer struct {
	URL     string // authorization response, with the code when accepted
	Back    string // the service provider's site: the way back once the answer was used
	Name    string // of the recipient
	Outcome string // accepted, refused
	Receipt string // receipt id
}

func (a answer) sealed(secret []byte) ([]byte, error) {
	plain, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("encoding answer: %w", err)
	}
	return seal.Seal(secret, answerPurpose, plain), nil
}

// Site is where a service provider is found again: the root of its registered
// redirect URI, since the address itself answers only with an answer.
func Site(redirectURI string) string {
	u, err := url.Parse(redirectURI)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host + "/"
}

// answered is what an interaction was answered with before, if it was.
type answered struct {
	answer
	at       time.Time
	redeemed bool
}

func (j *Journey) answeredBefore(ctx context.Context, t ticket) (answered, error) {
	row, err := j.Store.Answer(ctx, t.id.String())
	if err != nil {
		return answered{}, err
	}
	plain, err := seal.Open(t.secret, answerPurpose, row.Sealed)
	if err != nil {
		return answered{}, err
	}
	a := answered{at: row.Time, redeemed: row.Redeemed}
	if err := json.Unmarshal(plain, &a.answer); err != nil {
		return answered{}, fmt.Errorf("decoding answer: %w", err)
	}
	return a, nil
}

// repeat gives the same 303 to the same POST; once its code was redeemed the
// "already answered" page, because sending the code again would revoke what it
// gave.
func (j *Journey) repeat(c *gin.Context, t ticket) error {
	a, err := j.answeredBefore(c.Request.Context(), t)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrExpired), errors.Is(err, seal.ErrOpen):
		return failure.New(failure.SessionLost, err)
	case err != nil:
		return failure.New(failure.Busy, err)
	case a.redeemed:
		return j.answeredPage(c, a)
	}
	c.Redirect(http.StatusSeeOther, a.URL)
	return nil
}

// alreadyAnswered serves a page of a decided interaction.
func (j *Journey) alreadyAnswered(c *gin.Context, t ticket) error {
	a, err := j.answeredBefore(c.Request.Context(), t)
	if err != nil {
		return failure.New(failure.SessionLost, err)
	}
	return j.answeredPage(c, a)
}
