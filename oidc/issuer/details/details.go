// Package details is Accord's type of authorization_details (RFC 9396): what a
// service provider asks of a citizen, and what the citizen agreed to, as one
// JSON object. Its JSON Schema is schema.json, served at Path.
//
//	[{"type": "accord_data",
//	  "purpose": "tarification-cantine", "recipient": "99900010200015",
//	  "required": ["cnaf_quotient_familial"], "optional": ["cnaf_enfants", "dgfip_rfr"],
//	  "period": {"annee": 2026, "mois": 10, "annee_revenus": "dgfip_annee_n_moins_1"},
//	  "recurring": {"until": "2027-06-30", "fetches": 4}}]
//
// It knows the form only: what an approval allows is for others to say.
package details

import (
	_ "embed" // the schema
	"slices"
)

const (
	// Type is the authorization details type (RFC 9396 §2).
	Type = "accord_data"
	// Path is where the schema is served, below the issuer.
	Path = "/schemas/authorization-details/1"
	// MaxBytes bounds the parameter.
	MaxBytes = 16 << 10

	maxData  = 64 // of one list
	maxDepth = 4  // of arrays and objects; three are used
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema of the parameter.
func Schema() []byte { return slices.Clone(schema) }

// A Request is the one object of the array. Of an agreement it says what was
// agreed to.
type Request struct {
	Type      string   `json:"type"`                // Type
	Purpose   string   `json:"purpose,omitempty"`   // purpose id; empty: the client's only one
	Recipient string   `json:"recipient,omitempty"` // SIRET, 14 digits; empty: the client's only one
	Required  []string `json:"required,omitempty"`  // catalogue ids the citizen gives together, or not at all
	Optional  []string `json:"optional,omitempty"`  // catalogue ids behind a box each
	// Answers are those of the data for which the approval's grid answers (a
	// band, yes or no) in the place of the value.
	Answers   []string   `json:"answers,omitempty"`
	Period    *Period    `json:"period,omitempty"`    // nil: the sources' latest
	Recurring *Recurring `json:"recurring,omitempty"` // nil: today alone
}

// A Period is when the data are asked for, in API Particulier's words; zero
// members are not said.
type Period struct {
	Year       int    `json:"annee,omitempty"`          // of the month asked, 1 to 9999
	Month      int    `json:"mois,omitempty"`           // 1 to 12
	Campaign   int    `json:"annee_campagne,omitempty"` // of student grants, the year it begins
	IncomeYear string `json:"annee_revenus,omitempty"`  // year selector of tax data, as dgfip_annee_n_moins_1
}

// A Recurring is access after today.
type Recurring struct {
	Until   string `json:"until"`   // last day, YYYY-MM-DD
	Fetches int    `json:"fetches"` // in all, today's included: 2 to 366
}

// Data are all the catalogue ids, required first.
func (r Request) Data() []string { return slices.Concat(r.Required, r.Optional) }

// Scopes are what asks for the same in plain parameters: the data and, with tax
// data, their year.
func (r Request) Scopes() []string {
	if r.Period == nil || r.Period.IncomeYear == "" {
		return r.Data()
	}
	return append(r.Data(), r.Period.IncomeYear)
}

// Only keeps what concerns the data named.
func (r Request) Only(data []string) Request {
	keep := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(data, id) })
	}
	r.Required, r.Optional, r.Answers = keep(r.Required), keep(r.Optional), keep(r.Answers)
	return r
}

// Within tells whether r asks nothing that all does not hold: an agreement is
// narrowed, never widened or changed. Members r leaves out are as in all.
func (r Request) Within(all Request) bool {
	return among(r.Required, all.Required) && among(r.Optional, all.Optional) && among(r.Answers, all.Answers) &&
		(r.Purpose == "" || r.Purpose == all.Purpose) && (r.Recipient == "" || r.Recipient == all.Recipient) &&
		(r.Period == nil || all.Period != nil && *r.Period == *all.Period) &&
		(r.Recurring == nil || all.Recurring != nil && *r.Recurring == *all.Recurring)
}

func among(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
