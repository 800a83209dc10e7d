package consent

import (
	"slices"
	"time"

	"accord/consent/receipt"
)

// The acts BuildReceipt writes down.
const (
	Granted   = receipt.Granted
	Refused   = receipt.Refused
	Withdrawn = receipt.Withdrawn // by WithdrawReceipt, from the granted receipt
)

// A ReceiptInput is what a receipt needs beside the approval and the
// catalogue. It holds pseudonyms only.
type ReceiptInput struct {
	Type      receipt.Type // Granted or Refused
	Stage     string       // of a refusal: before_login, login, decision
	ReceiptID string       // UUIDv7
	RecordID  string       // UUIDv7
	GrantID   string       // "g_" + 22 base64url characters; ignored in a refusal
	Time      time.Time    // of the act
	// ValidUntil is the grant's end; zero means Request.Until(Agreed, Time).
	// Ignored in a refusal.
	ValidUntil    time.Time
	Language      string // of the pages shown: fr or en
	Method        string // by what the person acted, when at a desk; "" means the page's buttons
	Request       Request
	Agreed        Agreed // ignored in a refusal
	Catalogue     *Catalogue
	Subject       *receipt.Subject // pseudonym and login; ignored while nobody is known
	RequestDigest string           // of the event lookup.requested; ignored before login
	ScreenDigest  string           // of the page shown, without values
	IssuerURL     string           // Accord's address, without a trailing slash
	Operator      Operator
	Sources       map[string]Party // by Datum.Source: who the data come from
	LogOrigin     string
	LogPolicy     string // digest of the log's policy file
}

// BuildReceipt writes the receipt of an agreement or a refusal, ready to be
// signed. It checks nothing: receipt.Sign refuses what is incomplete, so that
// a party missing from the configuration, or a request that no longer
// resolves, makes no false receipt.
func BuildReceipt(in ReceiptInput) receipt.Receipt {
	a := in.Request.Approval
	if a == nil {
		return receipt.Receipt{}
	}
	r := receipt.Receipt{
		SchemaVersion: receipt.SchemaVersion,
		ISOProfile:    receipt.ISOProfile,
		ReceiptID:     in.ReceiptID,
		RecordID:      in.RecordID,
		Event:         in.event(),
		Language:      in.Language,
		Legal:         legalOf(a),
		Notice:        in.notice(),
		Approval:      receipt.Approval{ID: a.ID, Digest: a.Digest},
		Catalogue:     in.Catalogue.Digest(),
		Parties:       in.parties(),
		Purposes:      []receipt.Purpose{in.purpose()},
		Rights:        a.Legal.Act.Rights(),
		Log:           receipt.Log{Origin: in.LogOrigin, Policy: in.LogPolicy},
	}
	if in.Type == Granted {
		r.GrantID = in.GrantID
		r.Withdrawal = &receipt.Withdrawal{URI: in.IssuerURL + "/mes-accords/" + in.GrantID, Effect: "future-only"}
	}
	if r.Event.Stage != receipt.StageBeforeLogin {
		r.RequestDigest = in.RequestDigest
	}
	if in.Type == Granted || r.Event.Stage == receipt.StageDecision {
		r.Subject = in.Subject
	}
	return r
}

func (in ReceiptInput) event() receipt.Event {
	e := receipt.Event{
		Type:        in.Type,
		State:       receipt.StateGiven,
		ConsentType: receipt.ConsentTypeExplicit,
		BasisAct:    receipt.BasisAct(in.Request.Approval.Legal.Act),
		Time:        receipt.NewTime(in.Time),
		EntityID:    "sub",
		Method:      "button",
	}
	if e.BasisAct == receipt.InformationL1148 {
		e.ConsentType = receipt.ConsentTypeInformation
	}
	switch {
	case in.Type == Refused:
		e.State, e.Stage = receipt.StateRefused, receipt.Stage(in.Stage)
		if e.Stage == receipt.StageLogin {
			e.Method = "cancel-at-identity-provider"
		}
		if in.Method != "" {
			e.Method = in.Method
		}
		return e
	case in.Method != "":
		e.Method = in.Method
	case len(in.Request.Optional) > 0 || in.Request.Later != nil:
		e.Method = "unticked-checkbox+button"
	}
	until := in.ValidUntil
	if until.IsZero() {
		until = in.Request.Until(in.Agreed, in.Time)
	}
	e.ValidFrom, e.ValidUntil = e.Time, receipt.NewTime(until)
	return e
}

func legalOf(a *Approval) receipt.Legal {
	texts := slices.Clone(a.Legal.Texts)
	for _, needed := range []string{a.Legal.TaxSecrecy, a.Legal.FullAddress} {
		if needed != "" && !slices.Contains(texts, needed) {
			texts = append(texts, needed)
		}
	}
	return receipt.Legal{
		Basis: a.Legal.Basis, BasisOfRecipient: a.Legal.Basis, TextRefs: texts,
		Jurisdiction: "FR", Authority: "CNIL",
	}
}

func (in ReceiptInput) notice() receipt.Notice {
	a := in.Request.Approval
	return receipt.Notice{
		ID: NoticeID(a, in.Language), Version: a.Version, URI: in.IssuerURL + NoticePath(a, in.Language),
		Digest: digest(Notice(a, in.Catalogue, in.Language)), ScreenDigest: in.ScreenDigest,
	}
}
