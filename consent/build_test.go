package consent

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/consent/receipt"
)

var decided = time.Date(2026, 11, 23, 13, 21, 7, 412_000_000, time.UTC)

func sources() map[string]Party {
	return map[string]Party{
		SourceCNAV:          {Name: "CNAF", SIRET: "99900030000015", Address: "3 rue de l'Exemple, 00000 Valbrume", DPO: "https://cnaf.example/dpo"},
		SourceDGFiP:         {Name: "DGFiP", SIRET: "99900040900014", Address: "4 rue de l'Exemple, 00000 Valbrume", DPO: "https://dgfip.example/dpo"},
		SourceFranceConnect: {Name: "FranceConnect", SIRET: "99900081300017", Address: "5 rue de l'Exemple, 00000 Valbrume", DPO: "https://fc.example/dpo"},
	}
}

// input is a complete agreement to everything asked.
func input(t testing.TB, r Request) ReceiptInput {
	t.Helper()
	agreed, err := Decide(r, IDs(r.Data()))
	if err != nil {
		t.Fatal(err)
	}
	return ReceiptInput{
		Type: Granted, ReceiptID: "019ab9c1-6f0e-7c2a-9b7e-3d1f0a4c55e1", RecordID: "019ab9c1-6ef0-7a11-8f02-77d0c1b2a3e4",
		GrantID: "g_7Qm2mYwzv0mR2H3kQ0p1aA", Time: decided, Language: "fr", Request: r, Agreed: agreed, Catalogue: DefaultCatalogue(),
		Subject: &receipt.Subject{ID: "ps_wT3n0V8wq2pS2o6m0bqv1Q", IDType: "pairwise", Auth: receipt.Auth{
			IDP: "https://fc.example/api/v2", ACR: "eidas1", AuthTime: 1795353640,
			FCSubHash: "hm_GMor_dIpOoVpVa1wIvIPiApU4bmzZQ_K2Tx-QRlaAew", Evidence: "hmac-sha-256:GMor_dIpOoVpVa1wIvIPiApU4bmzZQ_K2Tx-QRlaAew",
		}},
		RequestDigest: digest([]byte("event")), ScreenDigest: digest([]byte("screen")), IssuerURL: "https://accord.example",
		Operator: Operator{Name: "Accord", SIRET: "99900020100015", Address: "2 rue de l'Exemple, 00000 Valbrume", DPO: "dpo@accord.example", Role: "processor"},
		Sources:  sources(), LogOrigin: "accord.example/log/1", LogPolicy: digest([]byte("policy")),
	}
}

// everyAct gives the receipts of one request: granted, refused at each stage,
// withdrawn.
func everyAct(t testing.TB, r Request) map[string]receipt.Receipt {
	in := input(t, r)
	all := map[string]receipt.Receipt{"granted": BuildReceipt(in)}
	for _, stage := range []string{"before_login", "login", "decision"} {
		refusal := in
		refusal.Type, refusal.Stage = Refused, stage
		all[stage] = BuildReceipt(refusal)
	}
	all["withdrawn"] = WithdrawReceipt(all["granted"], digest([]byte("jws")), "019ab9c1-7f0e-7c2a-9b7e-3d1f0a4c55e1", decided.Add(time.Hour), "en")
	return all
}

func requests(t testing.TB) []Request {
	return []Request{
		request(t, "valbrume-cantine", "cnaf_quotient_familial", "cnaf_enfants", "dgfip_rfr", "dgfip_nbpart", YearNMinus1),
		request(t, "saint-aubin-cantine", "cnaf_quotient_familial"),
		request(t, "valbrume-mediatheque", "family_name", "given_name", "email"),
		request(t, "hautes-brumes-transport", "dgfip_rfr", "dgfip_nbpart", "dgfip_nbpac", YearNMinus2Fallback),
		request(t, "valbrume-compte"),
	}
}

func TestReceiptsOfEveryActAndBasisAreValid(t *testing.T) {
	for _, r := range requests(t) {
		for act, written := range everyAct(t, r) {
			if err := written.Validate(); err != nil {
				t.Errorf("%s %s: %v", r.Approval.ID, act, err)
			}
		}
	}
}

func TestReceiptsCanBeSignedAndReadBack(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range requests(t) {
		for act, written := range everyAct(t, r) {
			jws, err := receipt.Sign(written, receipt.Signer{KeyID: "test", Key: key}, written.Event.Time.Time())
			if err != nil {
				t.Errorf("signing %s: %v", act, err)
				continue
			}
			read, _, err := receipt.Parse(jws)
			if err != nil || read.ReceiptID != written.ReceiptID {
				t.Errorf("reading %s: %v", act, err)
			}
		}
	}
}

