package journey

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"accord/broker/clocks"
	"accord/consent"
	"accord/oidc/franceconnect"
	"accord/oidc/issuer"
	"accord/providers"
	"accord/ui"
)

// A Preview is what the pages of an approval are drawn from before anybody may
// ask under it. No source and no store is behind it.
type Preview struct {
	Approval  *consent.Approval
	Catalogue *consent.Catalogue
	Operator  consent.Operator         // may be empty
	Parties   map[string]consent.Party // by source; may be empty
	Now       time.Time                // of the pages
}

// Pages gives the page before the login and the page of the decision, by the
// code a citizen's own come from, with values nobody has.
func (p Preview) Pages(lang string) (ui.Connexion, ui.Consent, error) {
	j := New(Config{
		Operator: p.Operator, SourceParties: p.Parties, Catalogue: p.Catalogue, URLs: nowhere{},
		Approvals: func(string) []*consent.Approval { return []*consent.Approval{p.Approval} },
		Now:       func() time.Time { return p.Now },
	})
	in, err := p.interaction()
	if err != nil {
		return ui.Connexion{}, ui.Consent{}, err
	}
	t := ticket{handle: "exemple0", id: uuid.UUID{}, secret: make([]byte, secretSize)}
	before, err := j.connexionIn(lang, in, t)
	if err != nil {
		return before, ui.Consent{}, err
	}
	decision, err := j.consentPage(in, t, lang)
	decision.Contacts = slices.DeleteFunc(decision.Contacts, func(c ui.Contact) bool { return c.URL == "" })
	return before, decision, err
}

// values are the data of a source's document, of which a grid may answer.
func (p Preview) values(data []consent.Datum) []consent.Datum {
	var all []consent.Datum
	for _, id := range consent.LookedUp(data) {
		if d, ok := p.Catalogue.Datum(id); ok {
			all = append(all, d)
		}
	}
	return all
}

// nowhere is where a preview's citizen goes back to.
type nowhere struct{}

func (nowhere) SuccessURL(*issuer.AuthorizationRequest, string) string       { return "" }
func (nowhere) ErrorURL(*issuer.AuthorizationRequest, string, string) string { return "" }

// interaction is one that has asked for all the approval allows, and was
// answered.
func (p Preview) interaction() (*interaction, error) {
	in := &interaction{
		ID: "exemple", For: forRequest, Approval: p.Approval.ID, ApprovalDigest: p.Approval.Digest, Extended: true,
		Request: issuer.AuthorizationRequest{ClientID: "exemple", Scopes: []string{"openid"}}, Answers: map[string]providers.Answer{},
		Login:     &franceconnect.Login{Identity: franceconnect.Identity{GivenName: "CAMILLE", FamilyName: "EXEMPLE", Birthdate: "1984-03-09", Gender: "female"}},
		FetchedAt: p.Now, Expires: p.Now.Add(clocks.ToDecision),
	}
	data := p.Approval.Approved(p.Catalogue)
	for _, d := range data {
		in.Request.Scopes = append(in.Request.Scopes, d.Scope)
	}
	in.Ticked = consent.IDs(data)
	if years := p.Approval.Data.Years; len(years) > 0 {
		in.Request.Scopes = append(in.Request.Scopes, years[0])
	}
	for _, resource := range consent.Resources(data) {
		answer, err := p.answer(p.values(ofResource(data, resource)))
		if err != nil {
			return nil, err
		}
		if answer.Document, err = consent.AddAnswers(answer.Document, ofResource(data, resource), consent.FrenchDay(p.Now)); err != nil {
			return nil, err
		}
		in.Answers[resource] = answer
	}
	return in, nil
}

func (p Preview) answer(data []consent.Datum) (providers.Answer, error) {
	var doc json.RawMessage
	doc, err := consent.Example(data)
	if err != nil {
		return providers.Answer{}, fmt.Errorf("previewing %s: %w", data[0].Resource, err)
	}
	return providers.Answer{
		Outcome: providers.Found, Document: doc,
		Provenance: providers.Provenance{Source: data[0].Source, Operator: operatorOf(data[0].Source), Period: p.period(data[0]), Retrieved: p.Now},
	}, nil
}

// operatorOf is one of those who may really answer.
func operatorOf(source string) string {
	return map[string]string{consent.SourceCNAV: "CNAF", consent.SourceDGFiP: "DGFiP", consent.SourceFranceConnect: "FranceConnect"}[source]
}

func (p Preview) period(d consent.Datum) string {
	switch d.Period {
	case consent.PeriodMonth:
		return p.Now.AddDate(0, -1, 0).Format("2006-01")
	case consent.PeriodIncomeYear, consent.PeriodSchoolYear:
		return p.Now.AddDate(-1, 0, 0).Format("2006")
	}
	return ""
}
