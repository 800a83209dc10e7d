package broker_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
)

// invited is an agent's waiting page, and the address in its QR code.
func invited(t *testing.T, c *country.Country, b *headless.Browser, persona string) (wait *headless.Page, address string) {
	t.Helper()
	wait = atDesk(t, c, b, persona, "own_phone", nil)
	if wait.Status != http.StatusOK || wait.Header.Get("Refresh") == "" {
		t.Fatalf("the waiting page: %d %s", wait.Status, wait.Words())
	}
	for _, word := range strings.Fields(wait.Words()) {
		if strings.Contains(word, "/rendez-vous/") {
			address = word
		}
	}
	code, err := b.Get(c.Accord + "/guichet/code?" + wait.URL.RawQuery)
	if err != nil || code.Header.Get("Content-Type") != "image/png" || address == "" {
		t.Fatalf("the QR code: %v, address %q", err, address)
	}
	return wait, address
}

// phone opens the address, up to the birth date.
func phone(t *testing.T, address string) (*headless.Browser, *headless.Page) {
	t.Helper()
	b := headless.New()
	p, err := b.Get(address)
	if err == nil {
		p, err = b.Press(p, "submit", nil)
	}
	if err != nil || !p.Has("jour") {
		t.Fatalf("opening the address: %v, %d %s", err, p.Status, p.Words())
	}
	return b, p
}

func born(year, month, day string) url.Values {
	return url.Values{"annee": {year}, "mois": {month}, "jour": {day}}
}

func birthdateOf(t *testing.T, persona string) url.Values {
	t.Helper()
	for _, p := range country.Personas() {
		if p.ID == persona {
			d := p.Identity.Birthdate
			return born(d[:4], d[5:7], d[8:])
		}
	}
	t.Fatal(persona)
	return nil
}

// onPhone walks to the consent page on the phone.
func onPhone(t *testing.T, b *headless.Browser, p *headless.Page, persona string) *headless.Page {
	t.Helper()
	p, err := b.Press(p, "accept", birthdateOf(t, persona))
	if err == nil {
		p, err = country.Settled(b, p)
	}
	if err != nil || !p.Has("accept") {
		t.Fatalf("the consent page: %v, %s", err, p.Words())
	}
	return p
}

func TestAPersonAgreesOnTheirOwnPhoneAndTheAgentIsGivenWhatTheySaw(t *testing.T) {
	c := ownCountry(t, nil)
	agent := atWork(t, c, "ines")
	for _, persona := range []string{"camille", "aminata"} {
		wait, address := invited(t, c, agent, persona)
		b, p := phone(t, address)
		if p = onPhone(t, b, p, persona); persona == "camille" && !showsQuotient(p.Words()) {
			t.Errorf("the values are not on the phone: %s", p.Words())
		}
		if before, err := agent.Get(wait.URL.String()); err != nil || showsQuotient(before.Body) || before.Header.Get("Refresh") == "" {
			t.Fatalf("the agent before the decision: %v", err)
		}
		done, err := b.Press(p, "accept", nil)
		if err != nil || done.URL.Path != "/telephone/fini" || !done.Has("receipt") {
			t.Fatalf("after the decision: %v, %s", err, done.Words())
		}
		given, err := agent.Get(wait.URL.String())
		if err != nil || given.Status != http.StatusOK || persona == "camille" && !showsQuotient(given.Words()) {
			t.Fatalf("the agent after it: %v, %d %s", err, given.Status, given.Words())
		}
		r := deskReceipt(t, c)
		if r.Event.Method != "agent-desk:own-phone" || r.Subject.Auth.Evidence != "" || r.Subject.Auth.FCSubHash != "" {
			t.Errorf("receipt: %s %+v", r.Event.Method, r.Subject.Auth)
		}
		mine, err := b.Press(p, "accept", nil) // the same POST again
		if err != nil || mine.Status >= 500 {
			t.Errorf("the same answer again: %v", err)
		}
		if link, err := done.Link("receipt"); err != nil {
			t.Error(err)
		} else if page, err := b.Get(link); err != nil || page.Status != http.StatusOK {
			t.Errorf("the person's receipt: %v", err)
		}
		again, err := agent.Get(wait.URL.String())
		if err != nil || again.Status != http.StatusOK {
			t.Errorf("the agent's page again: %v, %d", err, again.Status)
		}
	}
	isTrue(t, c)
}

