package verification

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/consent/audit"
	"accord/ui"
)

// An Answer is a verdict for a program. It repeats no value: they stay in the
// file that was sent.
type Answer struct {
	Outcome  string          `json:"outcome"` // genuine, false, undecided
	Result   string          `json:"result"`  // genuine, or V01 to V06
	About    string          `json:"about"`   // further word of the result
	Kind     string          `json:"kind,omitempty"`
	Pictured bool            `json:"pictured,omitempty"` // read from a code on a photograph
	Checks   []Check         `json:"checks"`
	Standing *Standing       `json:"standing,omitempty"`
	Receipt  *ReceiptAnswer  `json:"receipt,omitempty"`
	Delivery *DeliveryAnswer `json:"delivery,omitempty"`
}

// The parts of an Answer.
type (
	Check struct {
		Name   string `json:"check"`
		Result string `json:"result"`
		Reason string `json:"reason,omitempty"`
	}
	Standing struct {
		State string    `json:"state"`
		At    time.Time `json:"at"` // since when it ended, or until when it lives
	}
	ReceiptAnswer struct {
		ID        string    `json:"receipt_id"`
		Act       string    `json:"act"`
		At        time.Time `json:"time"`
		Recipient string    `json:"recipient"` // SIRET
		Purpose   string    `json:"purpose"`
		Data      []string  `json:"data"`
		Position  string    `json:"log,omitempty"`
	}
	DeliveryAnswer struct {
		Release   string    `json:"release"`
		Recipient string    `json:"recipient"` // SIRET
		Resource  string    `json:"resource"`
		Source    string    `json:"source"`
		Period    string    `json:"period,omitempty"`
		Retrieved time.Time `json:"retrieved"`
		Signed    time.Time `json:"signed"`
		Position  string    `json:"log"`
	}
)

// answer writes the verdict, or the failure, as JSON; no cache keeps it.
func (p *Pages) answer(c *gin.Context, v ui.Verdict, problem string, err error) {
	c.Header("Cache-Control", "no-store")
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("Vary", "Accept")
	switch {
	case err != nil:
		p.fail(c, err)
	case problem != "":
		c.JSON(http.StatusUnprocessableEntity, gin.H{"error": problem})
	default:
		c.JSON(http.StatusOK, answerOf(v))
	}
}

func (p *Pages) fail(c *gin.Context, err error) {
	status, kind := http.StatusInternalServerError, failure.Ours
	var f *failure.Error
	if errors.As(err, &f) {
		kind = f.Kind
	}
	switch kind {
	case failure.TooMany:
		status = http.StatusTooManyRequests
	case failure.Busy:
		status = http.StatusServiceUnavailable
	case failure.InvalidForm:
		status = http.StatusUnprocessableEntity
	default:
		p.Errors.ErrorContext(c.Request.Context(), "checking a document failed", "kind", kind, "cause", err)
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		c.Header("Retry-After", "5")
	}
	c.JSON(status, gin.H{"error": string(kind)})
}

func answerOf(v ui.Verdict) Answer {
	a := Answer{Outcome: outcomeOf(v.Result), Result: v.Result, About: v.About, Kind: v.Kind, Pictured: v.Pictured, Checks: []Check{}}
	for _, check := range v.Checks {
		a.Checks = append(a.Checks, Check(check))
	}
	if s := v.Standing; s != nil {
		a.Standing = &Standing{string(s.State), s.At.UTC()}
	}
	if r := v.Receipt; r != nil {
		a.Receipt = &ReceiptAnswer{r.ID, string(r.Act), r.At.UTC(), r.Requester.SIRET, r.Purpose, append([]string{}, r.Data...), r.Position}
	}
	if d := v.Delivery; d != nil {
		a.Delivery = &DeliveryAnswer{d.Release, d.Recipient.SIRET, d.Resource, d.Source, d.Period, d.Retrieved.UTC(), d.Signed.UTC(), d.Position}
	}
	return a
}

// outcomeOf is accord-verify's word for a result.
func outcomeOf(result string) string {
	switch result {
	case "genuine", "V06":
		return audit.Genuine
	case "V02", "V04", "V05":
		return audit.False
	}
	return audit.Undecided
}
