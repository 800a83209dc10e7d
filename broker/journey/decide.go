package journey

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/seal"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
	"accord/ui"
)

// decide takes the citizen's answer. Whatever the form says, only what the
// server showed can be agreed to.
func (j *Journey) decide(c *gin.Context) error {
	in, t, unlock, err := j.formOf(c)
	if err != nil {
		return j.maybeRepeat(c, err)
	}
	defer unlock()
	if in.Stage == decided {
		return j.repeat(c, t)
	}
	if in.Stage == choosing && c.PostForm("choix") != ui.ChoiceReload && c.PostForm("choix") != ui.ChoiceRefuse {
		return j.elsewhere(c, in, t)
	}
	if in.Stage != back && in.Stage != choosing {
		return failure.Newf(failure.SessionLost, "decision before the values were shown").WithRetry(j.retry(in))
	}
	in.Lang = j.lang(c)
	switch c.PostForm("choix") {
	case ui.ChoiceRefuse:
		return j.refuse(c, in, t, atDecision)
	case ui.ChoiceWrong:
		return j.dispute(c, in, t)
	case ui.ChoiceReload:
		in.Chosen, in.Later = j.optional(in, c.PostFormArray("item")), ticksLater(c)
		return j.look(c, in, t)
	case ui.ChoiceAccept:
		return j.accept(c, in, t)
	case ui.ChoiceCorrect:
		return j.correct(c, in, t)
	case ui.ChoiceChild:
		return j.otherChild(c, in, t)
	}
	return j.reread(c, in, t, nil)
}

// maybeRepeat answers a POST whose interaction is gone (a restart, or its
// expiry) as it was answered first, if it was.
func (j *Journey) maybeRepeat(c *gin.Context, lost error) error {
	var f *failure.Error
	if !errors.As(lost, &f) || f.Kind != failure.SessionLost && f.Kind != failure.TimedOut {
		return lost
	}
	t, err := j.ticketOf(c.Request, c.PostForm("i"))
	if err != nil {
		return lost
	}
	if err = j.repeat(c, t); errors.As(err, &f) && f.Kind == failure.SessionLost {
		return lost
	}
	return err
}

// reread shows the page again: Enter in a box, or a mistake, decides nothing.
func (j *Journey) reread(c *gin.Context, in *interaction, t ticket, problems []ui.Problem) error {
	if in.Answers == nil {
		c.Redirect(http.StatusSeeOther, j.path("/accord", t.handle))
		return nil
	}
	in.Chosen, in.Later = j.optional(in, c.PostFormArray("item")), ticksLater(c)
	return j.render(c, in, t, http.StatusUnprocessableEntity, func(p *ui.Consent) {
		p.Again, p.Problems = problems == nil, problems
	})
}

// optional keeps of the ticked ids those that may be ticked.
func (j *Journey) optional(in *interaction, ticked []string) []string {
	cr, err := j.lookedUp(in)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(consent.IDs(cr.Optional), func(id string) bool { return !slices.Contains(ticked, id) })
}

// accept checks the answer against what was shown and makes it durable; only
// then does the citizen go back with a code.
func (j *Journey) accept(c *gin.Context, in *interaction, t ticket) error {
	if in.Answers == nil || j.stale(in) {
		return j.reloadPage(c, in, t)
	}
	page, err := j.judgedPage(in, t, in.Lang)
	if err != nil {
		return err
	}
	agreed, problems := j.agreed(c, in, page)
	if problems != nil {
		return j.reread(c, in, t, problems)
	}
	return j.conclude(c, in, t, agreed)
}

