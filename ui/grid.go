package ui

import "strconv"

// A sourceOnPage is one source with what its part of the consent page needs
// beside it.
type sourceOnPage struct {
	Number int
	Source Source
	Who    Requester
	All    []Source // of the page
}

func shownSource(n int, s Source, p Consent) sourceOnPage {
	return sourceOnPage{n, s, p.Requester, p.Sources}
}

// answerWords writes what would be sent in an item's place: "tranche C, 3,20 € le
// repas" or "oui, vous habitez la commune".
func (s *speech) answerWords(i Item) string {
	label := s.plain(i.Answer.Label)
	if i.Answered.YesNo {
		return s.text("grid.yes_no", "code", s.word("grid.code", i.Answer.Code), "label", label)
	}
	return s.text("grid.band", "code", i.Answer.Code, "label", label)
}

// only says, before the look-up, that an answer would be sent and not the value.
func (s *speech) only(a *Answered) string {
	if a.YesNo {
		return s.text("grid.ahead_yes_no")
	}
	return s.text("grid.ahead_band", "n", strconv.Itoa(a.Choices))
}
