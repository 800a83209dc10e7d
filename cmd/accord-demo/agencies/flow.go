package agencies

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"accord/oidc/serviceprovider"
)

// ask sends the citizen to Accord.
func (s *Sites) ask(w http.ResponseWriter, r *http.Request, a Agency) {
	attempt, err := s.clients[a.Slug].Login(r.Context(), serviceprovider.Request{Purpose: a.Purpose, Scopes: a.Scopes})
	if err != nil {
		s.render(w, "later", page{Agency: a})
		return
	}
	s.begin(w, r, attempt)
	http.Redirect(w, r, attempt.URL, http.StatusSeeOther)
}

// A document is one signed delivery, as it came.
type document struct {
	Resource, Release, Log, JWS string
}

// A result is what came of one attempt.
type result struct {
	Outcome    string // received, refused, later
	Decision   Decision
	ReceiptURI string
	Subject    string   // the person, for this agency only
	Calls      []string // what went over the wire, for developers
	Documents  []document
}

// back takes the citizen back from Accord, and reads what they agreed to.
func (s *Sites) back(w http.ResponseWriter, r *http.Request, a Agency) {
	attempt, ok := s.take(r)
	if !ok {
		s.render(w, "lost", page{Agency: a})
		return
	}
	s.keep(r, a.Slug, s.received(r.Context(), a, attempt, r))
	http.Redirect(w, r, "/"+a.Slug+"/decision", http.StatusSeeOther)
}

func (s *Sites) received(ctx context.Context, a Agency, attempt serviceprovider.Attempt, r *http.Request) result {
	client := s.clients[a.Slug]
	token, err := client.Callback(ctx, attempt, r.URL.Query())
	var denied *serviceprovider.Denied
	if errors.As(err, &denied) && denied.Code == "access_denied" {
		return result{Outcome: "refused"}
	}
	if err != nil {
		return result{Outcome: "later"}
	}
	got := result{
		Outcome: "received", ReceiptURI: token.ReceiptURI, Subject: token.Subject,
		Calls: []string{"POST /par", "GET /authorize", "POST /token"},
	}
	answers := Answers{}
	for _, resource := range a.Resources {
		signed, err := client.Signed(ctx, token, resource)
		var refused *serviceprovider.Refused
		if errors.As(err, &refused) { // not agreed to: an optional datum
			got.Calls = append(got.Calls, fmt.Sprintf("GET /v3/%s → %d", resource, refused.Status))
			continue
		}
		if err != nil {
			return result{Outcome: "later"}
		}
		answers[resource] = signed.Answer
		got.Calls = append(got.Calls, "GET /v3/"+resource+" → 200")
		got.Documents = append(got.Documents, document{
			Resource: resource, Release: signed.Release, Log: signed.Log.String(), JWS: string(signed.JWS),
		})
	}
	got.Decision = a.Decide(answers)
	s.enter(a.Slug, got)
	return got
}

func (s *Sites) decision(w http.ResponseWriter, r *http.Request, a Agency) {
	res, ok := s.kept(r, a.Slug)
	if !ok {
		http.Redirect(w, r, "/"+a.Slug+"/demande", http.StatusSeeOther)
		return
	}
	name := res.Outcome
	if name == "received" {
		name = "decision"
	}
	s.render(w, name, page{Agency: a, Result: res})
}
