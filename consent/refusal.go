package consent

import (
	"fmt"
	"strings"
)

// A Refusal says why a request does not conform to what was approved. It is
// an ordinary result, met before any page is shown; it names scopes and
// parameters, never a person.
type Refusal struct {
	Code   string // OAuth error code: invalid_scope, invalid_request, unauthorized_client
	Reason Reason // which rule, for pages and counters
	Detail string // for the developer of the client: what is wrong and what to send
}

// Error gives the code and the detail.
func (r *Refusal) Error() string { return r.Code + ": " + r.Detail }

// A Reason names the rule that refused.
type Reason string

// The reasons.
const (
	ReasonNoApproval       Reason = "no_approval"       // the client has no approval at all
	ReasonUnknownRecipient Reason = "unknown_recipient" // no approval of this client for that SIRET
	ReasonUnknownPurpose   Reason = "unknown_purpose"   // no approval of this client for that purpose
	ReasonAmbiguous        Reason = "ambiguous"         // several approvals fit: recipient or purpose is missing
	ReasonUnknownScope     Reason = "unknown_scope"     // a scope outside the catalogue
	ReasonOverAsking       Reason = "over_asking"       // a datum or year outside the approval
	ReasonNoDatum          Reason = "no_datum"          // nothing is asked
	ReasonYearMissing      Reason = "year_missing"      // tax data without a year
	ReasonYearUnused       Reason = "year_unused"       // a year without tax data
	ReasonYearConflict     Reason = "year_conflict"     // years that exclude one another
	ReasonPeriod           Reason = "period"            // a month or campaign no source tells
	ReasonPeriodUnused     Reason = "period_unused"     // a month or campaign of what is not asked
	ReasonNotRequested     Reason = "not_requested"     // a decision names a datum outside the request
	ReasonNothingAgreed    Reason = "nothing_agreed"    // a decision agrees to no datum at all
	ReasonNoDesk           Reason = "no_desk"           // an agent asks under an approval that allows no desk
	ReasonDeskOnly         Reason = "desk_only"         // a request under an approval for the desk alone
	ReasonRequiredMissing  Reason = "required_missing"  // a decision leaves out a required datum
	ReasonLater            Reason = "later"             // access after today beyond the approval's ceilings
)

func refuseScope(reason Reason, format string, args ...any) *Refusal {
	return &Refusal{Code: "invalid_scope", Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

func refuseRequest(reason Reason, format string, args ...any) *Refusal {
	return &Refusal{Code: "invalid_request", Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

// quoted joins names for a sentence. Names sent by a client are cut: they come
// back in an answer.
func quoted(names []string) string {
	short := make([]string, len(names))
	for i, n := range names {
		if len(n) > 64 {
			n = n[:64] + "..."
		}
		short[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(short, ", ")
}
