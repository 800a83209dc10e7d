package consent

import "slices"

// Stated holds the request to what its service provider said of it beyond
// naming the data (authorization_details): which are required and which left to
// the citizen, and for which a grid answers. The error is a *Refusal that names
// the first datum the approval has otherwise.
func (r Request) Stated(required, optional, answers []string) error {
	for _, id := range required {
		if !slices.Contains(IDs(r.Required), id) {
			return refuseRequest(ReasonOverAsking, "required: the approval %s leaves %s to the citizen: list it as optional", r.Approval.ID, quoted([]string{id}))
		}
	}
	for _, id := range optional {
		if !slices.Contains(IDs(r.Optional), id) {
			return refuseRequest(ReasonOverAsking, "optional: the approval %s requires %s: list it as required", r.Approval.ID, quoted([]string{id}))
		}
	}
	for _, d := range r.Data() {
		if answered := d.Answered != nil; answered != slices.Contains(answers, d.ID) {
			return refuseAnswer(r.Approval.ID, d.ID, answered)
		}
	}
	for _, id := range answers {
		if !slices.Contains(IDs(r.Data()), id) {
			return refuseRequest(ReasonOverAsking, "answers: %s is not among the data asked", quoted([]string{id}))
		}
	}
	return nil
}

func refuseAnswer(approval, id string, answered bool) error {
	if answered {
		return refuseRequest(ReasonOverAsking, "answers: the approval %s gives no value of %s, its grid answers: list it under answers", approval, quoted([]string{id}))
	}
	return refuseRequest(ReasonOverAsking, "answers: the approval %s has no grid for %s", approval, quoted([]string{id}))
}
