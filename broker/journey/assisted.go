package journey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"accord/broker/clocks"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
	"accord/oidc/franceconnect"
	"accord/providers"
)

// At a desk an agent of the service provider asks for a person who does not log
// in. The promises are the same, so the steps are: the pages are broker/desk's.
//
//	Assist (signed paper, counter): lookup.requested → sources → one transaction
//	       (receipt, grant, code, snapshot) → RedeemAssisted → a delivery like any other
//	Invite (own phone): a one-time address → the person's birth date →
//	       lookup.requested → the consent page → the same transaction → the waiting agent
//
// Nothing is told to the agent before the decision is durable: neither a value
// nor why there is none.

// An Agent is a clerk as the configured provider vouches for them.
type Agent struct {
	Issuer, Subject string
	SIRET           string // of the body they work for
	Name            string
	ACR             string
	AuthTime        time.Time
}

// An Assistance is what an agent states.
type Assistance struct {
	Agent      Agent
	Approval   string
	Agreement  consent.Agreement
	Person     providers.Identity // civil identity, as the agent validated it
	FileNumber string             // under which the paper is found again, 1 to 64 characters
	Paper      []byte             // SHA-256 of the signed paper; nil without one
	Optional   []string           // optional data the person agreed to; all are offered on their own phone
	Lang       string             // of the agent's page
	Screen     string             // digest of that page, without anything of the person
}

// What an agent is told when nothing comes of it. ErrNotObtained covers every
// failure of a source: which it was is not the agent's to know.
var (
	ErrDeskCap     = errors.New("the agent's daily cap is reached")
	ErrOtherBody   = errors.New("the agent is not of the approval's service provider")
	ErrNoDesk      = errors.New("no such desk")
	ErrNotObtained = errors.New("what the purpose needs could not be obtained")
)

// assisted is what an interaction at a desk holds beside the others. It rests
// sealed with the interaction.
type assisted struct {
	Agent      Agent
	Pseudonym  string // of the agent, in the log
	Agreement  consent.Agreement
	FileNumber string
	Paper      []byte
	Optional   []string
	Room       []byte `json:",omitempty"` // key of where the agent waits, own phone only
	Tries      int    // at the birth date
}

// DeskApproval is the approval an agent may use, in force and of their own
// body.
func (j *Journey) DeskApproval(agent Agent, id string) (*consent.Approval, error) {
	for _, a := range j.Approvals(consent.DeskClient) {
		switch {
		case a.ID != id:
		case a.ServiceProvider.SIRET != agent.SIRET:
			return nil, ErrOtherBody
		default:
			return a, nil
		}
	}
	return nil, ErrNoDesk
}

// Assist asks the sources for somebody who agreed on paper or before the
// agent, and records that agreement. code redeems it, by RedeemAssisted; it
// leads to the values and lives clocks.Code.
func (j *Journey) Assist(c *gin.Context, a Assistance) (code string, err error) {
	in, err := j.assist(a)
	if err != nil {
		return "", err
	}
	ctx := c.Request.Context()
	if err := j.requestAssisted(ctx, in); err != nil {
		return "", err
	}
	asking, cancel := context.WithTimeout(ctx, clocks.PendingSource)
	defer cancel()
	in.Answers, in.FetchedAt = j.ask(asking, in), j.Now()
	agreed, err := j.obtained(in)
	if err != nil {
		return "", err
	}
	return j.recordAssisted(c, in, agreed)
}

