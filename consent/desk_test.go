package consent

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"accord/consent/receipt"
	"accord/consent/receipt/schematest"
)

// assisted are the receipts of acts at a desk, of each way to agree, and under
// an approval by which the person is only informed.
func assisted(t *testing.T) map[string]receipt.Receipt {
	t.Helper()
	a := example(t, "valbrume-ccas")
	informed := example(t, "valbrume-ccas")
	informed.Legal.Act = InformationOnly
	all := map[string]receipt.Receipt{}
	for name, approval := range map[string]*Approval{"": a, "informed, ": informed} {
		r, err := NewDeskRequest(approval, DefaultCatalogue(), []string{"cnaf_enfants"})
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range []Agreement{SignedPaper, AtCounter, OwnPhone} {
			in := input(t, r)
			in.Method, in.RequestDigest = way.Method(), digest([]byte("event"))
			in.Subject.Auth = receipt.Auth{IDP: "https://agents.example", ACR: "eidas1", AuthTime: 1795353640, AgentSubHash: in.Subject.Auth.FCSubHash}
			if way == SignedPaper {
				in.Subject.Auth.Paper = "hmac-sha-256:GMor_dIpOoVpVa1wIvIPiApU4bmzZQ_K2Tx-QRlaAew"
			}
			granted := BuildReceipt(in)
			all[name+string(way)] = granted
			all[name+string(way)+" withdrawn"] = WithdrawReceipt(granted, digest([]byte("jws")), "019ab9c1-7f0e-7c2a-9b7e-3d1f0a4c55e1", decided, "fr")
		}
	}
	return all
}

func TestReceiptsOfADeskAreValidAndKeepTheSchema(t *testing.T) {
	schema, err := schematest.Compile(receipt.Schema())
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range assisted(t) {
		if err := r.Validate(); err != nil || !r.Assisted() {
			t.Errorf("%s: %v, assisted: %t", name, err, r.Assisted())
		}
		payload, _ := json.Marshal(r)
		if breaches, err := schema.Check(payload); err != nil || len(breaches) > 0 {
			t.Errorf("%s: %v %v", name, breaches, err)
		}
	}
}

// What makes an act assisted cannot be left out, nor passed off as a login at
// FranceConnect: reader and schema refuse alike.
func TestAnAssistedActIsNeverPassedOffAsAnother(t *testing.T) {
	schema, err := schematest.Compile(receipt.Schema())
	if err != nil {
		t.Fatal(err)
	}
	hash := "hm_GMor_dIpOoVpVa1wIvIPiApU4bmzZQ_K2Tx-QRlaAew"
	for name, spoil := range map[string]func(*receipt.Receipt){
		"method of the page":     func(r *receipt.Receipt) { r.Event.Method = "button" },
		"method nobody has":      func(r *receipt.Receipt) { r.Event.Method = "agent-desk:telephone" },
		"paper without method":   func(r *receipt.Receipt) { r.Event.Method = receipt.MethodCounter },
		"method without paper":   func(r *receipt.Receipt) { r.Subject.Auth.Paper = "" },
		"FranceConnect instead":  func(r *receipt.Receipt) { r.Subject.Auth.FCSubHash, r.Subject.Auth.AgentSubHash = hash, "" },
		"FranceConnect as well":  func(r *receipt.Receipt) { r.Subject.Auth.FCSubHash = hash },
		"evidence of a login":    func(r *receipt.Receipt) { r.Subject.Auth.Evidence = r.Subject.Auth.Paper },
		"sensitive data":         func(r *receipt.Receipt) { r.Purposes[0].Data[0].Special = true },
		"information as consent": func(r *receipt.Receipt) { r.Event.ConsentType = "information" },
		"consent as information": func(r *receipt.Receipt) { r.Event.BasisAct = receipt.InformationL1148 },
	} {
		r := assisted(t)["signed_paper"]
		spoil(&r)
		payload, _ := json.Marshal(r)
		breaches, err := schema.Check(payload)
		if r.Validate() == nil || err == nil && len(breaches) == 0 {
			t.Errorf("%s: reader %v, schema %v %v", name, r.Validate(), breaches, err)
		}
	}
	refuses := func(name string, r receipt.Receipt) {
		payload, _ := json.Marshal(r)
		breaches, err := schema.Check(payload)
		if r.Validate() == nil || err == nil && len(breaches) == 0 {
			t.Errorf("%s: reader %v, schema %v %v", name, r.Validate(), breaches, err)
		}
	}
	counter := assisted(t)["counter"]
	counter.Event.Method = "button"
	refuses("an agent behind the page's button", counter)
	clicked := BuildReceipt(input(t, request(t, "valbrume-cantine", "cnaf_quotient_familial")))
	clicked.Event.Method = receipt.MethodCounter
	refuses("a login at FranceConnect behind a desk", clicked)
	own := BuildReceipt(input(t, request(t, "valbrume-cantine", "cnaf_quotient_familial")))
	own.Event.BasisAct, own.Event.ConsentType = receipt.InformationL1148, "information"
	if own.Validate() == nil {
		t.Error("a citizen's own click was passed off as information")
	}
}