func TestAQRCodeOpensOnce(t *testing.T) {
	c := theCountry(t)
	_, address := invited(t, c, atWork(t, c, "ines"), "camille")
	preview, other := headless.New(), headless.New()
	for range 2 { // a preview of the address uses nothing up, and tells nothing of a person
		if p, err := preview.Get(address); err != nil || p.Status != http.StatusOK || strings.Contains(strings.ToUpper(p.Body), "CAMILLE") {
			t.Fatalf("a preview: %v", err)
		}
	}
	late, err := other.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	phone(t, address)
	if p, err := other.Press(late, "submit", nil); err != nil || p.Status != http.StatusGone || p.Has("jour") {
		t.Errorf("opened twice: %v, %d", err, p.Status)
	}
	if p, err := other.Get(address); err != nil || p.Status != http.StatusGone {
		t.Errorf("shown after it was opened: %v, %d", err, p.Status)
	}
}

func TestThreeWrongBirthDatesCloseTheQRCode(t *testing.T) {
	c := ownCountry(t, nil)
	agent := atWork(t, c, "ines")
	wait, address := invited(t, c, agent, "camille")
	b, p := phone(t, address)
	for n := range 3 {
		var err error
		if p, err = b.Press(p, "accept", born("1950", "1", "1")); err != nil {
			t.Fatal(err)
		}
		if n < 2 && (p.Status != http.StatusUnprocessableEntity || !p.Has("resume")) {
			t.Errorf("try %d: %d", n+1, p.Status)
		}
	}
	if p.Status != http.StatusForbidden || p.Has("jour") {
		t.Errorf("the third: %d", p.Status)
	}
	if seen, err := agent.Get(wait.URL.String()); err != nil || !strings.Contains(seen.Words(), "non confirmée") {
		t.Errorf("the agent: %v", err)
	}
	for _, e := range logOf(t, c) {
		if e.Kind == audit.LookupRequested || e.Kind == audit.SourceQueried {
			t.Errorf("a %s for somebody who was not confirmed", e.Kind)
		}
	}
}

// Refusing on the phone, before or in sight of the values, leaves the agent
// with the refusal alone.
func TestAnAgentSeesNothingTheCitizenRefused(t *testing.T) {
	c := ownCountry(t, nil)
	agent := atWork(t, c, "ines")
	for _, early := range []bool{true, false} {
		wait, address := invited(t, c, agent, "camille")
		b, p := phone(t, address)
		if !early {
			p = onPhone(t, b, p, "camille")
		}
		done, err := b.Press(p, "refuse", nil)
		if err != nil || !strings.Contains(done.Words(), "Votre refus est enregistré") {
			t.Fatalf("refusing: %v, %s", err, done.Words())
		}
		seen, err := agent.Get(wait.URL.String())
		if err != nil || showsQuotient(seen.Body) || !strings.Contains(seen.Words(), "La personne a refusé") {
			t.Errorf("the agent sees: %v, %s", err, seen.Words())
		}
		refused := lastOf(t, c, audit.ConsentRefused).event
		if refused.Mode != audit.ModeDesk || refused.Agent == "" || early != (refused.Subject == "") {
			t.Errorf("early %t: %+v", early, refused)
		}
	}
	for _, e := range logOf(t, c) {
		if e.Kind == audit.ReleaseCompleted || e.Kind == audit.ConsentGranted {
			t.Errorf("a %s", e.Kind)
		}
	}
	isTrue(t, c)
}

// The agent's page loads itself again and again: two loads at once use the
// code once, or its second use would revoke what the person agreed to.
func TestAWaitingPageLoadedTwiceAtOnceRevokesNothing(t *testing.T) {
	c := ownCountry(t, nil)
	agent := atWork(t, c, "ines")
	wait, address := invited(t, c, agent, "camille")
	b, p := phone(t, address)
	if _, err := b.Press(onPhone(t, b, p, "camille"), "accept", nil); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			if p, err := agent.Get(wait.URL.String()); err != nil || p.Status != http.StatusOK || !showsQuotient(p.Words()) {
				t.Errorf("a load: %v, %d", err, p.Status)
			}
		})
	}
	group.Wait()
	for _, e := range logOf(t, c) {
		if e.Kind == audit.ConsentRevoked {
			t.Errorf("revoked: %s", e.event.Reason)
		}
	}
}
