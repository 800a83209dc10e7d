package journey

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/clocks"
	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/ledger"
	"accord/consent/receipt"
	"accord/ui"
)

// showReceipt serves /recu/{id}, /recu/{id}.jws and /recu/{id}.accord to whoever
// holds the interaction's cookie or the citizen's session; JWS and bundle, the
// latter without evidence, to the service provider's credentials too. For
// everybody else it does not exist.
func (j *Journey) showReceipt(c *gin.Context) error {
	id, form := receiptForm(c.Param("id"))
	stored, err := j.storedReceipt(c, id)
	if err != nil {
		return err
	}
	return j.tellReceipt(c, stored, form, j.readerOf(c, stored))
}

// postReceipt serves /recu/{id}.jws and /recu/{id}.accord to a service provider
// that authenticates in a form: with private_key_jwt a GET cannot. Who is asking
// is settled before the receipt is looked for, and cookies count for nothing.
func (j *Journey) postReceipt(c *gin.Context) error {
	id, form := receiptForm(c.Param("id"))
	if form == "" {
		return failure.Newf(failure.NotFound, "the page is a person's")
	}
	client, ok := j.ClientPosting(c.Writer, c.Request)
	if !ok {
		return nil // it was answered
	}
	stored, err := j.storedReceipt(c, id)
	if err != nil {
		return err
	}
	who := aStranger
	if stored.Client == client {
		who = theParty
	}
	return j.tellReceipt(c, stored, form, who)
}

func (j *Journey) storedReceipt(c *gin.Context, id string) (store.StoredReceipt, error) {
	stored, err := j.Store.Receipt(c.Request.Context(), id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return stored, failure.Newf(failure.NotFound, "no such receipt")
	case err != nil:
		return stored, failure.New(failure.Busy, err)
	}
	return stored, nil
}

