package audit

// The rules, by the names reports and vectors use.
const (
	RuleLine        = "line.form"        // a line that is none
	RuleOrder       = "line.order"       // a line that is not the next leaf's
	RuleCount       = "line.count"       // lines missing or too many for the checkpoint
	RuleRoot        = "tree.root"        // the leaves do not give the signed root
	RuleOlder       = "tree.older"       // a checkpoint seen earlier is not a beginning of this log
	RuleEvent       = "event.form"       // bytes that are no event, or of another kind than the leaf
	RuleTime        = "event.time"       // time goes back
	RulePrev        = "event.prev"       // not the next of its interaction or grant
	RuleOpened      = "log.opened"       // first leaf, once, of this origin; nothing after log.closed
	RuleApproval    = "approval"         // under an approval not announced, changed, suspended, removed or past its end
	RuleQuery       = "query.lookup"     // a source queried without its recorded look-up
	RuleQueryData   = "query.data"       // … for data beyond that look-up
	RuleQueryGrant  = "query.grant"      // a source queried under no live recurring grant, or beyond it
	RuleAnswer      = "answer.query"     // an answer without its query
	RuleConsent     = "consent.lookup"   // an agreement to what was not looked up, or decided twice
	RuleDesk        = "desk.agent"       // at a desk without its agent, by another, or of sensitive data
	RuleUnagreed    = "delivery.consent" // a delivery without consent
	RuleEnded       = "delivery.ended"   // … after the withdrawal or revocation
	RuleExpired     = "delivery.expired" // … after valid_until
	RuleParty       = "delivery.party"   // … to another than agreed
	RuleFields      = "delivery.fields"  // … of data or fields not agreed
	RuleFetches     = "delivery.fetches" // … from more snapshots than agreed
	RuleUnfetched   = "delivery.fetched" // … in the token way of what no source was asked for, or twice
	RuleRenewal     = "renewal.consent"  // a changed choice of no live grant, or for more than was agreed
	RuleEnding      = "end.consent"      // a withdrawal or revocation of no live grant
	RuleReceipt     = "receipt.content"  // receipt and event tell two stories
	RuleDigest      = "receipt.digest"   // receipt missing, or another than the event names
	RuleKey         = "receipt.key"      // by a key the log does not know, or after its retirement
	RuleSignature   = "receipt.signature"
	RuleSigned      = "receipt.time"        // act and log more than five minutes apart
	RuleCompromised = "receipt.compromised" // by a key that was somebody else's by then: leaves it undecided
	RuleKeyEvent    = "key.form"            // a key event that is none
	RuleErasure     = "erasure.set"         // names what is not erased, twice, or of another kind
	RuleNoConsent   = "erasure.consent"     // an erased act whose set lacks the consent or look-up before it
	RuleEarly       = "erasure.early"       // erased too soon, and at nobody's request
	RuleMissing     = "erasure.missing"     // no opening, and no erasure names it
)

// Rules are all rules, in the order of their groups.
func Rules() []string {
	return []string{
		RuleLine, RuleOrder, RuleCount, RuleRoot, RuleOlder, RuleEvent, RuleTime, RulePrev, RuleOpened,
		RuleApproval, RuleQuery, RuleQueryData, RuleQueryGrant, RuleAnswer, RuleConsent, RuleDesk,
		RuleUnagreed, RuleEnded, RuleExpired, RuleParty, RuleFields, RuleFetches, RuleUnfetched, RuleRenewal, RuleEnding,
		RuleReceipt, RuleDigest, RuleKey, RuleSignature, RuleSigned, RuleCompromised, RuleKeyEvent,
		RuleErasure, RuleNoConsent, RuleEarly, RuleMissing,
	}
}
