package consent

// An Act is what a citizen's answer is in law. The three differ in words,
// rights and receipts; none is ever passed off as another.
type Act string

// The acts.
const (
	// AccordPublicTask: the legal basis is a public task (GDPR 6-1-e, CRPA
	// L114-8) and the citizen's explicit agreement a safeguard on top.
	AccordPublicTask Act = "accord_art6_1_e"
	// ConsentGDPR: consent is the legal basis (GDPR 6-1-a).
	ConsentGDPR Act = "consentement_art6_1_a"
	// InformationOnly: an exchange between administrations of which the person
	// is informed (CRPA L114-8); at a desk only.
	InformationOnly Act = "information_l114_8"
)

// The legal bases, as receipts write them.
const (
	BasisPublicTask = "gdpr:6-1-e"
	BasisConsent    = "gdpr:6-1-a"
)

// Basis gives the legal basis the act stands on, "" for an unknown act.
func (a Act) Basis() string {
	switch a {
	case AccordPublicTask, InformationOnly:
		return BasisPublicTask
	case ConsentGDPR:
		return BasisConsent
	}
	return ""
}

// Rights gives the rights that go with the act, in a receipt's words (GDPR
// 13-2-b): opposition (21) with a public task, withdrawal (7-3), portability
// (20) and erasure (17) with consent. Erasure is left out with a public task,
// where GDPR 17-3-b sets it aside.
func (a Act) Rights() []string {
	if a == ConsentGDPR {
		return []string{"access", "rectification", "erasure", "restriction", "portability", "withdrawal", "complaint:CNIL"}
	}
	return []string{"access", "rectification", "restriction", "opposition", "complaint:CNIL"}
}
