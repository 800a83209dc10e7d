package resource

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"accord/broker/clocks"
	"accord/broker/journey"
	"accord/broker/seal"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
	"accord/providers"
)

// An asking is who asks the sources again about a citizen, under which
// recurring grant.
type asking struct {
	grant         store.Grant
	snapshot      string // names the fetch
	identity      providers.Identity
	franceConnect string                // access token for the sources that read one; empty: none
	expires       time.Time             // of that
	token         string                // the renewed access token it is asked with; empty in the token way
	refused       func(error) *apiError // what the store's refusal is answered with
}

// A fetching is one resource being fetched under a recurring grant.
type fetching struct {
	*Deliverer
	asking
	source string
	data   []string
	begun  bool  // the store authorised an attempt
	denied error // why it authorised none
}

// snapshotOf names the fetch that a presented or a renewed token makes under a
// grant: the same for each resource, so that one token counts once, also over
// replicas. The
// token cannot be found from it: it holds 256 random bits.
func snapshotOf(token, grant string) string {
	raw, err := hkdf.Key(sha256.New, []byte(token), nil, "accord-fetch-v1"+grant, len(uuid.UUID{}))
	if err != nil {
		return "" // hkdf refuses enormous lengths only: cannot happen, and the store takes no empty name
	}
	id := uuid.UUID(raw)
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // version 8, RFC 9562 §5.8
	return id.String()
}

// fetch asks the source and masks its answer to what was agreed. What comes to
// nothing is logged so, and counts no more.
func (d *Deliverer) fetch(ctx context.Context, by asking, again consent.Request, a address) (opened, *apiError) {
	data := again.Data()
	f := &fetching{Deliverer: d, asking: by, source: data[0].Source, data: consent.IDs(data)}
	answer := f.ask(ctx, again, a)
	switch {
	case f.denied != nil:
		f.fail(ctx, "not_authorised")
		return opened{}, f.refused(f.denied)
	case !journey.Sendable(answer.Outcome):
		d.Log.WarnContext(ctx, "source answered", "source", f.source, "resource", a.resource, "outcome", answer.Outcome, "cause", answer.Cause)
		f.fail(ctx, "source_"+string(answer.Outcome))
		return opened{}, a.sourceError(answer.Outcome)
	}
	s, err := d.snapshotFetched(data, answer, a)
	if err != nil {
		d.Log.ErrorContext(ctx, "masking what was fetched", "cause", err)
		f.fail(ctx, "masking_refused")
		return opened{}, &errOurs
	}
	if len(s.Parts) == 0 { // its grids answer nothing of what was found: no answer at all
		f.fail(ctx, "source_"+string(providers.Unavailable))
		return opened{}, a.sourceError(providers.Unavailable)
	}
	return f.opened(s), nil
}

// snapshotFetched masks what was fetched to what was agreed, the answers of
// grids worked out on this day. A datum its grid has no answer for stays out, as
// it does on the consent page.
func (d *Deliverer) snapshotFetched(data []consent.Datum, answer providers.Answer, a address) (journey.Snapshot, error) {
	answer, err := journey.Answered(answer, data, d.Now())
	if err != nil {
		return journey.Snapshot{}, err
	}
	data = slices.DeleteFunc(slices.Clone(data), func(d consent.Datum) bool { return !journey.CanSend(d, answer) })
	return journey.SnapshotOf(data, map[string]providers.Answer{a.resource: answer})
}

// ask makes the query, each HTTP attempt authorised before it.
func (f *fetching) ask(ctx context.Context, again consent.Request, a address) providers.Answer {
	source, ok := f.Sources[f.source]
	if !ok {
		return providers.Answer{Outcome: providers.Unavailable}
	}
	ctx, cancel := context.WithTimeout(ctx, clocks.PendingSource)
	defer cancel()
	approval := again.Approval
	q := providers.Query{
		Identity: f.identity, Resource: a.resource, Recipient: f.grant.Recipient, Data: f.data,
		Credential: approval.Credentials[f.source], Teleservice: approval.DGFiPTeleservice, Attempt: f.attempt,
	}
	q.Year, q.FallbackYear = again.Years(f.Now())
	for _, d := range again.Data() {
		if len(d.FranceConnectScopes) > 0 {
			q.FranceConnectToken, q.TokenExpires = f.franceConnect, f.expires
		}
	}
	return source.Query(ctx, q)
}