// Design §4: before the decision nobody is known, and the receipt says nothing
// of a person; a refusal opens nothing.
func TestRefusalsOmitWhatIsNotKnownAndWhatIsNotGiven(t *testing.T) {
	for act, r := range everyAct(t, requests(t)[0]) {
		refused := act == "before_login" || act == "login" || act == "decision"
		known := act != "before_login" && act != "login"
		if (r.Subject != nil) != known {
			t.Errorf("%s: subject %v", act, r.Subject)
		}
		if (r.GrantID == "") != refused || (r.Withdrawal == nil) != refused || (r.Event.ValidUntil == "") != refused {
			t.Errorf("%s: grant %q, withdrawal %v, valid until %q", act, r.GrantID, r.Withdrawal, r.Event.ValidUntil)
		}
		if (r.RequestDigest == "") != (act == "before_login") {
			t.Errorf("%s: request %q", act, r.RequestDigest)
		}
		for _, d := range r.Purposes[0].Data {
			if d.Granted == refused {
				t.Errorf("%s: %s granted %v", act, d.ID, d.Granted)
			}
		}
	}
}

func TestReceiptTellsWhatWasDeclined(t *testing.T) {
	in := input(t, requests(t)[0])
	var err error
	if in.Agreed, err = Decide(in.Request, []string{"cnaf_quotient_familial", "cnaf_enfants"}); err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, d := range BuildReceipt(in).Purposes[0].Data {
		got[d.ID] = fmt.Sprintf("optional %v granted %v", d.Optional, d.Granted)
	}
	for id, want := range map[string]string{
		"cnaf_quotient_familial": "optional false granted true",
		"cnaf_enfants":           "optional true granted true",
		"dgfip_rfr":              "optional true granted false",
		"dgfip_nbpart":           "optional true granted false",
	} {
		if got[id] != want {
			t.Errorf("%s: %s", id, got[id])
		}
	}
}

// Design §1: never pass one act off as another.
func TestTheTwoBasesGiveDifferentWordsRightsAndReceipts(t *testing.T) {
	task := BuildReceipt(input(t, requests(t)[0]))
	consent := BuildReceipt(input(t, requests(t)[2]))
	has := func(r receipt.Receipt, right string) bool { return slices.Contains(r.Rights, right) }
	if task.Event.BasisAct != receipt.AccordArt61E || task.Legal.Basis != BasisPublicTask ||
		!has(task, "opposition") || has(task, "portability") || has(task, "withdrawal") {
		t.Errorf("public task: %s %s %v", task.Event.BasisAct, task.Legal.Basis, task.Rights)
	}
	if consent.Event.BasisAct != receipt.ConsentementArt61A || consent.Legal.Basis != BasisConsent ||
		has(consent, "opposition") || !has(consent, "portability") || !has(consent, "withdrawal") {
		t.Errorf("consent: %s %s %v", consent.Event.BasisAct, consent.Legal.Basis, consent.Rights)
	}
	for _, lang := range []string{"fr", "en"} {
		words := noticeWords(lang).acts
		for _, r := range requests(t) {
			notice := string(Notice(r.Approval, DefaultCatalogue(), lang))
			for act, sentence := range words {
				if strings.Contains(notice, sentence) != (act == r.Approval.Legal.Act) {
					t.Errorf("%s in %s: the words of %s", r.Approval.ID, lang, act)
				}
			}
		}
	}
}

func TestWithdrawalRepeatsTheAgreementAndPointsBack(t *testing.T) {
	all := everyAct(t, requests(t)[0])
	granted, withdrawn := all["granted"], all["withdrawn"]
	if withdrawn.PreviousReceipt != digest([]byte("jws")) || withdrawn.RecordID != granted.RecordID || withdrawn.ReceiptID == granted.ReceiptID {
		t.Errorf("withdrawn %+v", withdrawn)
	}
	// All but the members of the act itself is the same.
	withdrawn.ReceiptID, withdrawn.PreviousReceipt, withdrawn.Language = granted.ReceiptID, "", granted.Language
	withdrawn.Event = granted.Event
	before, _ := json.Marshal(granted)
	after, _ := json.Marshal(withdrawn)
	if string(before) != string(after) {
		t.Errorf("%s\n%s", before, after)
	}
}

func TestReceiptNamesOnlyTheSourcesOfWhatWasAsked(t *testing.T) {
	for i, want := range [][]string{
		{"recipient", "editor", "broker", "data_source CNAF", "data_source DGFiP"},
		{"recipient", "editor", "broker", "data_source CNAF"},
		{"recipient", "broker", "data_source FranceConnect"},
		{"recipient", "broker", "data_source DGFiP"},
	} {
		var got []string
		for _, p := range BuildReceipt(input(t, requests(t)[i])).Parties {
			if p.Type == "data_source" {
				p.Type += " " + p.Name
			}
			got = append(got, p.Type)
		}
		if !slices.Equal(got, want) {
			t.Errorf("parties %v, want %v", got, want)
		}
	}
}

func TestMissingSourcePartyMakesNoFalseReceipt(t *testing.T) {
	in := input(t, requests(t)[0])
	in.Sources = nil
	if err := BuildReceipt(in).Validate(); err == nil {
		t.Error("a receipt without its sources is valid")
	}
}

func TestRequestThatNoLongerResolvesMakesNoReceipt(t *testing.T) {
	in := input(t, requests(t)[0])
	in.Request = Request{}
	if err := BuildReceipt(in).Validate(); err == nil {
		t.Error("a receipt without an approval is valid")
	}
}
