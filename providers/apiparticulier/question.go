package apiparticulier

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"accord/providers"
)

// A question is one address to ask, and what its answer must be about.
type question struct {
	path       string // /v3/…
	before     string // path of the resource asked first, with the same parameters; "" = none
	parameters url.Values
	period     string // for provenance; "" = the month of the call

	whom  providers.Identity // whose answer it must be
	bound bool               // the answer must name them
	typed bool               // found by an identifier the citizen typed, which may be another's
	input string             // that something, where the answer repeats it
	month month              // quotient familial asked
	year  int                // school year asked, by its first year

	token   string    // FranceConnect's, in place of ours
	expires time.Time // of token
}

// An asker turns a query into a question, or says why it cannot be asked.
type asker func(q providers.Query, today day) (question, error)

// A day is a date in France: an hour early in summer, so never in the future
// of API Particulier.
type day time.Time

// A month is the one a quotient familial is asked for.
type month struct{ year, month int }

func (m month) String() string { return fmt.Sprintf("%04d-%02d", m.year, m.month) }

func (d day) month() month { return month{time.Time(d).Year(), int(time.Time(d).Month())} }

// builder makes the request. X-Request-Id is what Rails services take a
// caller's id from; API Particulier documents none.
func (k question) builder(base string) func(context.Context, string) (*http.Request, error) {
	return func(ctx context.Context, requestID string) (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+k.path+"?"+k.parameters.Encode(), nil)
		if err != nil {
			return nil, errors.New("request to API Particulier cannot be made")
		}
		r.Header.Set("Accept", "application/json")
		r.Header.Set("X-Request-Id", requestID)
		return r, nil
	}
}
