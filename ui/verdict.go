package ui

import "encoding/json"

// verdict is the one sentence of a verdict.
func (s *speech) verdict(v Verdict) string {
	when := ""
	if v.Standing != nil {
		when = s.when(v.Standing.At)
	}
	return s.text("verify.result."+v.Result+"."+v.About, "when", when)
}

// statement writes a delivered document, fact by fact: nothing it says is left
// out, whatever the resource.
func (s *speech) statement(document json.RawMessage) (facts []string) {
	for _, line := range s.value("record", document) {
		facts = append(facts, line.Text)
	}
	return facts
}
