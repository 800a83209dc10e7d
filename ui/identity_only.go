package ui

// identifier stands on pages where the pairwise sub is all that was given: no
// entry of the catalogue, so its text lies apart (consent.IdentifierID).
const identifier = "openid"

// lead names the text that says what was agreed, refused or withdrawn.
func (p Receipt) lead() string {
	if p.Act == Granted && len(p.Data) == 1 && p.Data[0].Datum == identifier {
		return "identity.lead"
	}
	return "receipt." + string(p.Act) + ".lead"
}
