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

// answers is the member under which a document holds what grids answered.
const answersMember = "reponses"

// statement writes a delivered document, fact by fact: nothing it says is left
// out, whatever the resource.
func (s *speech) statement(document json.RawMessage) (facts []string) {
	root, err := readNode(document)
	if err != nil || root == nil {
		return []string{s.text("value.none")}
	}
	rest := &node{kind: root.kind}
	for _, member := range root.children {
		if member.name != answersMember || member.kind != object {
			rest.children = append(rest.children, member)
			continue
		}
		for _, grid := range member.children {
			facts = append(facts, s.text("value.fact", "label", grid.name, "text", s.delivered(grid)))
		}
	}
	for _, line := range s.facts(rest, "") {
		facts = append(facts, line.Text)
	}
	return facts
}

// delivered writes one grid's answer; one of another shape is written whole.
func (s *speech) delivered(grid *node) string {
	code, label := grid.member("code"), grid.member("libelle")
	switch {
	case len(grid.children) != 2 || code == "" || label == "":
		return s.entries(&node{kind: array, children: []*node{grid}})[0].Text
	case s.has("grid.code." + code):
		return s.text("grid.yes_no", "code", s.text("grid.code."+code), "label", label)
	}
	return s.text("grid.band", "code", code, "label", label)
}

// deliveredData names the data of a delivery as they were sent: of some, only an answer.
func (s *speech) deliveredData(d VerifiedDelivery) []string {
	return s.given(Accord{Answers: d.Answers}, d.Data)
}
