package storetest

import (
	"bytes"
	"errors"
	"fmt"

	"accord/broker/store"
	"accord/consent/audit"
)

// A journey is one interaction's commands, built step by step so that a test
// can bend each before it is given.
type journey struct {
	w        *world
	id       string
	citizen  string
	lookup   store.Logged
	queried  store.Logged
	decided  store.Logged
	grant    string
	receipt  store.Receipt
	code     store.Hash
	token    store.Hash
	snapshot string
}

func (w *world) journey() *journey {
	id := w.id("interaction")
	return &journey{
		w: w, id: id, citizen: citizen, grant: "g_" + id, snapshot: "snapshot-" + id,
		code: hash("code" + id), token: hash("token" + id),
	}
}

func (w *world) newReceipt(kind string) store.Receipt {
	jws := []byte("eyJ." + w.id(kind) + ".sig")
	return store.Receipt{ID: w.id("receipt"), KeyID: keyID, JWS: jws, Digest: audit.Digest(jws), Sealed: []byte("evidence")}
}

func (j *journey) lookupCmd() store.LookupCmd {
	return store.LookupCmd{Event: audit.Event{
		Interaction: j.id, Client: client, Recipient: recipient, Purpose: purpose,
		Approval: approval, ApprovalDigest: approvalDigest(), Data: approvedData(),
	}}
}

func (j *journey) look() *journey {
	j.w.t.Helper()
	logged, err := j.w.store.RequestLookup(j.w.ctx, j.lookupCmd())
	j.w.ok(err)
	j.lookup = logged
	return j
}

func (j *journey) queryCmd() store.QueryCmd {
	index := j.lookup.Position.Index
	return store.QueryCmd{Event: audit.Event{
		Lookup: &index, Interaction: j.id, Source: "cnav", RequestID: j.w.id("request"),
		Citizen: j.citizen, Data: approvedData()[:1],
	}}
}

// query asks a source and records its answer.
func (j *journey) query() *journey {
	j.w.t.Helper()
	logged, err := j.w.store.QuerySource(j.w.ctx, j.queryCmd())
	j.w.ok(err)
	j.queried = logged
	index := logged.Position.Index
	j.w.ok(j.w.store.AnswerSource(store.AnswerCmd{Event: audit.Event{
		Queried: &index, Interaction: j.id, Outcome: "found", HTTPClass: 2, Millis: 42,
	}}))
	return j
}

func (j *journey) agreeCmd() store.DecideCmd {
	r := j.w.newReceipt("granted")
	now := j.w.clock.now()
	return store.DecideCmd{
		Interaction: j.id, Kind: audit.ConsentGranted, Receipt: r,
		Event:  audit.Event{ApprovalDigest: approvalDigest(), Mode: "journey"},
		Answer: []byte("answer " + j.id), AnswerUntil: answerLife,
		Grant: &store.Grant{
			ID: j.grant, RecordID: j.id, Receipt: r.ID, Citizen: j.citizen, Subject: "sub", Client: client,
			Recipient: recipient, Purpose: purpose, Approval: approval, Basis: basis, Data: approvedData(),
			Fields: approvedFields(), FetchMode: "once", MaxFetches: 1, ValidFrom: now, ValidUntil: now.Add(grantLife),
		},
		Code: &store.Code{
			Hash: j.code, Client: client, Expires: codeLife,
			Bound: []byte("bound " + j.id), Wrapped: []byte("wrapped " + j.id),
		},
		Snapshot: &store.Snapshot{ID: j.snapshot, Sealed: []byte("sealed " + j.id), Expires: snapshotLife},
	}
}

func (j *journey) refuseCmd() store.DecideCmd {
	return store.DecideCmd{
		Interaction: j.id, Kind: audit.ConsentRefused, Receipt: j.w.newReceipt("refused"),
		Event: audit.Event{
			Client: client, Recipient: recipient, Purpose: purpose, Approval: approval, Stage: "before_login",
		},
		Answer: []byte("answer " + j.id), AnswerUntil: answerLife,
	}
}

func (j *journey) decide(cmd store.DecideCmd) *journey {
	j.w.t.Helper()
	d, err := j.w.store.Decide(j.w.ctx, cmd)
	j.w.ok(err)
	j.decided, j.receipt = d.Logged, cmd.Receipt
	return j
}

// agree goes from the look-up to the decision.
func (j *journey) agree() *journey {
	j.w.t.Helper()
	return j.look().query().decide(j.agreeCmd())
}

var errWrongBinding = errors.New("PKCE verifier does not match")

func (j *journey) redeemCmd() store.RedeemCmd {
	return store.RedeemCmd{Code: j.code, Client: client, Open: func(bound, wrapped []byte) (store.Token, error) {
		if !bytes.Equal(bound, []byte("bound "+j.id)) || !bytes.Equal(wrapped, []byte("wrapped "+j.id)) {
			return store.Token{}, fmt.Errorf("code row came back changed")
		}
		return store.Token{
			Hash: j.token, Expires: tokenLife, Bound: []byte("token bound " + j.id), Wrapped: []byte("token wrapped " + j.id),
		}, nil
	}}
}

func (j *journey) redeem() *journey {
	j.w.t.Helper()
	_, err := j.w.store.Redeem(j.w.ctx, j.redeemCmd())
	j.w.ok(err)
	return j
}

func (j *journey) deliverCmd() store.DeliverCmd {
	return store.DeliverCmd{Token: j.token, Recipient: recipient, Event: audit.Event{
		Release: j.w.id("release"), Snapshot: j.snapshot, Data: approvedData(), Fields: approvedFields(),
		ResponseDigest: "hmac-sha-256:AAAA",
	}}
}

func (j *journey) deliver(cmd store.DeliverCmd) error {
	_, err := j.w.store.Deliver(j.w.ctx, cmd)
	return err
}

func (j *journey) withdrawCmd() store.WithdrawCmd {
	r := j.w.newReceipt("withdrawn")
	r.Previous = j.receipt.Digest
	return store.WithdrawCmd{Grant: j.grant, Citizen: j.citizen, Receipt: r}
}

func (j *journey) withdraw(cmd store.WithdrawCmd) error {
	_, err := j.w.store.Withdraw(j.w.ctx, cmd)
	return err
}

func (j *journey) tokenState() (store.TokenState, error) { return j.w.store.Token(j.w.ctx, j.token) }

// dead fails unless nothing leads to data any more: token, delivery, grant.
func (j *journey) dead(state store.GrantState, why error) {
	j.w.t.Helper()
	_, err := j.tokenState()
	j.w.refused(err, why)
	j.w.logsNothing(why, func() error { return j.deliver(j.deliverCmd()) })
	g, err := j.w.store.Grant(j.w.ctx, j.grant)
	j.w.ok(err)
	if g.State != state {
		j.w.t.Fatalf("grant is %s, want %s", g.State, state)
	}
}
