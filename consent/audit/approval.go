package audit

import "strings"

// The words of an approval.changed (18) in its member reason. Without one the
// event announces an approval, or another version of it.
const (
	ApprovalSuspended = "suspended" // followed by a colon and one of SuspensionReasons
	ApprovalResumed   = "resumed"   // by a version a registrar signed that names the suspension
	ApprovalRenewed   = "renewed"   // by a version that ends later
	ApprovalRemoved   = "removed"   // its file is gone
)

// SuspendedByRegistrar is the reason of a file that says suspended itself.
const SuspendedByRegistrar = "registrar"

// SuspensionReasons are the words an operator may give. They are a closed
// list, because the event is public for ever: a sentence could name a person.
func SuspensionReasons() []string {
	return []string{"request", "misuse", "security", "charter", "authority", "other"}
}

// ApprovalInForce tells whether requests and deliveries may take place after an
// approval.changed of this reason, before its valid_until. A word that is not
// known does not let anything pass.
func ApprovalInForce(reason string) bool {
	return reason == "" || reason == ApprovalResumed || reason == ApprovalRenewed
}

// SuspensionOf gives the reason of a suspension, "" for any other word.
func SuspensionOf(reason string) string {
	word, why, _ := strings.Cut(reason, ":")
	if word != ApprovalSuspended {
		return ""
	}
	return why
}
