package journey

import (
	"context"

	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/receipt"
	"accord/ui"
)

// evidenceOfDesk is sealed beside the receipt: what leads a DPO from a drawn
// receipt to its paper. It is in no event and in no citizen's bundle.
type evidenceOfDesk struct {
	FileNumber string `json:"file_number"`
	Agreement  string `json:"agreement"`
	Paper      []byte `json:"paper,omitempty"` // SHA-256
	Salt       []byte `json:"salt,omitempty"`  // of auth.paper
	Agent      string `json:"agent"`           // sub at the agents' provider
}

// assistedBy says who knew the person instead of FranceConnect, and binds the
// receipt to the signed paper.
func (s *signing) assistedBy(j *Journey, in *interaction) {
	by := in.Assisted
	s.Subject = &receipt.Subject{ID: in.Subject, IDType: "pairwise", Auth: receipt.Auth{
		IDP: by.Agent.Issuer, ACR: by.Agent.ACR, AuthTime: by.Agent.AuthTime.Unix(),
		AgentSubHash: j.Keys.FCSubHash(s.ReceiptID, by.Agent.Issuer+"\x1f"+by.Agent.Subject),
	}}
	desk := &evidenceOfDesk{FileNumber: by.FileNumber, Agreement: string(by.Agreement), Paper: by.Paper, Agent: by.Agent.Subject}
	if by.Agreement == consent.SignedPaper {
		salt := [32]byte(randomBytes(32))
		desk.Salt, s.Subject.Auth.Paper = salt[:], keyring.EvidenceDigest(salt, string(by.Paper))
	}
	s.evidence = evidence{Desk: desk}
}

// DeskReceipt is the page of an assisted act's receipt, to be printed for its
// person. It is for the agents' pages, which hold its id sealed.
func (j *Journey) DeskReceipt(ctx context.Context, id string) (ui.Receipt, error) {
	stored, err := j.Store.Receipt(ctx, id)
	if err != nil {
		return ui.Receipt{}, err
	}
	page, err := j.receiptPage(stored)
	if err == nil && page.Assisted == "" {
		err = store.ErrNotFound
	}
	return page, err
}
