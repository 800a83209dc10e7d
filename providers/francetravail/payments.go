package francetravail

import (
	"encoding/json"
	"regexp"

	"accord/providers"
	"accord/providers/upstream"
)

const maxPayments = 1000

// France Travail's list of payments. Amounts are euros, kept as written: a
// float would change their digits.
type (
	payments struct {
		Registered *bool      `json:"statutInscription"`
		List       *[]payment `json:"listePaiement"`
	}
	payment struct {
		Date       *string         `json:"datePaiement"`
		Total      json.RawMessage `json:"montantPaiement"`
		Allowances json.RawMessage `json:"allocations"`
		Aids       json.RawMessage `json:"aides"`
		Others     json.RawMessage `json:"autresPaiements"`
	}
)

// A statement is the member data of API Particulier v3's
// /v3/france_travail/indemnites, whole.
type (
	statement struct {
		Identifiant string     `json:"identifiant"`
		Paiements   []transfer `json:"paiements"`
	}
	transfer struct {
		DateVersement string          `json:"date_versement"`
		Total         json.RawMessage `json:"montant_total"`
		Allocations   json.RawMessage `json:"montant_allocations"`
		Aides         json.RawMessage `json:"montant_aides"`
		Autres        json.RawMessage `json:"montant_autres"`
	}
)

// amount is a JSON number without exponent, of up to 9 and 12 digits.
var amount = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,12})?$`)

// readPayments turns the body of a 200 into an answer.
func readPayments(body []byte, identifier string) providers.Answer {
	var p payments
	if err := upstream.Decode(body, &p); err != nil {
		return upstream.Unavailable(err)
	}
	if p.Registered == nil || p.List == nil {
		return upstream.Unavailable(upstream.ErrIncomplete)
	}
	if len(*p.List) > maxPayments {
		return upstream.Unavailable(upstream.ErrShape)
	}
	if len(*p.List) == 0 {
		return providers.Answer{Outcome: providers.NoFile, Cause: errNoPayments}
	}
	d := statement{Identifiant: identifier}
	for _, one := range *p.List {
		t, err := one.transfer()
		if err != nil {
			return upstream.Unavailable(err)
		}
		d.Paiements = append(d.Paiements, t)
	}
	return found(d)
}

func (p payment) transfer() (transfer, error) {
	if p.Date == nil {
		return transfer{}, upstream.ErrIncomplete
	}
	date, ok := day(*p.Date)
	if !ok {
		return transfer{}, upstream.ErrShape
	}
	for _, a := range []json.RawMessage{p.Total, p.Allowances, p.Aids, p.Others} {
		if a == nil {
			return transfer{}, upstream.ErrIncomplete
		}
		if !amount.Match(a) {
			return transfer{}, upstream.ErrShape
		}
	}
	return transfer{date, p.Total, p.Allowances, p.Aids, p.Others}, nil
}
