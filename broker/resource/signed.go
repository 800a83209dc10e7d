package resource

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"accord/broker/journey"
	"accord/consent/audit"
	"accord/consent/receipt"
)

// Keys give the key that signs receipts and deliveries now.
type Keys interface {
	Receipt() receipt.Signer
}

// An answer is what one resource of a snapshot says.
type answer struct {
	resource string
	part     journey.Part
	status   int
	member   []byte // the bytes the log's digest covers: data, or errors for an agreed absence
}

// envelope is the answer in API Particulier v3's shape.
func (a answer) envelope() []byte {
	if a.part.Document == nil {
		return slices.Concat([]byte(`{"errors":`), a.member, []byte(`}`))
	}
	return slices.Concat([]byte(`{"data":`), a.member, []byte(`,"links":{},"meta":{}}`))
}

// write sends a delivery that is durable in the log. Where it cannot be
// signed, or encrypted to a client that has a key, nothing leaves; the headers then name the event that stands there.
func (d *Deliverer) write(c *gin.Context, f sending, o opened, a answer, r release) {
	if f.form == envelopeForm {
		c.Data(a.status, "application/json; charset=utf-8", a.envelope())
		return
	}
	jws, err := d.signed(statement(d.Issuer, o, a, r))
	if err == nil {
		jws, err = f.sealed(jws)
	}
	if err != nil {
		d.Log.ErrorContext(c.Request.Context(), "signing a delivery", "release", r.id, "cause", err)
		refuse(c, errOurs)
		return
	}
	c.Data(a.status, string(signedForm), jws)
}

// statement is the answer as it is signed.
func statement(issuer string, o opened, a answer, r release) audit.Delivery {
	s := audit.Delivery{
		Issuer: issuer, Audience: "siret:" + o.state.Grant.Recipient, Subject: o.state.Grant.Subject, Release: r.id,
		Client: o.state.Client, Grant: o.state.Grant.ID, Resource: a.resource,
		Source: a.part.Source, Period: a.part.Period, Retrieved: a.part.Retrieved.UTC().Format(audit.TimeLayout),
		Log: r.position, ReleaseKey: base64.RawURLEncoding.EncodeToString(r.key),
	}
	if a.part.Document == nil {
		s.Errors = a.member
	} else {
		s.Data = a.member
	}
	return s
}

// mostKeys bounds how often a delivery is signed again.
const mostKeys = 3

// signed signs with a key in use at that moment: the time is read between two
// looks at the ring, and a key that was retired between them signs nothing
// that leaves.
func (d *Deliverer) signed(s audit.Delivery) ([]byte, error) {
	for range mostKeys {
		key := d.Keys.Receipt()
		jws, err := audit.SignDelivery(s, key, d.Now())
		if err != nil {
			return nil, fmt.Errorf("signing with key %s: %w", key.KeyID, err)
		}
		if d.Keys.Receipt().KeyID == key.KeyID {
			return jws, nil
		}
	}
	return nil, errors.New("the signing key was retired each time")
}

// answerOf renders a part in the address's version.
func (a address) answerOf(p journey.Part) (answer, error) {
	ready := answer{resource: a.resource, part: p, status: http.StatusOK, member: p.Document}
	if p.Document == nil {
		ready.status, ready.member = a.missing.status, a.missing.encoded()
		return ready, nil
	}
	if a.shape == nil {
		return ready, nil
	}
	var err error
	ready.member, err = a.shape(p.Document)
	return ready, err
}
