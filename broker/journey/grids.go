package journey

import (
	"context"

	"accord/consent"
	"accord/providers"
)

// answerGrids works out, once, what the approval's grids answer of the
// documents, on the day of the look-up: page and snapshot then read the same
// answer. A document that no grid can be applied to is no answer at all.
func (j *Journey) answerGrids(ctx context.Context, data []consent.Datum, answers map[string]providers.Answer) {
	for resource, a := range answers {
		if a.Outcome != providers.Found {
			continue
		}
		doc, err := consent.AddAnswers(a.Document, ofResource(data, resource), consent.FrenchDay(j.Now()))
		if err != nil {
			j.Log.ErrorContext(ctx, "answering by a grid", "resource", resource, "cause", err)
			a.Outcome, a.Document = providers.Unavailable, nil
		} else {
			a.Document = doc
		}
		answers[resource] = a
	}
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
