package journey

import (
	"context"
	"time"

	"accord/consent"
	"accord/providers"
)

// answerGrids works out, once, what the approval's grids answer of the
// documents, on the day of the look-up: page and snapshot then read the same
// answer. A document that no grid can be applied to is no answer at all.
func (j *Journey) answerGrids(ctx context.Context, data []consent.Datum, answers map[string]providers.Answer) {
	for resource, a := range answers {
		answered, err := Answered(a, ofResource(data, resource), j.Now())
		if err != nil {
			j.Log.ErrorContext(ctx, "answering by a grid", "resource", resource, "cause", err)
		}
		answers[resource] = answered
	}
}

// Answered adds what the grids of data answer on a day to a document found. On
// an error there is no document: the value is not sent for want of its answer.
func Answered(a providers.Answer, data []consent.Datum, now time.Time) (providers.Answer, error) {
	if a.Outcome != providers.Found {
		return a, nil
	}
	doc, err := consent.AddAnswers(a.Document, data, consent.FrenchDay(now))
	if err != nil {
		a.Outcome, a.Document = providers.Unavailable, nil
		return a, err
	}
	a.Document = doc
	return a, nil
}

// canSend tells whether a datum may be agreed to: its source gave something
// sendable and, where a grid answers for it, the grid has an answer.
func canSend(d consent.Datum, a providers.Answer) bool {
	if d.Answered == nil || a.Outcome != providers.Found {
		return sendable(a.Outcome)
	}
	_, ok := d.AnswerIn(a.Document)
	return ok
}
