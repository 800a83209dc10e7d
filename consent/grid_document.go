package consent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"
)

// AddAnswers puts the answers of data's grids into the document of their
// resource, where Mask then finds them; day is the day of the look-up. A grid
// without an answer leaves nothing. Whatever the source itself sent under that
// member is gone. A document of another shape is refused with ErrShape.
func AddAnswers(doc json.RawMessage, data []Datum, day time.Time) (json.RawMessage, error) {
	if !slices.ContainsFunc(data, func(d Datum) bool { return d.Answered != nil }) {
		return doc, nil
	}
	if !utf8.Valid(doc) || !json.Valid(doc) {
		return nil, fmt.Errorf("answering by a grid: not JSON in UTF-8: %w", ErrShape)
	}
	members, err := readObject(doc, "")
	if err != nil {
		return nil, fmt.Errorf("answering by a grid: %w", err)
	}
	delete(members, AnswersMember)
	if all := answersTo(doc, data, day); len(all) > 0 {
		if members[AnswersMember], err = json.Marshal(all); err != nil {
			return nil, fmt.Errorf("answering by a grid: %w", err)
		}
	}
	return writeObject(members), nil
}

// A sentAnswer is an answer as it leaves. Its words are French, as every name
// of API Particulier's documents; a receiver finds others in its approval.
type sentAnswer struct {
	Code  string `json:"code"`
	Label string `json:"libelle"`
}

func answersTo(doc json.RawMessage, data []Datum, day time.Time) map[string]sentAnswer {
	all := map[string]sentAnswer{}
	for _, d := range data {
		if d.Answered == nil {
			continue
		}
		if a, ok := d.Answered.Grid.Answer(doc, day); ok {
			all[d.Answered.Grid.ID] = sentAnswer{a.Code, a.Label.FR}
		}
	}
	return all
}

func writeObject(members map[string]json.RawMessage) json.RawMessage {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			out.WriteByte(',')
		}
		writeName(&out, name)
		out.Write(members[name])
	}
	out.WriteByte('}')
	return out.Bytes()
}

// AnswerIn reads a datum's answer from a document AddAnswers went over: what
// the page shows is what is sent. False when there is none, or when the datum
// is sent as its value.
func (d Datum) AnswerIn(doc json.RawMessage) (GridAnswer, bool) {
	if d.Answered == nil || !json.Valid(doc) {
		return GridAnswer{}, false
	}
	l := readLeaves(doc, d.Paths[0])
	var code string
	if !l.whole || len(l.found) != 1 || json.Unmarshal(l.found[0], &code) != nil {
		return GridAnswer{}, false
	}
	for _, a := range d.Answered.Grid.Answers() {
		if a.Code == code {
			return a, true
		}
	}
	return GridAnswer{}, false
}
