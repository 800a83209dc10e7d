package resource

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/gin-gonic/gin"

	"accord/broker/journey"
	"accord/broker/store"
	"accord/consent"
)

// HashOf names a token's row.
func HashOf(token string) store.Hash { return store.Hash(sha256.Sum256([]byte(token))) }

// serve answers one resource in API Particulier v3's envelope, or signed.
func (d *Deliverer) serve(a address) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Header("Cache-Control", "no-store")
		c.Header("Vary", "Accept")
		asked, ok := formOf(c.Request)
		if !ok {
			refuse(c, errForm)
			return
		}
		token, ok := bearer(c.Request)
		if !ok {
			refuse(c, errToken)
			return
		}
		state, err := d.Store.Token(c.Request.Context(), HashOf(token))
		if err != nil {
			refuse(c, tokenError(err))
			return
		}
		if e := d.held(c.Request, state, token); e != nil {
			refuse(c, *e)
			return
		}
		if e := recipientIs(c, state.Grant.Recipient); e != nil {
			refuse(c, *e)
			return
		}
		form, e := d.sendingTo(c.Request.Context(), asked, state.Client)
		if e != nil {
			refuse(c, *e)
			return
		}
		if state.Renewed {
			if e := d.again(c, a, form, state, token); e != nil {
				refuse(c, *e)
			}
			return
		}
		if state.Snapshot == nil && len(state.Grant.Data) == 0 { // the identifier alone
			refuse(c, errScope)
			return
		}
		d.release(c, a, form, state, token)
	}
}

// release opens the snapshot, picks the resource's part, makes the delivery
// durable and only then answers.
func (d *Deliverer) release(c *gin.Context, a address, f sending, state store.TokenState, token string) {
	o, err := d.open(state, token)
	if err != nil {
		d.fail(c.Request.Context(), token, "snapshot_unreadable")
		d.Log.ErrorContext(c.Request.Context(), "opening a snapshot", "cause", err)
		refuse(c, errOurs)
		return
	}
	part, ok := o.snapshot.Parts[a.resource]
	if !ok {
		refuse(c, errScope)
		return
	}
	if e := a.period(c, part); e != nil {
		refuse(c, *e)
		return
	}
	ready, err := a.answerOf(part)
	if err != nil {
		d.fail(c.Request.Context(), token, "version_unwritable")
		d.Log.ErrorContext(c.Request.Context(), "writing an answer", "cause", err)
		refuse(c, errOurs)
		return
	}
	r, err := d.deliver(c.Request.Context(), o, []string{a.resource}, ready.member)
	if err != nil {
		refuse(c, deliveryError(err))
		return
	}
	r.setHeaders(c.Writer.Header())
	d.write(c, f, o, ready, r)
}

func recipientIs(c *gin.Context, siret string) *apiError {
	switch given := c.Query("recipient"); {
	case len(c.QueryArray("recipient")) != 1 || !consent.ValidSIRET(given):
		return &errRecipient
	case given != siret:
		return &errOtherRecipient
	}
	return nil
}

// monthIsSnapshots holds annee and mois, when given, to what the citizen saw.
func monthIsSnapshots(c *gin.Context, p journey.Part) *apiError {
	if c.Query("annee") == "" && c.Query("mois") == "" {
		return nil
	}
	var doc struct {
		QF struct {
			Annee json.Number `json:"annee"`
			Mois  json.Number `json:"mois"`
		} `json:"quotient_familial"`
	}
	if p.Document != nil && json.Unmarshal(p.Document, &doc) != nil {
		return &errOurs
	}
	year, month := doc.QF.Annee.String(), doc.QF.Mois.String()
	if year == "" && len(p.Period) == 7 {
		year, month = p.Period[:4], p.Period[5:]
	}
	if other(c.Query("annee"), year) || other(c.Query("mois"), month) {
		return &errPeriod
	}
	return nil
}

func yearIsSnapshots(c *gin.Context, p journey.Part) *apiError {
	if other(c.Query("annee"), p.Period) {
		return &errPeriod
	}
	return nil
}

// other compares two numbers written as text, "07" being 7.
func other(asked, have string) bool {
	if asked == "" {
		return false
	}
	a, errA := strconv.Atoi(asked)
	h, errH := strconv.Atoi(have)
	return errA != nil || errH != nil || a != h
}

func tokenError(err error) apiError {
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrRevoked):
		return errToken
	case errors.Is(err, store.ErrExpired):
		return errExpired
	}
	return errBusy
}

func deliveryError(err error) apiError {
	switch {
	case errors.Is(err, store.ErrNotCovered):
		return errScope
	case errors.Is(err, store.ErrRevoked), errors.Is(err, store.ErrNotFound):
		return errToken
	case errors.Is(err, store.ErrExpired):
		return errExpired
	}
	return errBusy
}
