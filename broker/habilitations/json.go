package habilitations

import (
	"encoding/json"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/failure"
	"accord/consent"
)

// A Listed is one approval of /habilitations.json. Texts are in French and
// English; days are YYYY-MM-DD, the last one included.
type Listed struct {
	ID              string    `json:"id"`
	Digest          string    `json:"digest"` // of the signed file: "sha-256:" and base64url
	Version         string    `json:"version"`
	State           State     `json:"state"`
	Suspended       *Since    `json:"suspended,omitempty"`
	ServiceProvider Body      `json:"service_provider"`
	Editor          *Body     `json:"editor,omitempty"`
	Purpose         Purpose   `json:"purpose"`
	Simplification  *Text     `json:"simplification,omitempty"` // the paper it replaces
	Charter         string    `json:"charter"`
	Legal           Legal     `json:"legal"`
	Data            []Datum   `json:"data"`
	IdentityOnly    bool      `json:"identity_only"` // may ask for an identifier of its own alone
	Desk            bool      `json:"desk"`          // its agents may ask for persons who come to them
	Retention       Retention `json:"retention"`
	Ceilings        Ceilings  `json:"ceilings"`
	From            string    `json:"from"`
	Until           string    `json:"until"`
	Log             *Place    `json:"log,omitempty"` // of its last change
}

// The parts of a Listed.
type (
	Text struct {
		FR string `json:"fr"`
		EN string `json:"en"`
	}
	Since struct {
		Reason string     `json:"reason"`         // registrar, or one of audit.SuspensionReasons
		At     *time.Time `json:"since,omitzero"` // of an operator's suspension
	}
	Body struct {
		Name  string `json:"name"`
		SIRET string `json:"siret"`
		DPO   string `json:"dpo"`
	}
	Purpose struct {
		ID    string `json:"id"`
		Type  string `json:"type"`
		Label Text   `json:"label"`
		Text  Text   `json:"text"`
	}
	Legal struct {
		Act   string   `json:"act"`
		Basis string   `json:"basis"`
		Texts []string `json:"texts"`
	}
	Datum struct {
		ID       string `json:"id"`
		Required bool   `json:"required"`
		Why      Text   `json:"why"`
	}
	Retention struct {
		Period string `json:"period"` // ISO 8601 duration
		Rule   Text   `json:"rule"`
	}
	Ceilings struct {
		Mode     string `json:"mode"`
		Fetches  int    `json:"fetches"`
		Duration string `json:"duration,omitempty"`
	}
	Place struct {
		Position string     `json:"position"` // origin#index
		Time     *time.Time `json:"time,omitzero"`
	}
)

// json lists every approval for a program.
func (p *Pages) json(c *gin.Context) error {
	listed := struct {
		Habilitations []Listed `json:"habilitations"`
	}{[]Listed{}}
	for _, s := range p.Standings() {
		listed.Habilitations = append(listed.Habilitations, p.listed(s))
	}
	body, err := json.Marshal(listed)
	if err != nil {
		return failure.New(failure.Ours, err)
	}
	c.Header("Cache-Control", "no-cache") // a suspension shows at once
	c.Data(200, "application/json; charset=utf-8", body)
	return nil
}

func (p *Pages) listed(s Standing) Listed {
	a := s.Approval
	l := Listed{
		ID: a.ID, Digest: a.Digest, Version: a.Version, State: s.State(p.Now()), ServiceProvider: body(a.ServiceProvider),
		Purpose: Purpose{a.Purpose.ID, a.Purpose.Type, Text(a.Purpose.Label), Text(a.Purpose.Text)},
		Charter: a.Charter, Legal: Legal{string(a.Legal.Act), a.Legal.Basis, legalTexts(a)},
		Data:         append(data(a.Data.Required, true), data(a.Data.Optional, false)...),
		IdentityOnly: a.Data.IdentityOnly, Desk: a.Desk != nil,
		Retention: Retention{a.Retention.Period, Text(a.Retention.Rule)}, Ceilings: Ceilings(a.Ceilings), From: a.Dates.From, Until: a.Dates.Until,
	}
	if a.Editor != nil {
		editor := body(*a.Editor)
		l.Editor = &editor
	}
	if a.Simplification != (consent.Text{}) {
		l.Simplification = &Text{a.Simplification.FR, a.Simplification.EN}
	}
	if reason, at := s.Suspension(); reason != "" {
		l.Suspended = &Since{reason, known(at)}
	}
	if s.Published.Position != "" {
		l.Log = &Place{s.Published.Position, known(s.Published.Time)}
	}
	return l
}

func known(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func body(p consent.Party) Body { return Body{p.Name, p.SIRET, p.DPO} }

// data is never nil: a program reads a list where nothing can be asked, too.
func data(list []consent.ApprovedDatum, required bool) []Datum {
	all := []Datum{}
	for _, d := range list {
		all = append(all, Datum{d.ID, required, Text(d.Why)})
	}
	return all
}
