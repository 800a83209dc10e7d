package consent

// Choose finds the approval a request stands on among those its client may
// use. recipient (SIRET) and purpose are the request's plain parameters; either
// may be empty where the choice is clear without it. The error is a *Refusal:
// unknown and ambiguous requests are refused before any page is shown.
func Choose(approvals []*Approval, recipient, purpose string) (*Approval, error) {
	if len(approvals) == 0 {
		return nil, &Refusal{Code: "unauthorized_client", Reason: ReasonNoApproval, Detail: "this client has no approval"}
	}
	left := approvals
	if recipient != "" {
		left = keep(left, func(a *Approval) bool { return a.ServiceProvider.SIRET == recipient })
		if len(left) == 0 {
			return nil, refuseRequest(ReasonUnknownRecipient, "recipient: this client has no approval for that SIRET")
		}
	}
	if purpose != "" {
		left = keep(left, func(a *Approval) bool { return a.Purpose.ID == purpose })
		if len(left) == 0 {
			return nil, refuseRequest(ReasonUnknownPurpose, "purpose: this client has no approval for that purpose")
		}
	}
	if len(left) > 1 {
		return nil, refuseRequest(ReasonAmbiguous, "this client has several approvals: send %s", missingParameter(left))
	}
	return left[0], nil
}

func keep(approvals []*Approval, fits func(*Approval) bool) []*Approval {
	var kept []*Approval
	for _, a := range approvals {
		if fits(a) {
			kept = append(kept, a)
		}
	}
	return kept
}

// missingParameter tells which parameter parts the approvals left over.
func missingParameter(approvals []*Approval) string {
	recipients, purposes := make(map[string]bool), make(map[string]bool)
	for _, a := range approvals {
		recipients[a.ServiceProvider.SIRET] = true
		purposes[a.Purpose.ID] = true
	}
	switch {
	case len(recipients) == 1:
		return "purpose (the id of one purpose)"
	case len(purposes) == 1:
		return "recipient (the SIRET of the body that receives the data)"
	}
	return "recipient (the SIRET of the body that receives the data) and purpose (the id of one purpose)"
}