// conclude makes an agreement durable, then sends the citizen back with a code.
func (j *Journey) conclude(c *gin.Context, in *interaction, t ticket, agreed consent.Agreed) error {
	if err := j.consume(c, in); err != nil {
		return err
	}
	a := answer{Back: Site(in.Request.RedirectURI), Name: j.approval(in).ServiceProvider.Name, Outcome: "accepted"}
	var cmd store.DecideCmd
	err := j.record(c.Request.Context(), func() (_ store.DecideCmd, err error) {
		cmd, err = j.grant(c, in, t, agreed, &a)
		return cmd, err
	})
	switch {
	case errors.Is(err, store.ErrConflict):
		return j.repeat(c, t)
	case errors.Is(err, store.ErrNotCovered):
		j.undecided(c, in, t)
		return j.failed(in, failure.Suspended, err)
	case err != nil:
		j.undecided(c, in, t)
		return j.failed(in, failure.Busy, err)
	}
	if in.For == forDesk {
		j.tellRoom(c.Request.Context(), in, Room{State: RoomAccepted, Code: code(t)})
	}
	j.remember(c, in, cmd.Grant)
	return j.close(c, in, t, a)
}

// consume uses up the pushed request for this interaction, before its code is
// issued: one request_uri gives one code, whatever number of tabs it opened.
// The interaction is saved with the decision, or by undecided.
func (j *Journey) consume(c *gin.Context, in *interaction) error {
	if in.Request.PushedURI == "" || in.Consumed {
		return nil
	}
	first, err := j.Consume(c.Request.Context(), &in.Request)
	if err != nil {
		return j.failed(in, failure.Busy, err)
	}
	if !first {
		return j.failed(in, failure.AlreadyAnswered, errors.New("the pushed request gave a code in another tab"))
	}
	in.Consumed = true
	return nil
}

// undecided keeps, of an answer that could not be recorded, that the pushed
// request is this interaction's: the citizen may answer again.
func (j *Journey) undecided(c *gin.Context, in *interaction, t ticket) {
	if err := j.save(c.Request.Context(), in, t.secret); err != nil {
		j.Log.Error("keeping an interaction", "cause", err)
	}
}

// agreed is what the citizen said yes to: every required datum and the ticked
// ones, provided the text is the one shown and each can be sent.
func (j *Journey) agreed(c *gin.Context, in *interaction, page ui.Consent) (consent.Agreed, []ui.Problem) {
	cr, err := j.lookedUp(in)
	if err != nil || c.PostForm("texte") != page.Form.Text {
		return consent.Agreed{}, []ui.Problem{{Field: "contenu", Text: "text_changed"}}
	}
	// The same rule as the page's, which shows no button then.
	if !page.CanAccept() {
		return consent.Agreed{}, []ui.Problem{{Field: "contenu", Text: "unknown_item"}}
	}
	ticked := c.PostFormArray("item")
	agreed, err := consent.Decide(cr, slices.Concat(consent.IDs(cr.Required), ticked))
	if err != nil {
		return consent.Agreed{}, []ui.Problem{{Field: "contenu", Text: "unknown_item"}}
	}
	if agreed.Later = ticksLater(c); agreed.Later && page.Later == nil {
		return consent.Agreed{}, []ui.Problem{{Field: "contenu", Text: "unknown_item"}}
	}
	for _, d := range agreed.Data {
		if !in.canSend(d) {
			return consent.Agreed{}, []ui.Problem{{Field: "contenu", Text: "unknown_item"}}
		}
	}
	return agreed, nil
}

// backWith is where the citizen goes with an agreement: to the service provider
// with the code, or, at a desk, to a page that says it is done.
func (j *Journey) backWith(in *interaction, t ticket, code string) string {
	if in.For == forDesk {
		return j.path("/telephone/fini", t.handle)
	}
	return j.URLs.SuccessURL(&in.Request, code)
}