// tellReceipt answers a reader in the form asked for.
func (j *Journey) tellReceipt(c *gin.Context, stored store.StoredReceipt, form string, who reader) error {
	if who == aStranger || who == theParty && form == "" {
		return failure.Newf(failure.NotFound, "no such receipt for this reader")
	}
	c.Header("Cache-Control", "no-store")
	switch form {
	case ".jws":
		attach(c, stored.ID+form, "application/jose", stored.JWS)
		return nil
	case ".accord":
		return j.showBundle(c, stored, who)
	}
	page, err := j.receiptPage(stored)
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	j.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

// receiptForm cuts what is asked for off the address: "" is the page.
func receiptForm(name string) (id, form string) {
	for _, form := range []string{".jws", ".accord"} {
		if id, ok := strings.CutSuffix(name, form); ok {
			return id, form
		}
	}
	return name, ""
}

// attach offers a file.
func attach(c *gin.Context, name, kind string, body []byte) {
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	c.Header("X-Content-Type-Options", "nosniff")
	c.Data(http.StatusOK, kind, body)
}

// A reader is who asks for a receipt.
type reader int

const (
	aStranger reader = iota
	theParty         // the client the act was for: never the person's evidence
	thePerson        // whose act it was
)

// readerOf tells by what the request carries. Evidence is the person's: only
// their cookies make them the person.
func (j *Journey) readerOf(c *gin.Context, stored store.StoredReceipt) reader {
	if stored.Citizen != "" && j.Reader(c.Request) == stored.Citizen {
		return thePerson
	}
	for _, t := range j.tickets(c.Request) {
		if t.id.String() != stored.Interaction {
			continue
		}
		// The id beside the secret is anyone's to write; the sealed one is not.
		if in, err := j.load(c.Request.Context(), t.secret); err == nil && in.ID == stored.Interaction {
			return thePerson
		}
	}
	if stored.Client != "" && j.ClientOf(c.Request) == stored.Client {
		return theParty
	}
	return aStranger
}

// receiptPage is the accessible original of a signed receipt: names of data,
// never a value.
func (j *Journey) receiptPage(stored store.StoredReceipt) (ui.Receipt, error) {
	r, header, err := receipt.Parse(stored.JWS)
	if err != nil {
		return ui.Receipt{}, err
	}
	p := r.Purposes[0]
	page := ui.Receipt{
		ID: r.ReceiptID, Act: ui.Act(r.Event.Type), Stage: string(r.Event.Stage), At: r.Event.Time.Time(), ValidUntil: r.Event.ValidUntil.Time(),
		Language: r.Language, Purpose: ui.Text{FR: p.Label}, PurposeID: p.ID, Basis: ui.Basis(r.Event.BasisAct), LegalTexts: r.Legal.TextRefs,
		Retention: p.Retention.Recipient, Rights: r.Rights,
		ApprovalID: r.Approval.ID, ApprovalDigest: r.Approval.Digest, NoticeID: r.Notice.ID + " " + r.Notice.Version, NoticeDigest: r.Notice.Digest,
		ScreenDigest: r.Notice.ScreenDigest, Digest: receipt.Digest(stored.JWS), KeyID: header.KeyID,
		Position: ledger.Position{Origin: r.Log.Origin, Index: stored.Index}.String(), Previous: r.PreviousReceipt,
		JWS: "/recu/" + r.ReceiptID + ".jws", Keys: j.IssuerURL + "/.well-known/accord/jwks.json", Address: j.IssuerURL + "/recu/" + r.ReceiptID,
		Proof: clocks.ProofKept(), Automated: p.AutomatedDecision,
	}
	if p.Transfers != "none" {
		page.Transfers = p.Transfers
	}
	if p.Fetch.Mode == consent.ModeRepeated {
		page.Fetches = p.Fetch.Max
	}
	if r.Withdrawal != nil {
		page.Ends = r.Withdrawal.URI
	}
	j.asApproved(&page, r, stored.Client)
	switch r.Event.Type {
	case receipt.Withdrawn: // what it says of the agreement holds no more
		page.ValidUntil, page.Fetches, page.Ends, page.Refusal = time.Time{}, 0, "", nil
	case receipt.Refused:
		page.Proof = clocks.RefusalKept()
	}
	if r.Log.Origin == j.LogOrigin {
		page.Bundle = "/recu/" + r.ReceiptID + ".accord"
	}
	if r.Subject != nil {
		page.Subject, page.Level = r.Subject.ID, r.Subject.Auth.ACR
		page.FromSession = r.Subject.Auth.Evidence == ""
	}
	if r.Assisted() {
		page.FromSession, page.Level, page.Assisted = false, "", r.Event.Method
	}
	if stored.Grant != "" {
		page.Accord = "/mes-accords/" + stored.Grant
		if r.Event.Type == receipt.Granted || r.Event.Type == receipt.Renewed {
			page.Withdraw = page.Accord + "/retirer"
		}
	}
	j.partiesOn(&page, r, p)
	return page, nil
}

// asApproved adds what a receipt names only by its approval, while that is still
// the one that was shown.
func (j *Journey) asApproved(page *ui.Receipt, r receipt.Receipt, client string) {
	for _, a := range j.Approvals(client) {
		if a.ID != r.Approval.ID || a.Digest != r.Approval.Digest {
			continue
		}
		page.Recipients = texts(a.Recipients)
		page.Refusal = []ui.Text{text(a.Refusal.Consequence), text(a.Refusal.OtherPath)}
	}
}

// partiesOn names the organisations of a receipt, and its data by source.
func (j *Journey) partiesOn(page *ui.Receipt, r receipt.Receipt, p receipt.Purpose) {
	for _, party := range r.Parties {
		switch party.Type {
		case "recipient":
			page.Requester = ui.Requester{Name: party.Name, SIRET: strings.TrimPrefix(party.ID, "siret:"), DPO: party.Contact, Service: p.Service}
		case "broker":
			page.Operator = ui.Operator{Name: party.Name, DPO: party.Contact}
		case "editor":
			page.Requester.Editor = party.Name
		}
	}
	sources := map[string]bool{}
	for _, d := range p.Data {
		known, _ := j.Catalogue.Datum(d.ID)
		if d.ID == consent.IdentifierID {
			known.Source = consent.SourceFranceConnect
		}
		page.Data = append(page.Data, ui.ReceiptDatum{Datum: d.ID, Source: known.Source, Required: !d.Optional, Granted: d.Granted, Answer: consent.IsAnswer(d.Attributes)})
		if party, ok := j.SourceParties[known.Source]; ok && !sources[known.Source] {
			sources[known.Source] = true
			page.Contacts = append(page.Contacts, ui.Contact{Source: known.Source, URL: party.DPO})
		}
	}
}

// answeredPage says what was answered before, with the way back.
func (j *Journey) answeredPage(c *gin.Context, a answered) error {
	page := ui.ErrorPage{
		Code: "A03", Accepted: a.Outcome == "accepted", At: a.at, Sent: ui.SentAnswered,
		Requester: a.Name, Return: &ui.Link{Name: a.Name, URL: a.Back}, Reference: a.Receipt,
	}
	if a.Back == "" {
		page.Return = nil
	}
	j.UI.Render(c.Writer, c.Request, http.StatusConflict, page)
	return nil
}