// attempt is the transaction that authorises one HTTP attempt, and logs it.
func (f *fetching) attempt(ctx context.Context) (providers.Attempt, error) {
	request := uuid.NewString()
	l, err := f.Store.QuerySource(ctx, store.QueryCmd{Token: f.tokenHash(), Event: audit.Event{
		Grant: f.grant.ID, Snapshot: f.snapshot, Source: f.source, RequestID: request,
		Citizen: f.grant.Citizen, Recipient: f.grant.Recipient, Data: f.data,
	}})
	if f.denied = err; err != nil {
		return providers.Attempt{}, err
	}
	f.begun = true
	done := func(o providers.Outcome, status int, took time.Duration) {
		err := f.Store.AnswerSource(store.AnswerCmd{Event: audit.Event{
			Queried: &l.Position.Index, Grant: f.grant.ID,
			Outcome: string(o), HTTPClass: status / 100, Millis: took.Milliseconds(),
		}})
		if err != nil {
			f.Log.Error("logging a source's answer", "cause", err)
		}
	}
	return providers.Attempt{RequestID: request, Done: done}, nil
}

// fail logs that nothing left, even when the caller is gone.
func (f *fetching) fail(ctx context.Context, reason string) {
	if !f.begun {
		return
	}
	id, err := uuid.NewV7()
	if err == nil {
		_, err = f.Store.FailDelivery(context.WithoutCancel(ctx), store.FailDeliveryCmd{
			Grant: f.grant.ID,
			Event: audit.Event{Release: id.String(), Snapshot: f.snapshot, Data: f.data, Reason: reason},
		})
	}
	if err != nil {
		f.Log.ErrorContext(ctx, "logging a failed delivery", "cause", err)
	}
}

// tokenHash is zero in the token way.
func (a asking) tokenHash() store.Hash {
	if a.token == "" {
		return store.Hash{}
	}
	return HashOf(a.token)
}

// grantEnded is why the store authorised nothing in the token way: the grant
// ended or was used up since it was found.
func grantEnded(err error) *apiError {
	switch {
	case errors.Is(err, store.ErrNotCovered), errors.Is(err, store.ErrRevoked), errors.Is(err, store.ErrExpired), errors.Is(err, store.ErrNotFound):
		return &errEnded
	case errors.Is(err, store.ErrConflict):
		return &errReplayed
	}
	return &errBusy
}

// opened is what was fetched as if a token had opened it: the values stay in
// memory, their key is drawn for the release alone.
func (f *fetching) opened(s journey.Snapshot) opened {
	key := make([]byte, seal.KeySize)
	rand.Read(key)
	return opened{
		state:    store.TokenState{Client: f.grant.Client, Grant: f.grant, Snapshot: &store.StoredSnapshot{ID: f.snapshot}},
		snapshot: s, key: key, fetching: f,
	}
}

// releaseFetched makes the delivery durable and only then answers.
func (d *Deliverer) releaseFetched(c *gin.Context, a address, f sending, o opened) *apiError {
	ctx, part := c.Request.Context(), o.snapshot.Parts[a.resource]
	if e := a.period(c, part); e != nil {
		o.fetching.fail(ctx, "another_period")
		return e
	}
	ready, err := a.answerOf(part)
	if err != nil {
		d.Log.ErrorContext(ctx, "writing an answer", "cause", err)
		o.fetching.fail(ctx, "version_unwritable")
		return &errOurs
	}
	r, err := d.deliver(ctx, o, []string{a.resource}, ready.member)
	if err != nil {
		o.fetching.fail(ctx, "not_authorised")
		return o.fetching.refused(err)
	}
	r.setHeaders(c.Writer.Header())
	d.write(c, f, o, ready, r)
	return nil
}
