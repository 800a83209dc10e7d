package broker_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/consent/receipt"
)

const tax = "/v3/dgfip/situation_ir"

// agreedWith is camille's agreement for today and a month to the family
// quotient and, ticked, what else is asked.
func agreedWith(t *testing.T, c *country.Country, optional ...string) (*headless.Browser, headless.Token) {
	t.Helper()
	w, tok := agreeLater(t, c, canteen(t, c, append(optional, "dgfip_annee_n_moins_1")...), "camille", optional...)
	if _, err := c.LookBack(w.StopAt(""), "camille"); err != nil {
		t.Fatal(err)
	}
	return w.Browser, tok
}

func changePage(t *testing.T, c *country.Country, b *headless.Browser, grant string) *headless.Page {
	t.Helper()
	p, err := b.Get(c.Accord + "/mes-accords/" + grant + "/modifier")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// keeping presses the button with these optional data left ticked.
func keeping(t *testing.T, b *headless.Browser, p *headless.Page, items ...string) *headless.Page {
	t.Helper()
	method, action, form, err := p.Form("submit", nil)
	if err != nil {
		t.Fatal(err)
	}
	form["item"] = items
	done, err := b.Send(p, method, action, form)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// A datum taken back leaves no more once the change returned: neither under the
// token and the snapshot already out, masked or refused, nor by a later fetch.
func TestAnUntickedDatumLeavesNoMoreOnceTheChangeReturned(t *testing.T) {
	c := ownCountry(t, nil)
	b, tok := agreedWith(t, c, "dgfip_rfr", "cnaf_enfants")
	before := read(t, c, tok, quotient)
	if !strings.Contains(before.Body, `"enfants"`) || read(t, c, tok, tax).Status != http.StatusOK {
		t.Fatalf("before the change: %s", before.Body)
	}
	done := keeping(t, b, changePage(t, c, b, tok.GrantID))
	if done.Status != http.StatusOK || !strings.HasSuffix(done.URL.Path, "/modifie") {
		t.Fatalf("the change ends at %s: %d %s", done.URL.Path, done.Status, done.Words())
	}
	after := read(t, c, tok, quotient)
	if after.Status != http.StatusOK || !strings.Contains(after.Body, "742") || strings.Contains(after.Body, `"enfants"`) {
		t.Errorf("after the change, what shares a document: %d %s", after.Status, after.Body)
	}
	if gone := read(t, c, tok, tax); gone.Status != http.StatusForbidden || gone.Data != nil {
		t.Errorf("after the change, the other document: %d %s", gone.Status, gone.Body)
	}
	g, err := c.Store.Grant(t.Context(), tok.GrantID)
	if err != nil || strings.Contains(strings.Join(g.Scopes, " ")+string(g.Details), "dgfip_rfr") || !strings.Contains(string(g.Details), "cnaf_quotient_familial") {
		t.Errorf("the client is still told of what was taken back: %v %s, %v", g.Scopes, g.Details, err)
	}
	served(t, present(t, c, "camille"))
	later := presentAt(t, c, tokenAt(t, c, country.SchoolServices, "camille", "dgfip_rfr", "dgfip_annee_n_moins_1"), oldWayTax, valbrume(c))
	if later.Status == http.StatusOK || later.Data != nil {
		t.Errorf("after the change, a later fetch: %d %s", later.Status, later.Body)
	}
	kinds, _ := chainOf(t, c, tok.GrantID)
	if strings.Count(kindsOf(kinds), "consent.renewed") != 1 {
		t.Errorf("the log does not hold one changed choice: %v", kinds)
	}
	if r := replayed(t, c); r.Outcome != audit.Genuine {
		t.Errorf("the auditor's rules say %s: %+v", r.Outcome, r.Findings)
	}
}

// The signed receipt names the one before, holds only what is left, and tells
// that the session changed it; the withdrawal after it names it in turn.
func TestAChangedChoiceLeavesAReceiptThatFollowsTheAgreements(t *testing.T) {
	c := ownCountry(t, nil)
	b, tok := agreedWith(t, c, "dgfip_rfr")
	done := keeping(t, b, changePage(t, c, b, tok.GrantID))
	renewed := receiptAt(t, c, b, done)
	if renewed.r.Event.Type != receipt.Renewed || renewed.r.Follows([]byte(tok.Receipt)) != nil || renewed.r.GrantID != tok.GrantID {
		t.Fatalf("%s follows %s: %v", renewed.r.Event.Type, renewed.r.PreviousReceipt, renewed.r.Follows([]byte(tok.Receipt)))
	}
	for _, d := range renewed.r.Purposes[0].Data {
		if d.Granted != (d.ID == "cnaf_quotient_familial") {
			t.Errorf("%s granted: %v", d.ID, d.Granted)
		}
	}
	if auth := renewed.r.Subject.Auth; auth.Evidence != "" || auth.FCSubHash == "" || renewed.r.Notice.ScreenDigest == "" {
		t.Errorf("the change is vouched for by %+v", auth)
	}
	publishedLog(t, c)
	if a := verified(t, c, "application/jose", []byte(tok.Receipt)); a.Result != "V06" || a.About != "changed" {
		t.Errorf("the verifier says of the receipt before: %s.%s", a.Result, a.About)
	}
	if a := verified(t, c, "application/jose", renewed.jws); a.Result != "genuine" || a.About != "active" {
		t.Errorf("the verifier says of the receipt of the change: %s.%s", a.Result, a.About)
	}
	asked, err := b.Get(c.Accord + "/mes-accords/" + tok.GrantID + "/retirer")
	if err != nil {
		t.Fatal(err)
	}
	ended, err := b.Press(asked, "submit", nil)
	if err != nil {
		t.Fatal(err)
	}
	if r := receiptAt(t, c, b, ended); r.r.Event.Type != receipt.Withdrawn || r.r.Follows(renewed.jws) != nil {
		t.Errorf("the withdrawal follows another receipt: %v", r.r.Follows(renewed.jws))
	}
	kinds, _ := chainOf(t, c, tok.GrantID)
	if n := len(kinds); kinds[n-2] != audit.ConsentRenewed || kinds[n-1] != audit.ConsentWithdrawn {
		t.Errorf("the chain is %v", kinds)
	}
	if r := replayed(t, c); r.Outcome != audit.Genuine {
		t.Errorf("the auditor's rules say %s: %+v", r.Outcome, r.Findings)
	}
}

type heldReceipt struct {
	r   receipt.Receipt
	jws []byte
}

// receiptAt verifies the receipt a page leads to.
func receiptAt(t *testing.T, c *country.Country, b *headless.Browser, p *headless.Page) heldReceipt {
	t.Helper()
	link, err := p.LinkTo("/recu/")
	if err != nil {
		t.Fatal(err)
	}
	file, err := b.Get(strings.TrimSuffix(link, ".jws") + ".jws")
	if err != nil {
		t.Fatal(err)
	}
	r, err := receipt.Verify([]byte(file.Body), c.Keys.ReceiptKeys())
	if err != nil {
		t.Fatal(err)
	}
	return heldReceipt{r, []byte(file.Body)}
}

func TestTheSameChangeSentTwiceIsMadeOnce(t *testing.T) {
	c := ownCountry(t, nil)
	b, tok := agreedWith(t, c, "dgfip_rfr")
	p := changePage(t, c, b, tok.GrantID)
	method, action, form, err := p.Form("submit", url.Values{})
	if err != nil {
		t.Fatal(err)
	}
	delete(form, "item")
	var sent sync.WaitGroup
	ends := make([]string, 4)
	for i := range ends {
		sent.Go(func() {
			if done, err := b.Send(p, method, action, form); err == nil {
				ends[i] = done.URL.Path + " " + done.Text("receipt")
			}
		})
	}
	sent.Wait()
	for _, end := range ends {
		if end != ends[0] || !strings.Contains(end, "/modifie ") {
			t.Errorf("the same form ends at %q", ends)
		}
	}
	kinds, _ := chainOf(t, c, tok.GrantID)
	if n := strings.Count(kindsOf(kinds), "consent.renewed"); n != 1 {
		t.Errorf("%d changes in %v", n, kinds)
	}
}

func kindsOf(kinds []audit.Kind) string {
	var all strings.Builder
	for _, k := range kinds {
		all.WriteString(k.String() + " ")
	}
	return all.String()
}

func TestAChangeAddsNothingAndTakesNothingRequired(t *testing.T) {
	c := ownCountry(t, nil)
	b, tok := agreedWith(t, c, "dgfip_rfr")
	p := changePage(t, c, b, tok.GrantID)
	if p.Has("d-cnaf-quotient-familial") || !p.Has("d-dgfip-rfr") {
		t.Fatal("the boxes are not those of the optional data")
	}
	for name, items := range map[string][]string{
		"nothing unticked": {"dgfip_rfr"}, "more than agreed": {"dgfip_rfr", "cnaf_enfants", "cnaf_adresse"},
	} {
		if again := keeping(t, b, p, items...); again.Status != http.StatusUnprocessableEntity || !again.Has("resume") {
			t.Errorf("%s: %d %s", name, again.Status, again.Words())
		}
	}
	g, err := c.Store.Grant(t.Context(), tok.GrantID)
	if err != nil || len(g.Data) != 2 {
		t.Fatalf("the grant covers %v: %v", g.Data, err)
	}
}

func TestAStaleChoiceIsShownAgain(t *testing.T) {
	c := ownCountry(t, nil)
	b, tok := agreedWith(t, c, "dgfip_rfr", "cnaf_enfants")
	old := changePage(t, c, b, tok.GrantID)
	keeping(t, b, changePage(t, c, b, tok.GrantID), "cnaf_enfants")
	if again := keeping(t, b, old, "dgfip_rfr"); again.Status != http.StatusUnprocessableEntity || again.Has("d-dgfip-rfr") || !again.Has("d-cnaf-enfants") {
		t.Errorf("a page of before the change: %d %s", again.Status, again.Words())
	}
}

func TestOnlyALiveAgreementIsChanged(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *country.Country, headless.Token){
		"frozen": func(t *testing.T, c *country.Country, _ headless.Token) {
			if _, err := c.Store.SuspendApproval(t.Context(), "valbrume-cantine", audit.SuspensionReasons()[0]); err != nil {
				t.Fatal(err)
			}
		},
		"revoked": func(t *testing.T, c *country.Country, tok headless.Token) {
			if _, err := c.Store.Revoke(t.Context(), tok.GrantID, "suspension"); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := ownCountry(t, nil)
			b, tok := agreedWith(t, c, "dgfip_rfr")
			p := changePage(t, c, b, tok.GrantID)
			end(t, c, tok)
			if done := keeping(t, b, p); strings.Contains(done.URL.Path, "modifi") {
				t.Errorf("ends at %s", done.URL.Path)
			}
			kinds, _ := chainOf(t, c, tok.GrantID)
			if strings.Contains(kindsOf(kinds), "renewed") {
				t.Errorf("chain %v", kinds)
			}
		})
	}
}

func TestNobodyChangesAnothersChoice(t *testing.T) {
	c := ownCountry(t, nil)
	b, tok := agreedWith(t, c, "dgfip_rfr")
	p := changePage(t, c, b, tok.GrantID)
	other := headless.New()
	if _, err := c.LookBack(other, "nadia"); err != nil {
		t.Fatal(err)
	}
	if seen, err := other.Get(p.URL.String()); err != nil || seen.Status != http.StatusNotFound {
		t.Errorf("another citizen sees it: %v", err)
	}
	if done := keeping(t, other, p); done.Status == http.StatusOK {
		t.Errorf("another citizen changed it: %s", done.URL.Path)
	}
	if g, err := c.Store.Grant(t.Context(), tok.GrantID); err != nil || len(g.Data) != 2 || g.State != store.Given {
		t.Errorf("the grant covers %v", g.Data)
	}
}
