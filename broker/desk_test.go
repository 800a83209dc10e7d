package broker_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"accord/broker"
	"accord/broker/desk"
	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/consent/audit"
	"accord/consent/receipt"
	"accord/oidc/proconnect"
)

// atWork is a browser in which an agent is logged in.
func atWork(t *testing.T, c *country.Country, agent string) *headless.Browser {
	t.Helper()
	b := headless.New()
	if p, err := c.Agent(b, agent); err != nil || p.Status != http.StatusOK || p.URL.Path != "/guichet" {
		t.Fatalf("logging an agent in: %v", err)
	}
	return b
}

func atDesk(t *testing.T, c *country.Country, b *headless.Browser, persona, agreement string, more url.Values) *headless.Page {
	t.Helper()
	p, err := c.AtDesk(b, country.CCAS, persona, agreement, more)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// lastOf is the log's latest event of a kind.
func lastOf(t *testing.T, c *country.Country, kind audit.Kind) opened {
	t.Helper()
	all := logOf(t, c)
	for _, e := range slices.Backward(all) {
		if e.Kind == kind {
			return e
		}
	}
	t.Fatalf("no %s in the log", kind)
	return opened{}
}

func deskReceipt(t *testing.T, c *country.Country) receipt.Receipt {
	t.Helper()
	stored, err := c.Store.Receipt(t.Context(), lastOf(t, c, audit.ConsentGranted).Receipt)
	if err != nil {
		t.Fatal(err)
	}
	r, err := receipt.Verify(stored.JWS, c.Keys.ReceiptKeys())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The agent sees the values after agreement and delivery are in the log, with
// every mark of an assisted act; the log is true by the auditor's rules.
func TestDeskReleasesNothingBeforeTheAgreementIsRecorded(t *testing.T) {
	for _, way := range []string{"counter", "signed_paper"} {
		c := ownCountry(t, nil)
		b := atWork(t, c, "ines")
		form, err := b.Get(c.Accord + "/guichet/demande?h=" + country.CCAS)
		if err != nil || showsQuotient(form.Body) || !strings.Contains(form.Words(), "Jamais d’accord donné par téléphone") {
			t.Fatalf("the form: %v", err)
		}
		p := atDesk(t, c, b, "camille", way, url.Values{"papier": {"a signed form, scanned"}})
		if p.Status != http.StatusOK || !showsQuotient(p.Words()) {
			t.Fatalf("%s: %d %s", way, p.Status, p.Words())
		}
		asked, agreed, left := lastOf(t, c, audit.LookupRequested), lastOf(t, c, audit.ConsentGranted), lastOf(t, c, audit.ReleaseCompleted)
		if asked.event.Mode != audit.ModeDesk || agreed.event.Mode != audit.ModeDesk || asked.event.Agent == "" || asked.event.Agent != agreed.event.Agent {
			t.Errorf("not marked: %+v, %+v", asked.event, agreed.event)
		}
		if !(asked.Index < agreed.Index && agreed.Index < left.Index) || left.event.Grant != agreed.event.Grant {
			t.Errorf("%s: asked %d, agreed %d, delivered %d", way, asked.Index, agreed.Index, left.Index)
		}
		if want := "agent-desk:" + strings.ReplaceAll(way, "_", "-"); deskReceipt(t, c).Event.Method != want {
			t.Errorf("method %s", deskReceipt(t, c).Event.Method)
		}
		isTrue(t, c)
	}
}

// A store that cannot record the agreement, or the delivery, shows nothing.
func TestADeskThatCannotRecordShowsNothing(t *testing.T) {
	for _, cut := range []string{"decide", "deliver"} {
		c := ownCountry(t, wrapStore(failingAt(cut)))
		p := atDesk(t, c, atWork(t, c, "ines"), "camille", "counter", nil)
		if p.Status < 400 || showsQuotient(p.Body) {
			t.Errorf("%s: %d %s", cut, p.Status, p.Words())
		}
	}
}

func TestAnAgentOfAnotherBodyIsRefused(t *testing.T) {
	c := theCountry(t)
	b := atWork(t, c, "agathe")
	p, err := c.AtDesk(b, country.CCAS, "camille", "counter", nil)
	if err != nil || p.Status != http.StatusForbidden || !strings.Contains(p.Words(), "autre organisme") {
		t.Fatalf("the form of another body: %v, %d", err, p.Status)
	}
	home, err := b.Get(c.Accord + "/guichet")
	if err != nil || strings.Contains(home.Body, country.CCAS) {
		t.Errorf("another body's approval is offered: %v", err)
	}
	// A form token of their own does not help either.
	own := atWork(t, c, "agathe")
	signOut, err := own.Get(c.Accord + "/guichet")
	if err != nil {
		t.Fatal(err)
	}
	_, _, fields, err := signOut.Form("submit", nil)
	if err != nil {
		t.Fatal(err)
	}
	forged := atWork(t, c, "ines")
	page, err := forged.Get(c.Accord + "/guichet/demande?h=" + country.CCAS)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = own.PressMultipart(page, "submit", url.Values{"csrf": fields["csrf"], "accord": {"counter"}}); err != nil || p.Status != http.StatusForbidden {
		t.Errorf("a forged form: %v, %d", err, p.Status)
	}
}

// Whatever the form says, an approval's sensitive data, and those that need
// FranceConnect, are neither offered nor asked for.
func TestDeskNeverOffersSensitiveData(t *testing.T) {
	c := ownCountry(t, func(config *broker.Config) {
		for _, a := range config.Approvals {
			if a.ID == country.CCAS {
				a.Data.Optional = append(a.Data.Optional, sensitive(t)...)
			}
		}
	})
	b := atWork(t, c, "ines")
	form, err := b.Get(c.Accord + "/guichet/demande?h=" + country.CCAS)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range sensitive(t) {
		if strings.Contains(form.Body, `value="`+d.ID+`"`) {
			t.Errorf("%s is offered", d.ID)
		}
		p := atDesk(t, c, b, "camille", "counter", url.Values{"item": {d.ID}})
		if p.Status != http.StatusForbidden || showsQuotient(p.Body) {
			t.Errorf("%s was asked for: %d", d.ID, p.Status)
		}
	}
	for _, e := range logOf(t, c) {
		if e.Kind == audit.LookupRequested {
			t.Error("a look-up of sensitive data was recorded")
		}
	}
}

func sensitive(t *testing.T) []consent.ApprovedDatum {
	t.Helper()
	var all []consent.ApprovedDatum
	special := false
	for _, d := range consent.DefaultCatalogue().Data() {
		if d.Special || d.Preview == consent.PreviewTicked || d.ID == "family_name" || d.ID == "dgfip_rfr" {
			all, special = append(all, consent.ApprovedDatum{ID: d.ID, Why: consent.Text{FR: "x", EN: "x"}}), special || d.Special
		}
	}
	if !special || len(all) < 4 {
		t.Fatal("the catalogue has no sensitive datum: nothing is tested")
	}
	return all
}

// An access at a desk stands in the person's history at their next own login:
// the pseudonym is of the civil identity, also where the day of birth is
// unknown.
func TestDeskAccessAppearsInThePersonsHistory(t *testing.T) {
	c := ownCountry(t, nil)
	b := atWork(t, c, "ines")
	for _, persona := range []string{"camille", "aminata"} {
		if p := atDesk(t, c, b, persona, "counter", nil); p.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", persona, p.Status, p.Words())
		}
		own := headless.New()
		history, err := c.LookBack(own, persona)
		if err != nil || !strings.Contains(history.Words(), "Instruire votre demande") {
			t.Fatalf("%s: %v, %s", persona, err, history.Words())
		}
		grant := lastOf(t, c, audit.ConsentGranted).event.Grant
		detail, err := own.Get(c.Accord + "/mes-accords/" + grant)
		if err != nil || !strings.Contains(detail.Words(), "Données transmises") || strings.Count(detail.Words(), "au guichet, avec l’aide") != 2 || strings.Count(detail.Words(), "au guichet, par un agent") != 1 {
			t.Errorf("%s: %v, %s", persona, err, detail.Words())
		}
		link, err := detail.LinkTo("/recu/")
		if err != nil {
			t.Fatal(err)
		}
		page, err := own.Get(link)
		if err != nil || !strings.Contains(page.Words(), "avec l’aide d’un agent") || strings.Contains(page.Body, "2026-114") {
			t.Errorf("%s's receipt: %v, %s", persona, err, page.Words())
		}
		ended, err := own.Get(c.Accord + "/mes-accords/" + grant + "/retirer")
		if err == nil {
			_, err = own.Press(ended, "submit", nil)
		}
		if err != nil {
			t.Errorf("%s cannot end it: %v", persona, err)
		}
	}
	isTrue(t, c)
}

// What an agent may ask in a day is counted in the store.
func TestTheDailyCapHoldsOverARestart(t *testing.T) {
	dir := t.TempDir()
	capped := func() *country.Country {
		c, err := country.Start(t.Context(), country.Options{Data: dir, Wrap: func(config *broker.Config) {
			config.ProConnect = sameIssuer{config.ProConnect}
			for _, a := range config.Approvals {
				if a.Desk != nil {
					a.Desk.DailyCap = 2
				}
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := capped()
	b := atWork(t, c, "ines")
	for range 2 {
		if p := atDesk(t, c, b, "camille", "counter", nil); p.Status != http.StatusOK {
			t.Fatalf("within the cap: %d", p.Status)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = capped()
	defer func() { _ = c.Close() }()
	p := atDesk(t, c, atWork(t, c, "ines"), "camille", "counter", nil)
	if p.Status != http.StatusTooManyRequests || showsQuotient(p.Body) || !strings.Contains(p.Words(), "Plafond du jour") {
		t.Errorf("over the cap: %d %s", p.Status, p.Words())
	}
	if p := atDesk(t, c, atWork(t, c, "paul"), "camille", "counter", nil); p.Status != http.StatusOK {
		t.Errorf("another agent of the body: %d", p.Status)
	}
}

// Only the paper's digest is kept: the receipt is bound to it, the DPO finds it
// sealed, and no byte of the file or of the file number is anywhere in clear.
func TestASignedPaperIsKeptAsItsDigestAlone(t *testing.T) {
	c := ownCountry(t, nil)
	b := atWork(t, c, "ines")
	paper := strings.Repeat("the person's signed form ", 8000)
	p := atDesk(t, c, b, "camille", "signed_paper", url.Values{"papier": {paper}, "dossier": {"dossier-rare-77"}})
	if p.Status != http.StatusOK {
		t.Fatalf("%d %s", p.Status, p.Words())
	}
	stored, err := c.Store.Receipt(t.Context(), lastOf(t, c, audit.ConsentGranted).Receipt)
	if err != nil || !strings.Contains(string(stored.Sealed), "dossier-rare-77") {
		t.Errorf("the file number is not with the receipt: %v", err)
	}
	if r := deskReceipt(t, c); r.Subject.Auth.Paper == "" || r.Subject.Auth.Evidence != "" || r.Subject.Auth.FCSubHash != "" {
		t.Errorf("auth: %+v", r.Subject.Auth)
	}
	for _, e := range logOf(t, c) {
		if strings.Contains(string(e.Event), "dossier-rare") {
			t.Errorf("the file number is in the log: %s", e.Event)
		}
	}
	sum := sha256.Sum256([]byte(paper))
	for typed, want := range map[string]int{hex.EncodeToString(sum[:]): http.StatusOK, "": http.StatusUnprocessableEntity, "abcd": http.StatusUnprocessableEntity} {
		if p := atDesk(t, c, b, "camille", "signed_paper", url.Values{"papier": {""}, "empreinte": {typed}}); p.Status != want {
			t.Errorf("typed %q: %d, want %d", typed, p.Status, want)
		}
	}
}

// The receipt is printed for the person, without a value, with the way to look
// back.
func TestTheReceiptIsPrintedForThePerson(t *testing.T) {
	c := theCountry(t)
	b := atWork(t, c, "ines")
	p := atDesk(t, c, b, "camille", "counter", nil)
	link, err := p.Link("print")
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := b.Get(link)
	if err != nil || showsQuotient(sheet.Words()) || !strings.Contains(sheet.Words(), c.Accord+"/mes-accords") || !strings.Contains(sheet.Words(), "de vive voix") {
		t.Fatalf("the sheet: %v, %s", err, sheet.Words())
	}
	if other, err := atWork(t, c, "paul").Get(link); err != nil || other.Status != http.StatusNotFound {
		t.Errorf("another agent's case opens: %v, %d", err, other.Status)
	}
}

// An absence is told as one, after it was recorded; a failure is neither shown
// as absence nor told from another.
func TestADeskTellsAbsenceTruthfully(t *testing.T) {
	c := ownCountry(t, nil)
	b := atWork(t, c, "ines")
	p := atDesk(t, c, b, "yann", "counter", nil)
	if p.Status != http.StatusOK || !strings.Contains(p.Words(), "ne connaît pas cette personne") {
		t.Errorf("no file: %d %s", p.Status, p.Words())
	}
	isTrue(t, c)
	two := atDesk(t, c, b, "claire", "counter", nil)
	if two.Status != http.StatusServiceUnavailable || !strings.Contains(two.Words(), "n’ont pas pu être obtenues") {
		t.Errorf("two files: %d %s", two.Status, two.Words())
	}
}

// A form that lacks something records nothing, and says what.
func TestADeskFormWithAMistakeRecordsNothing(t *testing.T) {
	c := ownCountry(t, nil)
	b := atWork(t, c, "ines")
	for name, more := range map[string]url.Values{
		"no name": {"nom": {" "}}, "digits as name": {"prenoms": {"123"}}, "no year": {"annee": {""}}, "day without month": {"mois": {""}},
		"born tomorrow": {"annee": {"2999"}}, "no sex": {"sexe": {""}}, "no country": {"pays": {"33100"}}, "no commune": {"commune": {""}},
		"commune abroad": {"pays": {"99341"}}, "by telephone": {"accord": {"telephone"}}, "no file number": {"dossier": {""}},
		"long file number": {"dossier": {strings.Repeat("9", 65)}},
	} {
		if p := atDesk(t, c, b, "camille", "counter", more); p.Status != http.StatusUnprocessableEntity || !p.Has("resume") {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
	for _, e := range logOf(t, c) {
		if e.Kind == audit.LookupRequested {
			t.Error("a mistaken form was recorded")
		}
	}
}

// failingAt is a store that cannot record one kind of act.
func failingAt(what string) func(store.Store) store.Store {
	return func(s store.Store) store.Store { return cut{s, what} }
}

type cut struct {
	store.Store
	what string
}

func (c cut) Decide(ctx context.Context, cmd store.DecideCmd) (store.Decision, error) {
	if c.what == "decide" {
		return store.Decision{}, store.ErrUnavailable
	}
	return c.Store.Decide(ctx, cmd)
}

func (c cut) Deliver(ctx context.Context, cmd store.DeliverCmd) (store.Logged, error) {
	if c.what == "deliver" {
		return store.Logged{}, store.ErrUnavailable
	}
	return c.Store.Deliver(ctx, cmd)
}

// sameIssuer is the agents' provider on whatever port the country starts.
type sameIssuer struct{ desk.Provider }

func (s sameIssuer) Finish(ctx context.Context, query url.Values, a proconnect.Attempt) (proconnect.Agent, error) {
	agent, err := s.Provider.Finish(ctx, query, a)
	agent.Issuer = "https://agents.example"
	return agent, err
}
