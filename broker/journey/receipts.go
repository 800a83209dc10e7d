package journey

import (
	"encoding/json"
	"fmt"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"accord/broker/keyring"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/ui"
)

// receiptInput gathers what the receipt of this interaction's act says. Before
// the decision page nobody is known: no subject, no evidence.
func (j *Journey) receiptInput(c *gin.Context, in *interaction, act receipt.Type, stage string) signing {
	s := signing{ReceiptInput: consent.ReceiptInput{
		Type: act, Stage: stage, ReceiptID: newID(), RecordID: in.ID, Time: j.Now().UTC(), Language: j.lang(c),
		Catalogue: j.Catalogue, IssuerURL: j.IssuerURL, Operator: j.Operator, Sources: j.SourceParties,
		LogOrigin: j.LogOrigin, LogPolicy: j.LogPolicy,
	}}
	// Everything asked, looked up or not: a receipt tells also what was declined.
	// The request was resolved when this page was shown; one that no longer
	// resolves leaves a receipt that receipt.Sign refuses.
	s.Request, _ = j.requestOf(in)
	if in.Assisted != nil {
		s.Method = in.Assisted.Agreement.Method()
	}
	if in.Lookup != nil {
		s.RequestDigest = "sha-256:" + base64url(in.Lookup.Digest)
	}
	if act == consent.Granted || stage == atDecision {
		s.identified(j, in)
	}
	if act == consent.Granted && in.Shown != "" { // agreed to on another page than the consent page
		s.Language, s.ScreenDigest = in.Lang, in.Shown
		return s
	}
	s.ScreenDigest = j.shownAt(c, in, stage)
	return s
}

// shownAt is the digest of the page the citizen answered on: ours before the
// login and at the decision; at the login it was FranceConnect's.
func (j *Journey) shownAt(c *gin.Context, in *interaction, stage string) string {
	switch {
	case stage == beforeLogin && c.FullPath() == "/saisie":
		cr, err := j.lookedUp(in)
		if err != nil {
			return ""
		}
		page := j.inputsPage(c, ticket{}, cr, nil)
		page.Form = ui.Form{}
		return digestOfPage(page, err)
	case stage == beforeLogin:
		return j.connexionDigest(c, in)
	case in.Stage == choosing:
		page, err := j.childAsked(in, ticket{}, j.lang(c))
		page.Form = ui.Form{}
		return digestOfPage(page, err)
	case stage == atLogin || in.Answers == nil: // or the values were never shown
		return ""
	}
	if in.screen.lang == j.lang(c) { // the page this answer was just held to
		return in.screen.digest
	}
	page, err := j.judgedPage(in, ticket{}, j.lang(c))
	if err != nil {
		return ""
	}
	return page.Form.Text
}

// connexionDigest names the page before the login, without its form.
func (j *Journey) connexionDigest(c *gin.Context, in *interaction) string {
	page, err := j.connexionPage(c, in, ticket{})
	page.Form, page.Ticked = ui.Form{}, nil
	return digestOfPage(page, err)
}

// digestOfPage names a page that holds nothing of the person.
func digestOfPage(page any, err error) string {
	model, errModel := json.Marshal(page)
	if err != nil || errModel != nil {
		return ""
	}
	return audit.Digest(model)
}

// signing is a receipt's input with the evidence sealed beside it.
type signing struct {
	consent.ReceiptInput
	evidence evidence
}

// evidence is FranceConnect's own signature for this login, and what opens the
// nonce it signed: the salt of the digest in the receipt, r of the nonce
// (design §6). It is sealed with the receipt, goes into the citizen's bundle
// and is erased with it.
type evidence struct {
	IDToken string `json:"id_token,omitempty"`
	R       []byte `json:"r,omitempty"`
	Salt    []byte `json:"salt,omitempty"`

	Desk *evidenceOfDesk `json:"desk,omitempty"` // of an assisted act, which has no ID token
}

// identified adds who acted, by pseudonym, and FranceConnect's evidence; what
// is served from the web session alone carries none.
func (s *signing) identified(j *Journey, in *interaction) {
	if in.Assisted != nil {
		s.assistedBy(j, in)
		return
	}
	s.Subject = &receipt.Subject{ID: in.Subject, IDType: "pairwise", Auth: receipt.Auth{
		IDP: in.Login.Issuer, ACR: in.Login.ACR,
		AuthTime: in.Login.AuthTime.Unix(), FCSubHash: j.Keys.FCSubHash(s.ReceiptID, in.Login.Subject),
	}}
	token := in.Login.Evidence()
	if token == "" {
		return
	}
	salt := [32]byte(randomBytes(32))
	s.Subject.Auth.Evidence = keyring.EvidenceDigest(salt, token)
	s.evidence = evidence{IDToken: token, R: in.R, Salt: salt[:]}
}

// sign makes the receipt ready to be stored.
func (j *Journey) sign(s signing) (store.Receipt, error) {
	key := j.Keys.Receipt()
	jws, err := receipt.Sign(consent.BuildReceipt(s.ReceiptInput), key, s.Time)
	if err != nil {
		return store.Receipt{}, fmt.Errorf("signing a receipt: %w", err)
	}
	sealed, err := json.Marshal(s.evidence)
	if err != nil {
		return store.Receipt{}, fmt.Errorf("encoding evidence: %w", err)
	}
	return store.Receipt{ID: s.ReceiptID, KeyID: key.KeyID, JWS: jws, Digest: audit.Digest(jws), Sealed: sealed}, nil
}

func newID() string {
	id, err := uuid.NewV7()
	if err != nil {
		panic(err) // only when the system has no randomness left: nothing may be signed
	}
	return id.String()
}
