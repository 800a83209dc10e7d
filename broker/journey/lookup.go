package journey

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/seal"
	"accord/consent"
	"accord/ui"
)

// interactionOf opens the interaction a page's parameter i names. Whatever is
// wrong, the citizen learns only that the thread is lost.
func (j *Journey) interactionOf(c *gin.Context, handle string) (*interaction, ticket, error) {
	t, err := j.ticketOf(c.Request, handle)
	if err != nil {
		return nil, t, failure.New(failure.SessionLost, err)
	}
	in, err := j.load(c.Request.Context(), t.secret)
	if err != nil {
		return nil, t, j.lost(t, err)
	}
	return in, t, nil
}

// lost is why the interaction of a ticket is not to be found. Its id tells when
// it began: one whose time is over has ended, any other is lost.
func (j *Journey) lost(t ticket, err error) *failure.Error {
	began := time.Unix(t.id.Time().UnixTime())
	if errors.Is(err, errNoInteraction) && t.id.Version() == 7 && j.Now().After(began.Add(clocks.ToDecision)) {
		return failure.New(failure.TimedOut, err)
	}
	return failure.New(failure.SessionLost, err)
}

// formOf opens the interaction of a posted form, checks its token and holds
// the interaction until unlock.
func (j *Journey) formOf(c *gin.Context) (*interaction, ticket, func(), error) {
	if err := ReadForm(c); err != nil {
		return nil, ticket{}, nil, err
	}
	t, err := j.ticketOf(c.Request, c.PostForm("i"))
	if err != nil {
		return nil, t, nil, failure.New(failure.SessionLost, err)
	}
	unlock := j.locks.lock(t.id.String())
	in, err := j.load(c.Request.Context(), t.secret)
	if !hmac.Equal([]byte(c.PostForm("csrf")), []byte(formToken(t.secret))) {
		unlock()
		return nil, t, nil, j.forged(in)
	}
	if err != nil {
		unlock()
		return nil, t, nil, j.lost(t, err)
	}
	return in, t, unlock, nil
}

// forged is a form of another site, or one filled in before the login changed
// the token: the step may be begun again where it still stands.
func (j *Journey) forged(in *interaction) *failure.Error {
	err := errors.New("form token differs")
	if in == nil || in.Stage == decided {
		return failure.New(failure.CrossSite, err)
	}
	return j.failed(in, failure.CrossSite, err).WithRetry(j.retry(in))
}

const maxForm = 64 << 10 // bytes

// ReadForm reads the form of a citizen's page: a bounded urlencoded body in
// which only item, the ticked boxes, may stand more than once. Two answers are
// none.
func ReadForm(c *gin.Context) error {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxForm)
	if c.ContentType() != gin.MIMEPOSTForm {
		return failure.Newf(failure.InvalidForm, "form of another content type")
	}
	if c.Request.ParseForm() != nil { // its error quotes what was sent
		return failure.Newf(failure.InvalidForm, "form too large or unreadable")
	}
	for name, values := range c.Request.PostForm {
		if len(values) > 1 && name != "item" {
			return failure.Newf(failure.InvalidForm, "a field stands in the form twice")
		}
	}
	return nil
}

// lang is the language of the page that was answered: its form says so, since
// the choice of another tab may have changed the cookie meanwhile.
func (j *Journey) lang(c *gin.Context) string {
	if l := c.PostForm("lang"); slices.Contains(ui.Languages(), l) {
		return l
	}
	return j.UI.Lang(c.Request)
}

// formToken ties a form to the secret of its interaction: another site cannot
// know it, and it dies with the cookie.
func formToken(secret []byte) string {
	sum := sha256.Sum256(seal.Key(secret, "accord-form-v1"))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// approval is the approval an interaction runs under. It was reviewed before
// the interaction began; one withdrawn since leaves an empty one, under which
// nothing is covered.
func (j *Journey) approval(in *interaction) *consent.Approval {
	for _, a := range j.Approvals(in.Request.ClientID) {
		if a.ID == in.Approval && a.Digest == in.ApprovalDigest {
			return a
		}
	}
	return new(consent.Approval)
}

// asShown resolves the interaction's request by the version of its approval that
// the citizen was shown, though it may be suspended or replaced since: enough to
// say no to it. False when nobody knows that version any more.
func (j *Journey) asShown(in *interaction) bool {
	if in.resolved != nil {
		return true
	}
	a, ok := j.Version(in.ApprovalDigest)
	if !ok {
		return false
	}
	r, err := j.resolve(in, a)
	if err != nil {
		return false
	}
	in.resolved = &r
	return true
}

// requestOf resolves the interaction's request again, under the same approval,
// once in an HTTP request.
func (j *Journey) requestOf(in *interaction) (consent.Request, error) {
	if in.resolved == nil {
		r, err := j.resolve(in, j.approval(in))
		if err != nil {
			return consent.Request{}, err
		}
		in.resolved = &r
	}
	return *in.resolved, nil
}

// resolve is what an interaction asks under a version of its approval: an
// agent's request, or a service provider's.
func (j *Journey) resolve(in *interaction, a *consent.Approval) (consent.Request, error) {
	if in.Assisted != nil {
		return consent.NewDeskRequest(a, j.Catalogue, in.Assisted.Optional)
	}
	return j.asks(a, &in.Request, in.Created)
}

// failed is a failure with the way back to the service provider, as far as it
// is known.
func (j *Journey) failed(in *interaction, k failure.Kind, cause error) *failure.Error {
	f := failure.New(k, cause)
	if in.For != forRequest {
		return f
	}
	name := j.approval(in).ServiceProvider.Name
	if a, ok := j.Version(in.ApprovalDigest); ok { // suspended or replaced, it is still who asked
		name = a.ServiceProvider.Name
	}
	return f.WithBack(j.URLs.ErrorURL(&in.Request, "temporarily_unavailable", ""), name)
}

// retry is where a citizen starts the step again.
func (j *Journey) retry(in *interaction) string {
	switch in.For {
	case forHistory:
		return in.Return
	case forDesk:
		return j.path("/telephone", in.Handle)
	}
	return j.path("/connexion", in.Handle)
}
