package ui

import (
	"slices"
	"strconv"
)

// A sourceOnPage is one source with what its part of the consent page needs
// beside it.
type sourceOnPage struct {
	Number int
	Source Source
	Who    Requester
	All    []Source // of the page
}

func shownSource(n int, s Source, p Consent) sourceOnPage {
	s.Items = slices.Clone(s.Items)
	for n := range s.Items {
		s.Items[n].operator = s.Operator
	}
	return sourceOnPage{n, s, p.Requester, p.Sources}
}

// answerWords writes what would be sent in an item's place: "tranche C, 3,20 € le
// repas" or "oui, vous habitez la commune".
func (s *speech) answerWords(i Item) string { return s.answered(*i.Answer, i.Answered.YesNo) }

func (s *speech) answered(a Answer, yesNo bool) string {
	if yesNo {
		return s.text("grid.yes_no", "code", s.word("grid.code", a.Code), "label", s.plain(a.Label))
	}
	return s.text("grid.band", "code", a.Code, "label", s.plain(a.Label))
}

// tariff says what a table of the requester makes of the value shown.
func (s *speech) tariff(t Tariff) string {
	return s.text("grid.leads_to", "answer", s.answered(*t.Answer, t.YesNo))
}

// only says, before the look-up, that an answer would be sent and not the value.
func (s *speech) only(a *Answered) string {
	if a.YesNo {
		return s.text("grid.ahead_yes_no")
	}
	return s.text("grid.ahead_band", "n", strconv.Itoa(a.Choices))
}
