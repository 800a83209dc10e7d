package journey

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/broker/store"
	"accord/consent/ledger"
	"accord/consent/receipt"
	"accord/ui"
)

// showReceipt serves /recu/{id} and /recu/{id}.jws to whoever holds the
// interaction's cookie, the citizen's session, or the service provider's
// credentials (the JWS only). For everybody else it does not exist.
func (j *Journey) showReceipt(c *gin.Context) error {
	id, wantsJWS := strings.CutSuffix(c.Param("id"), ".jws")
	stored, err := j.Store.Receipt(c.Request.Context(), id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return failure.New(failure.Busy, err)
	}
	if err != nil || !j.mayRead(c, stored, wantsJWS) {
		return failure.Newf(failure.NotFound, "no such receipt for this reader")
	}
	c.Header("Cache-Control", "no-store")
	if wantsJWS {
		c.Header("Content-Disposition", `attachment; filename="`+stored.ID+`.jws"`)
		c.Header("X-Content-Type-Options", "nosniff")
		c.Data(http.StatusOK, "application/jose", stored.JWS)
		return nil
	}
	page, err := j.receiptPage(stored)
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	j.UI.Render(c.Writer, c.Request, http.StatusOK, page)
	return nil
}

func (j *Journey) mayRead(c *gin.Context, stored store.StoredReceipt, jws bool) bool {
	if stored.Citizen != "" && j.Reader(c.Request) == stored.Citizen {
		return true
	}
	for _, t := range j.tickets(c.Request) {
		if t.id.String() != stored.Interaction {
			continue
		}
		if _, err := j.load(c.Request.Context(), t.secret); err == nil {
			return true
		}
	}
	return jws && j.ClientOf(c.Request) == stored.Client
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
		JWS: "/recu/" + r.ReceiptID + ".jws", Keys: "/.well-known/accord/jwks.json",
	}
	if r.Subject != nil {
		page.Subject, page.Level = r.Subject.ID, r.Subject.Auth.ACR
	}
	if stored.Grant != "" {
		page.Accord = "/mes-accords/" + stored.Grant
		if r.Event.Type == receipt.Granted {
			page.Withdraw = page.Accord + "/retirer"
		}
	}
	j.partiesOn(&page, r, p)
	return page, nil
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
		page.Data = append(page.Data, ui.ReceiptDatum{Datum: d.ID, Source: known.Source, Required: !d.Optional, Granted: d.Granted})
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
	j.UI.Render(c.Writer, c.Request, http.StatusConflict, page)
	return nil
}
