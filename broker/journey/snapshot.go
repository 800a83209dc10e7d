package journey

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"accord/consent"
	"accord/providers"
)

// A Snapshot is what a citizen agreed to send, as they saw it: one part per
// release resource, masked to the agreed paths. It rests sealed under a random
// key and lives to the end of the token.
type Snapshot struct {
	Parts map[string]Part // by release resource
}

// A Part is one resource of a snapshot.
type Part struct {
	Document  json.RawMessage `json:",omitempty"` // masked; absent when the agreed value is an absence
	Absent    providers.Outcome
	Data      []string // agreed catalogue ids
	Fields    []string // "<resource>#<path>" of Data
	Source    string
	Period    string // empty where it belongs to a value that a grid answers for
	Retrieved time.Time
}

// Holds tells whether the part has the agreed datum.
func (p Part) Holds(datum string) bool { return slices.Contains(p.Data, datum) }

// sendable tells whether an answer may be agreed to: a document, or an absence
// that is itself a value. Failure is never shown as absence (promise 10).
func sendable(o providers.Outcome) bool {
	return o == providers.Found || o == providers.NoFile || o == providers.Unknown
}

// snapshot masks the answers to what was agreed.
func snapshot(agreed []consent.Datum, answers map[string]providers.Answer) (Snapshot, error) {
	s := Snapshot{Parts: map[string]Part{}}
	for _, resource := range consent.Resources(agreed) {
		data := ofResource(agreed, resource)
		a := answers[resource]
		for _, d := range data {
			if !canSend(d, a) {
				return Snapshot{}, fmt.Errorf("source %s answered %s: nothing to send of %s", d.Source, a.Outcome, d.ID)
			}
		}
		part := Part{
			Data: consent.IDs(data), Fields: consent.Fields(data), Source: data[0].Source,
			Retrieved: a.Provenance.Retrieved,
		}
		if consent.KeepsPeriod(data) {
			part.Period = a.Provenance.Period
		}
		if a.Outcome != providers.Found {
			part.Absent = a.Outcome
			s.Parts[resource] = part
			continue
		}
		var err error
		if part.Document, err = consent.Mask(a.Document, consent.Paths(data, resource)); err != nil {
			return Snapshot{}, fmt.Errorf("masking %s: %w", resource, err)
		}
		s.Parts[resource] = part
	}
	return s, nil
}

func ofResource(data []consent.Datum, resource string) []consent.Datum {
	var of []consent.Datum
	for _, d := range data {
		if d.Resource == resource {
			of = append(of, d)
		}
	}
	return of
}
