package receipt

import (
	"errors"
	"fmt"
	"strings"
)

// ErrContent is returned for a receipt whose content breaks a rule, however
// well it is signed.
var ErrContent = errors.New("receipt content not valid")

// Validate returns nil when the receipt's content keeps every rule: members
// obligatory for its type and stage, enumerations, times, organisations,
// rights by legal basis, data agreed. Otherwise an error wrapping ErrContent
// that lists all breaches by member.
func (r Receipt) Validate() error {
	var found breaches
	r.checkIdentifiers(&found)
	r.checkEvent(&found)
	r.checkValidity(&found)
	r.checkSubject(&found)
	r.checkLegal(&found)
	r.checkRights(&found)
	r.checkNotice(&found)
	r.checkParties(&found)
	r.checkPurposes(&found)
	r.checkAgreed(&found)
	r.checkDesk(&found)
	return found.err()
}

// breaches collects what is wrong, as "member: what".
type breaches []string

func (b *breaches) add(member, what string) { *b = append(*b, member+": "+what) }

// must records a breach unless ok.
func (b *breaches) must(ok bool, member, what string) {
	if !ok {
		b.add(member, what)
	}
}

// text requires a non-empty text.
func (b *breaches) text(value, member string) { b.must(value != "", member, "missing") }

// digest requires "sha-256:" and a SHA-256 in base64url.
func (b *breaches) digest(value, member string) {
	b.must(isDigest("sha-256:", value), member, "not sha-256: and 43 base64url characters")
}

// presence requires value exactly when wanted.
func (b *breaches) presence(has, wanted bool, member string, why Type) {
	b.must(has || !wanted, member, fmt.Sprintf("missing from %s", why))
	b.must(!has || wanted, member, fmt.Sprintf("does not belong in %s", why))
}

func (b breaches) err() error {
	if len(b) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrContent, strings.Join(b, "; "))
}

// follows tells whether this act must name the receipt it follows.
func (r Receipt) follows() bool { return r.Event.Type == Withdrawn || r.Event.Type == Renewed }

func (r Receipt) refused() bool { return r.Event.Type == Refused }

// anonymous tells whether the act came before anybody was known.
func (r Receipt) anonymous() bool { return r.refused() && r.Event.Stage != StageDecision }

func (r Receipt) checkIdentifiers(b *breaches) {
	b.must(r.SchemaVersion == SchemaVersion, "schema_version", "unknown")
	b.must(r.ISOProfile == ISOProfile, "iso_profile", "unknown")
	b.must(isUUIDv7(r.ReceiptID), "receipt_id", "not a UUIDv7")
	b.must(isUUIDv7(r.RecordID), "record_id", "not a UUIDv7")
	b.presence(r.GrantID != "", !r.refused(), "grant_id", r.Event.Type)
	b.must(r.GrantID == "" || isGrantID(r.GrantID), "grant_id", "not g_ and 22 base64url characters")
	b.presence(r.PreviousReceipt != "", r.follows(), "previous_receipt", r.Event.Type)
	if r.PreviousReceipt != "" {
		b.digest(r.PreviousReceipt, "previous_receipt")
	}
	b.must(isLanguage(r.Language), "language", "not a BCP 47 tag")
	b.text(r.Approval.ID, "approval.id")
	b.digest(r.Approval.Digest, "approval.digest")
	b.digest(r.Catalogue, "catalogue")
	b.text(r.Log.Origin, "log.origin")
	b.digest(r.Log.Policy, "log.policy")
}
