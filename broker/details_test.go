package broker_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/oidc/issuer/details"
)

// pushed sends a request by authorization_details; more adds or replaces
// parameters.
func pushed(t *testing.T, r headless.Request, detail string, more ...string) (status int, answer map[string]any) {
	t.Helper()
	u, err := url.Parse(r.URL(nil))
	if err != nil {
		t.Fatal(err)
	}
	form := u.Query()
	form.Del("recipient")
	form.Del("purpose")
	form.Set("scope", "openid")
	form.Set("authorization_details", detail)
	for k, v := range values(more...) {
		form[k] = v
	}
	status, body, err := r.Post("/par", form)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%d %s", status, body)
	}
	return status, answer
}

// detailed is a request as details, with the day the approval allows.
func detailed(c *country.Country, more func(*details.Request)) string {
	r := details.Request{
		Type: details.Type, Purpose: "tarification-cantine", Recipient: valbrume(c),
		Required: []string{"cnaf_quotient_familial"}, Optional: []string{"cnaf_enfants", "dgfip_rfr"},
		Period:    &details.Period{IncomeYear: "dgfip_annee_n_moins_1"},
		Recurring: &details.Recurring{Until: nextMonth(c, time.Now()).Format(time.DateOnly), Fetches: fetches},
	}
	if more != nil {
		more(&r)
	}
	b, err := json.Marshal([]details.Request{r})
	if err != nil {
		panic(err) // strings and numbers only
	}
	return string(b)
}

// walkDetailed pushes a request and opens its first page.
func walkDetailed(t *testing.T, c *country.Country, detail string) *country.Walk {
	t.Helper()
	client := canteen(t, c)
	w := &country.Walk{Browser: headless.New().StopAt(client.RedirectURI), Country: c, Request: client.Begin()}
	status, answer := pushed(t, w.Request, detail)
	if status != http.StatusCreated {
		t.Fatalf("pushing: %d %v", status, answer)
	}
	var err error
	w.Page, err = w.Get(c.Accord + "/authorize?" + url.Values{"client_id": {client.ID}, "request_uri": {answer["request_uri"].(string)}}.Encode())
	if err != nil || w.Page.URL.Path != "/connexion" {
		t.Fatalf("the request leads to %v, %v", w.Page, err)
	}
	return w
}

// One request, two spellings: the same page, and of each the same agreement.
func TestDetailsAndScopesAreOneRequest(t *testing.T) {
	c := theCountry(t)
	byDetails := walkDetailed(t, c, detailed(c, nil))
	byScopes, err := c.WalkLater(canteen(t, c, "cnaf_enfants", "dgfip_rfr", "dgfip_annee_n_moins_1"), nextMonth(c, time.Now()), fetches)
	if err != nil {
		t.Fatal(err)
	}
	same := func(step string) {
		t.Helper()
		one, other := withoutHandles(byDetails.Page.Body), withoutHandles(byScopes.Page.Body)
		if one != other || len(one) < 2000 {
			t.Errorf("%s differs", step)
		}
	}
	same("/connexion")
	see(t, byDetails, "hugo")
	see(t, byScopes, "hugo")
	same("/accord")
}

