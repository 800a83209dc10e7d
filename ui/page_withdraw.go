package ui

import "time"

// Withdraw asks once more, with two equal buttons: id keep (choix=garder) and
// id submit (choix=retirer).
type Withdraw struct {
	Accord Accord
	Form   Form
}

// Withdrawn tells the time of effect and leads to the signed receipt.
type Withdrawn struct {
	Accord  Accord
	At      time.Time
	Receipt ReceiptLink
}

func (Withdraw) template() string  { return "withdraw" }
func (Withdrawn) template() string { return "withdrawn" }
