package journey

import (
	"encoding/json"
	"slices"

	"accord/consent"
	"accord/providers"
	"accord/ui"
)

// A pupil is one child as the file of CAF or MSA has it.
type pupil struct {
	Family string `json:"nom_naissance"`
	Given  string `json:"prenoms"`        // all of them, joined by spaces
	Birth  string `json:"date_naissance"` // YYYY-MM-DD, unknown parts 00
	Sex    string `json:"sexe"`           // F, M
}

// inputs are the child's as the school's source takes them.
func (p pupil) inputs() map[string]string {
	return map[string]string{
		"enfant_nom": p.Family, "enfant_prenoms": p.Given, "enfant_date_naissance": p.Birth, "enfant_sexe": p.Sex,
	}
}

func (p pupil) shown() ui.ChildShown {
	return ui.ChildShown{Name: p.Given + " " + p.Family, Birthdate: p.Birth, Sex: p.Sex}
}

// pupils reads the children of a family file. A file that cannot be read is
// unavailable, never empty.
func pupils(file providers.Answer) ([]pupil, providers.Outcome) {
	if file.Outcome != providers.Found {
		return nil, orUnavailable(file.Outcome)
	}
	var doc struct {
		Children []pupil `json:"enfants"`
	}
	if json.Unmarshal(file.Document, &doc) != nil {
		return nil, providers.Unavailable
	}
	if len(doc.Children) == 0 {
		return nil, providers.NoFile
	}
	return doc.Children, providers.Found
}

func orUnavailable(o providers.Outcome) providers.Outcome {
	if o == "" { // asked, and lost
		return providers.Unavailable
	}
	return o
}

// take keeps the answers of a round of questions. When a child is still to be
// chosen they are held, and the citizen is asked; with nobody to choose from,
// what waited for a child ends as the file did.
func (j *Journey) take(in *interaction, answers map[string]providers.Answer) {
	if in.FetchedAt.IsZero() || in.Held == nil { // held answers keep their own age
		in.FetchedAt = j.Now()
	}
	cr, err := j.lookedUp(in)
	in.Answers, in.Held = answers, nil
	if err != nil || in.Child != nil || !slices.ContainsFunc(cr.Data(), consent.NeedsChild) {
		return
	}
	children, outcome := pupils(answers[consent.ResourceQuotientFamilial])
	in.FileOperator = answers[consent.ResourceQuotientFamilial].Provenance.Operator
	if len(ofResource(cr.Data(), consent.ResourceQuotientFamilial)) == 0 {
		delete(answers, consent.ResourceQuotientFamilial) // it served to choose from, nothing else of it is wanted
	}
	if outcome == providers.Found {
		in.Stage, in.Children, in.Answers, in.Held = choosing, children, nil, answers
		return
	}
	for _, d := range cr.Data() {
		if consent.NeedsChild(d) {
			answers[d.Resource] = providers.Answer{Outcome: outcome}
		}
	}
}
