// Package providers says how data are fetched from an administration, and
// nothing about who may have them: that is consent's and the store's matter.
//
//	Query{Identity, Resource, Inputs} → Source.Query → Answer{Outcome, Document, Provenance}
//	                                    └ ByCredential: the recipient's own account, where the source demands one
//
// A Source answers one JSON document a resource in API Particulier's shape (the
// member data of its newest version's envelope, every field, unmasked). Before each HTTP
// attempt that carries a person it calls Query.Attempt, which makes the
// attempt durable in the log and gives the request id to send; without it
// there is no call (design §2, promise 3).
package providers

import (
	"context"
	"encoding/json"
	"time"
)

// Identity is the identité pivot as FranceConnect gives it.
type Identity struct {
	FamilyName        string   // birth name
	GivenName         string   // all first names, joined by spaces
	GivenNames        []string // given_name_array; empty for European users
	PreferredUsername string   // nom d'usage, may be empty
	Birthdate         string   // YYYY-MM-DD, unknown parts completed as 01
	IDPBirthdate      string   // raw: unknown parts 00; empty when not given
	Gender            string   // female, male, unspecified
	Birthplace        string   // INSEE commune code, empty abroad
	Birthcountry      string   // INSEE country code, 99100 France
}

// A Query asks one resource of one source about one person for one recipient.
type Query struct {
	Identity           Identity
	Resource           string                                     // catalogue's Datum.Resource, as dss/quotient_familial; one the source does not serve is Refused
	Inputs             map[string]string                          // what the citizen supplied, by the names of consent's inputs (identifiant, immatriculation …)
	Credential         string                                     // set of credentials of the approval; "" = the source's own
	Recipient          string                                     // SIRET of the body that will receive the data
	Data               []string                                   // catalogue ids wanted from this source
	Year               int                                        // period asked: income year (dgfip), year (cnav); 0 = the source's latest
	Month              int                                        // cnav: 1-12; 0 = the current one
	FallbackYear       int                                        // dgfip: year asked when Year has no notice yet; 0 = none
	FranceConnectToken string                                     // access token, where the source wants it
	TokenExpires       time.Time                                  // end of FranceConnect's limit; queue and retry end 5 s before
	Teleservice        string                                     // dgfip: ID_Teleservice of the approval
	Attempt            func(ctx context.Context) (Attempt, error) // called before each HTTP attempt; an error forbids the call
}

// An Attempt is one HTTP call about a person, already durable in the log.
type Attempt struct {
	RequestID string                                                    // UUID to send as correlation id
	Done      func(outcome Outcome, httpStatus int, took time.Duration) // to be called once, whatever happened
}

// An Outcome is how a source answered. Only Found carries a document. Unknown
// person, several candidates or no file are results, not errors, and never
// shown as one another (design §2, promises 9 and 10).
type Outcome string

// The outcomes.
const (
	Found       Outcome = "found"
	Unknown     Outcome = "unknown"     // the source does not know this person
	Ambiguous   Outcome = "ambiguous"   // several persons match; none was chosen
	NoFile      Outcome = "no_file"     // known, but no file or none for the period: absence is a value
	Unavailable Outcome = "unavailable" // down, slow, unreadable, over quota: nothing is known
	Refused     Outcome = "refused"     // the source refuses this request (credentials, entitlement, malformed identity)
)

// Provenance says where a document came from.
type Provenance struct {
	Source    string // Source.ID
	Operator  string // who really answered: CNAF, MSA, DGFiP …
	Period    string // "2026-10" (month) or "2025" (income year); "" when timeless
	Retrieved time.Time
	RequestID string // of the attempt that answered
}

// An Answer is what one source said.
type Answer struct {
	Outcome    Outcome
	Document   json.RawMessage // object, API Particulier v3's data member; only with Found
	Provenance Provenance
	Cause      error // for the log only: never shown, never holds a value or a name
}

// A Source fetches from one administration. Query never panics, never answers
// a partial document as Found, and gives Unavailable when ctx ends first.
type Source interface {
	ID() string // cnav, dgfip …: catalogue's Datum.Source
	Query(ctx context.Context, q Query) Answer
}
