package ui

import (
	"encoding/json"
	"time"
)

// Change is "/mes-accords/{id}/modifier": the choice as it stands, whose
// optional data can be unticked, with two equal buttons: id keep (choix=garder)
// and id submit (choix=modifier). Form.Text is the id of the receipt the choice
// stands in.
type Change struct {
	Accord   Accord
	Required []string     // agreed catalogue ids the purpose needs
	Optional []ChangeItem // agreed, and may be left out
	Declined []string     // optional ones not agreed to
	Problems []Problem
	Form     Form
	Lang     string // of the page; for ScreenModel
}

// A ChangeItem is one optional datum, field item: ticked stays agreed.
type ChangeItem struct {
	Datum string // catalogue id
	Kept  bool
}

// Changed tells what is still agreed, what is left out, since when, and leads to
// the signed receipt.
type Changed struct {
	Accord  Accord
	Left    []string // catalogue ids left out
	At      time.Time
	Receipt ReceiptLink
}

func (Change) template() string  { return "change" }
func (Changed) template() string { return "changed" }

// ReturnLink is the way back to the requester, nil when not known.
func (p Change) ReturnLink() *Link { return p.Accord.Requester.returnLink() }

// ScreenModel gives the deterministic bytes that the screen_digest of a changed
// choice is taken over: what the page offers, and its exact words. It holds
// nothing of the person.
func (p Change) ScreenModel() []byte {
	lang := p.Lang
	if lang == "" {
		lang = languages()[0]
	}
	model := struct {
		Page, Lang, Texts, Templates string
		Version                      int
		Requester, SIRET             string
		Purpose                      Text
		Basis                        Basis
		Required, Optional, Declined []string
	}{
		Page: "change", Version: 1, Lang: lang, Texts: digestOf(localeFiles, "locales/"+lang+".yaml"),
		Templates: digestOf(templateFiles, "templates/layout.html", "templates/parts.html", "templates/change.html"),
		Requester: p.Accord.Requester.Name, SIRET: p.Accord.Requester.SIRET, Purpose: p.Accord.Purpose, Basis: p.Accord.Basis,
		Required: p.Required, Declined: p.Declined,
	}
	for _, i := range p.Optional {
		model.Optional = append(model.Optional, i.Datum)
	}
	out, err := json.Marshal(model)
	if err != nil {
		panic("ui: screen model: " + err.Error()) // strings only: cannot happen
	}
	return out
}