// grant builds the one transaction of an agreement.
func (j *Journey) grant(c *gin.Context, in *interaction, t ticket, agreed consent.Agreed, a *answer) (store.DecideCmd, error) {
	input := j.receiptInput(c, in, consent.Granted, "")
	input.Agreed, input.ValidUntil = agreed, input.Request.Until(agreed, input.Time)
	input.GrantID = "g_" + base64url(randomBytes(16))
	signed, err := j.sign(input)
	if err != nil {
		return store.DecideCmd{}, err
	}
	code := code(t)
	a.Receipt, a.URL = signed.ID, j.backWith(in, t, code)
	sealed, err := a.sealed(t.secret)
	if err != nil {
		return store.DecideCmd{}, err
	}
	g := j.grantOf(in, agreed, input.ReceiptInput, signed.ID)
	if g.Details, err = agreedDetails(in, input.Request, agreed); err != nil {
		return store.DecideCmd{}, err
	}
	snap, key, err := sealSnapshot(agreed, in)
	if err != nil {
		return store.DecideCmd{}, err
	}
	bound, err := j.codeOf(in, code, g, signed.ID, key)
	if err != nil {
		return store.DecideCmd{}, err
	}
	return store.DecideCmd{
		Interaction: in.ID, Kind: audit.ConsentGranted, Event: grantedEvent(in, g, signed.Digest),
		Receipt: signed, Answer: sealed, AnswerUntil: clocks.AnswerKept, Grant: g, Code: bound, Snapshot: snap,
	}, nil
}

func (j *Journey) grantOf(in *interaction, agreed consent.Agreed, input consent.ReceiptInput, receipt string) *store.Grant {
	a := j.approval(in)
	mode, fetches := input.Request.Fetch(agreed)
	return &store.Grant{
		ID: input.GrantID, RecordID: input.RecordID, Receipt: receipt, Citizen: in.Citizen, Subject: in.Subject,
		Client: in.Request.ClientID, Recipient: a.ServiceProvider.SIRET, Purpose: a.Purpose.ID, Approval: a.ID, Basis: string(a.Legal.Act),
		Data: consent.IDs(agreed.Data), Fields: consent.Fields(agreed.Data), FetchMode: mode, MaxFetches: fetches,
		ValidFrom: input.Time, ValidUntil: input.ValidUntil, Scopes: granted(in.Request.Scopes, consent.IDs(agreed.Data)),
	}
}

func grantedEvent(in *interaction, g *store.Grant, receiptDigest string) audit.Event {
	return audit.Event{
		Interaction: in.ID, Client: g.Client, Recipient: g.Recipient, Purpose: g.Purpose, Approval: g.Approval,
		ApprovalDigest: in.ApprovalDigest, Basis: g.Basis, Citizen: g.Citizen, Subject: g.Subject, Grant: g.ID, Data: g.Data,
		Mode: in.mode(), Agent: in.agent(), Lookup: &in.Lookup.Index, Receipt: receiptDigest, ValidUntil: g.ValidUntil.UTC().Format("2006-01-02T15:04:05.000Z"),
	}
}

// sealSnapshot closes the agreed values under a random key; there is nothing
// to close where the identifier alone is given.
func sealSnapshot(agreed consent.Agreed, in *interaction) (*store.Snapshot, []byte, error) {
	if len(agreed.Data) == 0 {
		return nil, nil, nil
	}
	s, err := snapshot(agreed.Data, in.Answers)
	if err != nil {
		return nil, nil, err
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return nil, nil, fmt.Errorf("encoding a snapshot: %w", err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, nil, fmt.Errorf("naming a snapshot: %w", err)
	}
	key := randomBytes(seal.KeySize)
	left := clocks.Snapshot - clocks.ValuesShown // from the fetch, which was at most ValuesShown ago
	return &store.Snapshot{ID: id.String(), Sealed: seal.Seal(key, SnapshotPurpose, plain), Expires: left}, key, nil
}

// granted are the scopes of a code: the agreed data, and openid where it was
// asked (a plain OAuth request has none).
func granted(asked, data []string) []string {
	if slices.Contains(asked, "openid") {
		return append([]string{"openid"}, data...)
	}
	return slices.Clone(data)
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func randomBytes(n int) []byte {
	raw := make([]byte, n)
	rand.Read(raw)
	return raw
}
