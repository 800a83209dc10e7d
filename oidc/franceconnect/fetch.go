package franceconnect

import (
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strconv"
)

// maxBody bounds every answer of FranceConnect's that is read, in bytes.
const maxBody = 1 << 20

// An answer is one bounded HTTP answer.
type answer struct {
	status    int
	mediaType string // without parameters, lower case
	body      []byte
}

// fetch sends r. Network faults, timeouts and answers that mean "later" are
// Unavailable; a redirect or an answer past maxBody is Invalid. what names the
// call in the reason.
func (rp *RelyingParty) fetch(ctx context.Context, what string, r *http.Request) (answer, error) {
	resp, err := rp.http.Do(r.WithContext(ctx))
	if err != nil {
		return answer{}, &Error{Kind: Unavailable, Reason: what + ": " + unanswered(err), cause: err}
	}
	defer func() { _ = resp.Body.Close() }() // read to its end or given up: nothing to learn from Close
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return answer{}, &Error{Kind: Unavailable, Reason: what + ": answer cut", cause: err}
	}
	mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		mediaType = "" // as good as absent: what needs a type refuses it
	}
	a := answer{status: resp.StatusCode, mediaType: mediaType, body: body}
	return a, a.judge(what)
}

func unanswered(err error) string {
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		return "no answer in time"
	}
	return "no answer"
}

// judge refuses the answers that no call of ours can use.
func (a answer) judge(what string) error {
	switch {
	case len(a.body) > maxBody:
		return invalid(what + ": answer too large")
	case a.status >= 500, a.status == http.StatusTooManyRequests, a.status == http.StatusRequestTimeout:
		return &Error{Kind: Unavailable, Reason: what + ": HTTP " + strconv.Itoa(a.status)}
	case a.status >= 300 && a.status < 400:
		return invalid(what + ": a redirect where an answer was due")
	}
	return nil
}