// assist checks who asks for what and makes the interaction.
func (j *Journey) assist(a Assistance) (*interaction, error) {
	approval, err := j.DeskApproval(a.Agent, a.Approval)
	if err != nil {
		return nil, err
	}
	if a.Agreement == consent.OwnPhone {
		_, offered := approval.DeskData(j.Catalogue)
		a.Optional = consent.IDs(offered)
	}
	cr, err := consent.NewDeskRequest(approval, j.Catalogue, a.Optional)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDesk, err)
	}
	now, id := j.Now(), newID()
	in := &interaction{
		ID: id, For: forDesk, Stage: asked, Created: now, Lang: a.Lang, Shown: a.Screen,
		Approval: approval.ID, ApprovalDigest: approval.Digest, resolved: &cr,
		Login: &franceconnect.Login{Identity: civil(a.Person), At: now},
		Assisted: &assisted{
			Agent: a.Agent, Pseudonym: j.Keys.Agent(a.Agent.Issuer, a.Agent.Subject), Agreement: a.Agreement,
			FileNumber: a.FileNumber, Paper: a.Paper, Optional: a.Optional,
		},
	}
	in.Request.ClientID = consent.DeskClient
	in.Citizen = j.Keys.Citizen(pivot(in.Login))
	in.Subject = j.Keys.Subject(approval.ServiceProvider.SIRET, in.Citizen)
	in.until(now, clocks.ToDecision)
	return in, nil
}

// civil is the agent's entry in the form of a login: same pivot, so the same
// pseudonym as at the person's own next login.
func civil(p providers.Identity) franceconnect.Identity {
	return franceconnect.Identity{
		FamilyName: p.FamilyName, GivenName: p.GivenName, GivenNames: p.GivenNames, Gender: p.Gender,
		Birthdate: p.Birthdate, IDPBirthdate: p.IDPBirthdate, Birthplace: p.Birthplace, Birthcountry: p.Birthcountry,
	}
}

// requestAssisted makes the look-up durable and counts it against the agent.
func (j *Journey) requestAssisted(ctx context.Context, in *interaction) error {
	cr, err := j.lookedUp(in)
	if err != nil {
		return ErrNoDesk
	}
	asked, err := j.Store.RequestLookup(ctx, j.lookupOf(in, cr))
	switch {
	case errors.Is(err, store.ErrCapped):
		return ErrDeskCap
	case errors.Is(err, store.ErrNotCovered):
		return ErrNoDesk
	case err != nil:
		return err
	}
	in.Lookup = keep(asked)
	return nil
}

// obtained is what was agreed to and can be sent. An optional datum whose
// source failed, or whose grid has no answer, is left out; a required one leaves nothing to record.
func (j *Journey) obtained(in *interaction) (consent.Agreed, error) {
	cr, err := j.requestOf(in)
	if err != nil {
		return consent.Agreed{}, err
	}
	var ids []string
	for _, d := range cr.Data() {
		if in.canSend(d) {
			ids = append(ids, d.ID)
		}
	}
	agreed, err := consent.Decide(cr, ids)
	if err != nil {
		return consent.Agreed{}, ErrNotObtained
	}
	return agreed, nil
}

// recordAssisted is the decision: the same transaction as any other.
func (j *Journey) recordAssisted(c *gin.Context, in *interaction, agreed consent.Agreed) (string, error) {
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return "", fmt.Errorf("naming an interaction: %w", err)
	}
	t := newTicket(id)
	var a answer
	err = j.record(c.Request.Context(), func() (store.DecideCmd, error) { return j.grant(c, in, t, agreed, &a) })
	switch {
	case errors.Is(err, store.ErrNotCovered):
		return "", ErrNoDesk
	case err != nil:
		return "", err
	}
	return code(t), nil
}

// lookupOf is the interaction's request to look, an agent's marked and capped.
func (j *Journey) lookupOf(in *interaction, cr consent.Request) store.LookupCmd {
	a := j.approval(in)
	cmd := store.LookupCmd{Event: audit.Event{
		Interaction: in.ID, Client: in.Request.ClientID, Recipient: a.ServiceProvider.SIRET,
		Purpose: a.Purpose.ID, Approval: in.Approval, ApprovalDigest: in.ApprovalDigest,
		Data: consent.LookedUp(j.wanted(in, cr)),
	}}
	if in.Assisted != nil {
		cmd.Event.Mode, cmd.Event.Agent = audit.ModeDesk, in.Assisted.Pseudonym
		if a.Desk != nil {
			cmd.Cap = a.Desk.DailyCap
		}
	}
	return cmd
}

// agent is the pseudonym of whoever assists, "" for nobody.
func (in *interaction) agent() string {
	if in.Assisted == nil {
		return ""
	}
	return in.Assisted.Pseudonym
}