// withoutHandles drops what is drawn for each interaction and fetch: handles,
// digests, request ids and times.
func withoutHandles(page string) string {
	var kept []string
	for _, line := range strings.FieldsFunc(page, func(r rune) bool { return strings.ContainsRune("<>\" ?&=", r) }) {
		if n := len(line); n != 8 && n != 36 && n != 43 && !strings.Contains(line, ":") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

func TestTheAgreedDetailsStandInTheTokenAnswerAndIntrospection(t *testing.T) {
	c := ownCountry(t, nil)
	client := canteen(t, c)
	w := walkDetailed(t, c, detailed(c, nil))
	see(t, w, "camille")
	page, err := w.Press(w.Page, "accept", values("suite", "1", "item", "cnaf_enfants"))
	if err != nil || page.Stopped == nil {
		t.Fatal(err)
	}
	tok, err := w.Request.Exchange(page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	want := detailed(c, func(r *details.Request) { r.Optional, r.Period = []string{"cnaf_enfants"}, nil })
	sameJSON(t, "token answer", tok.Details, want)
	told, err := client.Introspect(tok.Access)
	if err != nil || told["active"] != true {
		t.Fatalf("introspection: %v, %v", told, err)
	}
	sameJSON(t, "introspection", asJSON(t, told["authorization_details"]), want)
	served(t, read(t, c, tok, quotient))

	narrow := renewed(t, client, tok.Refresh, "authorization_details", `[{"type":"accord_data","optional":["cnaf_enfants"]}]`)
	sameJSON(t, "narrowed", narrow.Details, detailed(c, func(r *details.Request) { r.Required, r.Optional, r.Period = nil, []string{"cnaf_enfants"}, nil }))
	if d := read(t, c, narrow, quotient); d.Status != 200 || d.Data["quotient_familial"] != nil || d.Data["enfants"] == nil {
		t.Errorf("a narrower token read %d %s", d.Status, d.Body)
	}
	for _, wider := range []string{ // row 66
		detailed(c, nil),
		detailed(c, func(r *details.Request) { r.Optional, r.Recurring.Fetches = nil, fetches+1 }),
		`[{"type":"accord_data","required":["cnaf_adresse"]}]`,
	} {
		notRenewed(t, client, narrow.Refresh, "invalid_scope", "authorization_details", wider)
	}
	notRenewed(t, client, narrow.Refresh, "invalid_authorization_details", "authorization_details", `[{"type":"other"}]`)
	sameJSON(t, "whole again", renewed(t, client, narrow.Refresh).Details, want)
}

// What the citizen did not tick is not in what was agreed to.
func TestUntickedLaterAccessIsNotInTheAgreedDetails(t *testing.T) {
	c := theCountry(t)
	w := walkDetailed(t, c, detailed(c, nil))
	see(t, w, "hugo")
	do(t, w, "accept")
	tok, err := w.Request.Exchange(w.Page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, "token answer", tok.Details, detailed(c, func(r *details.Request) { r.Optional, r.Recurring, r.Period = nil, nil, nil }))
	if _, plain := token(t, c, canteen(t, c), "hugo"); plain.Details != nil {
		t.Errorf("a request by scopes is answered with details: %s", plain.Details)
	}
}

func sameJSON(t *testing.T, what string, got json.RawMessage, want string) {
	t.Helper()
	var g, w any
	if json.Unmarshal(got, &g) != nil || json.Unmarshal([]byte(want), &w) != nil || !reflect.DeepEqual(g, w) {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

func asJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Row 28, and what an approval does not cover: refused before any page, the
// item named, and nothing pushed.
func TestDetailsBeyondTheApprovalNameTheItemBeforeTheCitizenIsInvolved(t *testing.T) {
	c := theCountry(t)
	change := func(more func(*details.Request)) string { return detailed(c, more) }
	for name, tc := range map[string]struct{ detail, code, names string }{
		"unknown type":       {`[{"type":"other","required":["cnaf_quotient_familial"]}]`, "invalid_authorization_details", "type"},
		"extra field":        {strings.Replace(detailed(c, nil), `"type"`, `"more":1,"type"`, 1), "invalid_authorization_details", "unknown"},
		"nested 1000 deep":   {strings.Repeat("[", 1000) + strings.Repeat("]", 1000), "invalid_authorization_details", "deep"},
		"duplicate keys":     {strings.Replace(detailed(c, nil), `"type"`, `"type":"accord_data","type"`, 1), "invalid_authorization_details", "twice"},
		"32 KiB":             {strings.Replace(detailed(c, nil), `"type"`, strings.Repeat("\t", 1<<14)+`"type"`, 1), "invalid_authorization_details", "bytes"},
		"datum not approved": {change(func(r *details.Request) { r.Optional = []string{"cnaf_adresse"} }), "invalid_authorization_details", "cnaf_adresse"},
		"unknown datum":      {change(func(r *details.Request) { r.Optional = []string{"nothing_known"} }), "invalid_authorization_details", "nothing_known"},
		"optional required":  {change(func(r *details.Request) { r.Required, r.Optional = append(r.Required, "dgfip_rfr"), nil }), "invalid_authorization_details", "dgfip_rfr"},
		"required optional":  {change(func(r *details.Request) { r.Required, r.Optional = nil, append(r.Optional, "cnaf_quotient_familial") }), "invalid_authorization_details", "cnaf_quotient_familial"},
		"band without grid":  {change(func(r *details.Request) { r.Answers = []string{"cnaf_quotient_familial"} }), "invalid_authorization_details", "cnaf_quotient_familial"},
		"too many fetches":   {change(func(r *details.Request) { r.Recurring.Fetches = 5 }), "invalid_authorization_details", "fetches"},
		"too late an end":    {change(func(r *details.Request) { r.Recurring.Until = "2031-01-01" }), "invalid_authorization_details", "until"},
		"no such day":        {change(func(r *details.Request) { r.Recurring.Until = "2026-02-31" }), "invalid_authorization_details", "until"},
		"another year":       {change(func(r *details.Request) { r.Period.IncomeYear = "dgfip_annee_n_moins_3" }), "invalid_authorization_details", "dgfip_annee_n_moins_3"},
		"no year":            {change(func(r *details.Request) { r.Period = nil }), "invalid_authorization_details", "dgfip_annee"},
		"future month":       {change(func(r *details.Request) { r.Period.Year, r.Period.Month = 2999, 1 }), "invalid_authorization_details", "annee"},
		"another recipient":  {change(func(r *details.Request) { r.Recipient = "99900020100015" }), "invalid_authorization_details", "recipient"},
		"another purpose":    {change(func(r *details.Request) { r.Purpose = "autre" }), "invalid_authorization_details", "purpose"},
	} {
		status, answer := pushed(t, canteen(t, c).Begin(), tc.detail)
		said, _ := answer["error_description"].(string)
		if status != http.StatusBadRequest || answer["error"] != tc.code || !strings.Contains(said, tc.names) || answer["request_uri"] != nil {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	status, answer := pushed(t, canteen(t, c).Begin(), strings.Repeat(" ", 1<<20))
	if status != http.StatusBadRequest || answer["error"] != "invalid_authorization_details" || answer["request_uri"] != nil {
		t.Errorf("1 MiB: %d %v", status, answer)
	}
}

// Two descriptions of the data could differ: either alone.
func TestEitherScopesOrDetailsDescribeTheData(t *testing.T) {
	c := theCountry(t)
	for name, tc := range map[string]struct{ param, value, code string }{
		"scope":     {"scope", "openid cnaf_enfants", "invalid_scope"},
		"recipient": {"recipient", valbrume(c), "invalid_request"},
		"purpose":   {"purpose", "tarification-cantine", "invalid_request"},
		"annee":     {"annee", "2026", "invalid_request"},
		"fetches":   {"fetches", "2", "invalid_request"},
	} {
		more := []string{tc.param, tc.value}
		if tc.param == "fetches" {
			more = append(more, "until", "2027-01-01")
		}
		if status, answer := pushed(t, canteen(t, c).Begin(), detailed(c, nil), more...); status != 400 || answer["error"] != tc.code {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
}

// The grid's answer is asked for by name, and only it.
func TestAnswersAreAskedForByName(t *testing.T) {
	c := theCountry(t)
	client, err := c.Client(country.Editor, "saint-aubin-cantine")
	if err != nil {
		t.Fatal(err)
	}
	ask := func(answers ...string) (int, map[string]any) {
		return pushed(t, client.Begin(), string(asJSON(t, []details.Request{{
			Type: details.Type, Recipient: siretOf(c, "saint-aubin-cantine"), Required: []string{"cnaf_quotient_familial"}, Answers: answers,
		}})))
	}
	if status, answer := ask("cnaf_quotient_familial"); status != http.StatusCreated {
		t.Errorf("the band: %d %v", status, answer)
	}
	if status, answer := ask(); status != 400 || !strings.Contains(answer["error_description"].(string), "cnaf_quotient_familial") {
		t.Errorf("the value: %d %v", status, answer)
	}
}

func TestTheDetailsSchemaIsServedAndFitsTheCatalogue(t *testing.T) {
	c := theCountry(t)
	status, header, body, err := headless.Read(c.Accord+details.Path, "")
	if err != nil || status != 200 || header.Get("Content-Type") != "application/schema+json" || string(body) != string(details.Schema()) {
		t.Errorf("%d %s %v", status, header.Get("Content-Type"), err)
	}
	_, _, body, err = headless.Read(c.Accord+"/.well-known/openid-configuration", "")
	if err != nil || !strings.Contains(string(body), `"authorization_details_types_supported":["accord_data"]`) {
		t.Errorf("discovery: %v", err)
	}
	for _, d := range consent.DefaultCatalogue().Data() {
		asked := details.Request{Type: details.Type, Required: []string{d.ID}, Period: &details.Period{}}
		if len(d.Selectors) > 0 {
			asked.Period.IncomeYear = d.Selectors[0]
		}
		if _, err := details.Parse(string(asJSON(t, []details.Request{asked}))); err != nil {
			t.Errorf("%s cannot be asked by details: %v", d.ID, err)
		}
	}
}