func TestADeskAsksForNothingSensitiveNorWhatOnlyTheCitizenCanGive(t *testing.T) {
	for _, d := range DefaultCatalogue().Data() {
		a := example(t, "valbrume-ccas")
		a.Data.Optional = append(a.Data.Optional, ApprovedDatum{ID: d.ID})
		_, err := NewDeskRequest(a, DefaultCatalogue(), []string{d.ID})
		typed := len(d.Inputs) > 0 && !slices.Equal(d.Inputs, []string{InputINE}) // which may be left out
		given := typed || d.Special || d.Preview == PreviewTicked || len(d.FranceConnectScopes)+len(d.Selectors) > 0 || d.Source == SourceFranceConnect
		if given != (err != nil) && d.ID != "cnaf_quotient_familial" {
			t.Errorf("%s: %v", d.ID, err)
		}
	}
}

func TestAnApprovalForTheDeskServesNoRequestOfACitizensOwn(t *testing.T) {
	a := example(t, "valbrume-ccas")
	a.Legal.Act, a.Desk.Agreements = InformationOnly, []Agreement{SignedPaper, AtCounter}
	if found := a.Validate(DefaultCatalogue()); found != nil {
		t.Fatal(found)
	}
	var refused *Refusal
	if _, err := NewRequest(a, DefaultCatalogue(), []string{"openid", "cnaf_quotient_familial"}); !errors.As(err, &refused) || refused.Reason != ReasonDeskOnly {
		t.Errorf("served: %v", err)
	}
	if _, err := NewDeskRequest(example(t, "valbrume-cantine"), DefaultCatalogue(), nil); !errors.As(err, &refused) || refused.Reason != ReasonNoDesk {
		t.Errorf("a desk nobody approved: %v", err)
	}
}

func TestEveryMistakeAboutTheDeskIsReported(t *testing.T) {
	for _, c := range []struct {
		path  string
		spoil func(*Approval)
	}{
		{"$.desk.daily_cap", func(a *Approval) { a.Desk.DailyCap = 0 }},
		{"$.desk.daily_cap", func(a *Approval) { a.Desk.DailyCap = 501 }},
		{"$.desk.agreements", func(a *Approval) { a.Desk.Agreements = nil }},
		{"$.desk.agreements[0]", func(a *Approval) { a.Desk.Agreements = []Agreement{"telephone"} }},
		{"$.desk.agreements[1]", func(a *Approval) { a.Desk.Agreements = []Agreement{AtCounter, AtCounter} }},
		{"$.desk.agreements[2]", func(a *Approval) { a.Legal.Act = InformationOnly }},
		{"$.data.required[1].id", func(a *Approval) {
			a.Data.Required = append(a.Data.Required, ApprovedDatum{ID: "family_name", Why: a.Data.Required[0].Why})
		}},
		{"$.desk", func(a *Approval) {
			a.Data = ApprovedData{Optional: []ApprovedDatum{{ID: "family_name", Why: a.Data.Required[0].Why}}}
		}},
		{"$.legal.act", func(a *Approval) { a.Legal.Act, a.Desk = InformationOnly, nil }},
	} {
		a := example(t, "valbrume-ccas")
		c.spoil(a)
		found := a.Validate(DefaultCatalogue())
		if !slices.ContainsFunc(found, func(p Problem) bool { return p.Path == c.path }) {
			t.Errorf("%s: %v", c.path, found)
		}
	}
}
