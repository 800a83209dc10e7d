package receipt

import (
	"slices"
	"strings"
)

func (r Receipt) checkLegal(b *breaches) {
	l := r.Legal
	basis := r.Event.BasisAct.Basis()
	b.must(basis == "" || l.Basis == basis, "legal.basis", "not that of the act "+string(r.Event.BasisAct))
	letter, found := strings.CutPrefix(l.BasisOfRecipient, "gdpr:6-1-")
	b.must(found && len(letter) == 1 && strings.Contains("abcdef", letter), "legal.basis_of_recipient", "not a basis of GDPR art. 6-1")
	b.must((l.Basis == BasisConsent) == (l.BasisOfRecipient == BasisConsent), "legal.basis_of_recipient",
		"one act cannot be consent for one party and not for the other")
	b.must(len(l.TextRefs) > 0 || l.Basis == BasisConsent, "legal.text_refs", "no text named for a public task")
	b.must(!slices.Contains(l.TextRefs, ""), "legal.text_refs", "empty reference")
	b.text(l.Jurisdiction, "legal.jurisdiction")
	b.text(l.Authority, "legal.authority")
}

// checkRights: the rights follow from the basis. Opposition belongs to a
// public task, withdrawal and portability to consent. GDPR art. 7-3, 20, 21.
func (r Receipt) checkRights(b *breaches) {
	consent := r.Legal.Basis == BasisConsent
	has := func(right string) bool { return slices.Contains(r.Rights, right) }
	for _, right := range []string{RightPortability, RightWithdrawal} {
		b.must(has(right) == consent, "rights", right+listed(has(right))+" under "+r.Legal.Basis)
	}
	b.must(has(RightOpposition) != consent, "rights", RightOpposition+listed(has(RightOpposition))+" under "+r.Legal.Basis)
	b.must(has(RightAccess), "rights", "access not listed")
	b.must(has(complaintPrefix+r.Legal.Authority), "rights", "complaint to the authority not listed")
	seen := map[string]bool{}
	for _, right := range r.Rights {
		b.must(isRight(right) && !seen[right], "rights", "unknown or doubled right")
		seen[right] = true
	}
}

func listed(is bool) string {
	if is {
		return " listed"
	}
	return " not listed"
}

func isRight(right string) bool {
	switch right {
	case RightAccess, RightRectification, RightErasure, RightRestriction,
		RightPortability, RightOpposition, RightWithdrawal:
		return true
	}
	return len(right) > len(complaintPrefix) && strings.HasPrefix(right, complaintPrefix)
}

func (r Receipt) checkParties(b *breaches) {
	count, seen := map[string]int{}, map[string]bool{}
	for _, p := range r.Parties {
		p.check(b)
		b.must(!seen[p.ID+p.Type], "parties", "one party twice in one type")
		count[p.Type]++
		seen[p.ID+p.Type] = true
	}
	b.must(count["recipient"] == 1, "parties", "not exactly one recipient")
	b.must(count["broker"] == 1, "parties", "not exactly one broker")
}

func (p Party) check(b *breaches) {
	siret, found := strings.CutPrefix(p.ID, "siret:")
	b.must(found && validSIRET(siret), "parties.id", "not siret: and a SIRET")
	b.must(slices.Contains([]string{"controller", "joint_controller", "processor", "source"}, p.Role), "parties.role", "unknown")
	b.must(slices.Contains([]string{"recipient", "broker", "data_source", "editor"}, p.Type), "parties.type", "unknown")
	b.text(p.Name, "parties.name")
	b.text(p.Address, "parties.address")
	b.text(p.Contact, "parties.contact")
}

func (r Receipt) isSource(id string) bool {
	return slices.ContainsFunc(r.Parties, func(p Party) bool { return p.ID == id && p.Type == "data_source" })
}
