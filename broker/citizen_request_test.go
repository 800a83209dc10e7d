package broker_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

const ownWords = "Je n'ai jamais demandé cela, dit Camille."

// deliveredTo is camille's agreement whose data left once, its page before her.
func deliveredTo(t *testing.T, c *country.Country) (*headless.Browser, headless.Token, *headless.Page) {
	t.Helper()
	w, tok := token(t, c, canteen(t, c), "camille")
	read(t, c, tok, quotient)
	if _, err := c.LookBack(w.StopAt(""), "camille"); err != nil {
		t.Fatal(err)
	}
	p, err := w.Get(c.Accord + "/mes-accords/" + tok.GrantID)
	if err != nil {
		t.Fatal(err)
	}
	return w.Browser, tok, p
}

// disputes reports the last access of an agreement.
func disputes(t *testing.T, b *headless.Browser, p *headless.Page, more url.Values) *headless.Page {
	t.Helper()
	at := strings.LastIndex(p.Body, "/signaler?evenement=")
	if at < 0 {
		t.Fatal("no access can be reported")
	}
	end := strings.IndexByte(p.Body[at:], '"')
	form, err := b.Get(p.URL.Scheme + "://" + p.URL.Host + p.URL.Path + p.Body[at:at+end])
	if err != nil {
		t.Fatal(err)
	}
	done, err := b.Press(form, "submit", more)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// A citizen reports an access: it has a reference, it is followed until the
// operator's answer, and the words stand in no log.
func TestAReportedAccessHasAReferenceAndIsAnswered(t *testing.T) {
	c := ownCountry(t, nil)
	b, tok, p := deliveredTo(t, c)
	if wrong := disputes(t, b, p, values("message", ownWords)); wrong.Status != http.StatusUnprocessableEntity || !wrong.Has("p-raison") || !strings.Contains(wrong.Body, "jamais demandé") {
		t.Fatalf("without a reason: %d %s", wrong.Status, wrong.Words())
	}
	if long := disputes(t, b, p, url.Values{"raison": {"not_me"}, "message": {strings.Repeat("x", 1001)}}); long.Status != http.StatusUnprocessableEntity || !long.Has("p-message") {
		t.Fatalf("too long: %d", long.Status)
	}
	made := disputes(t, b, p, url.Values{"raison": {"not_me"}, "message": {ownWords}})
	reference := made.Text("reference")
	if made.Status != http.StatusOK || !strings.HasPrefix(reference, "R-") || !strings.Contains(made.Words(), "Enregistrée") {
		t.Fatalf("reported: %d %s", made.Status, made.Words())
	}
	for _, contact := range []string{"dpo@valbrume.example", "cnil.fr"} {
		if !strings.Contains(made.Body, contact) {
			t.Errorf("the page does not tell %s", contact)
		}
	}
	act := acting(t, c)
	if code, list := act(1001, "/requests", `{}`); code != http.StatusOK || !strings.Contains(list, reference) || !strings.Contains(list, "Camille") {
		t.Errorf("the operator sees %d %s", code, list)
	}
	if code, text := act(1001, "/requests/answer", `{"id":"`+reference+`","state":"answered","by":"DPO de Valbrume","text":"C'était le service cantine."}`); code != http.StatusOK {
		t.Fatalf("answering: %d %s", code, text)
	}
	again, err := b.Get(made.URL.String())
	if err != nil || !strings.Contains(again.Words(), "DPO de Valbrume") || !strings.Contains(again.Words(), "service cantine") {
		t.Errorf("the answer is not shown: %v %s", err, again.Words())
	}
	detail, err := b.Get(c.Accord + "/mes-accords/" + tok.GrantID)
	if err != nil || !strings.Contains(detail.Words(), reference) || !strings.Contains(detail.Words(), "Réponse reçue") {
		t.Errorf("the agreement's page does not tell the request: %v", err)
	}
	for _, e := range logOf(t, c) {
		if strings.Contains(string(e.Event), "Camille") {
			t.Errorf("leaf %d holds the citizen's words", e.Index)
		}
	}
}

// An erasure is asked of the service, by a letter of references alone; asking
// twice makes one request.
func TestAnErasureIsAskedByReferencesAndOnce(t *testing.T) {
	c := ownCountry(t, nil)
	b, tok, p := deliveredTo(t, c)
	link, err := p.Link("erasure")
	if err != nil {
		t.Fatal(err)
	}
	form, err := b.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	made, err := b.Press(form, "submit", nil)
	if err != nil || made.Status != http.StatusOK {
		t.Fatalf("asking: %v %d", err, made.Status)
	}
	for _, said := range []string{tok.GrantID, made.Text("reference"), "article 17", "Commune de Valbrume"} {
		if !strings.Contains(made.Words(), said) {
			t.Errorf("the letter lacks %q: %s", said, made.Words())
		}
	}
	mail, err := made.Link("mail")
	if err != nil || !strings.HasPrefix(mail, "mailto:dpo@valbrume.example?subject=") || len(mail) > 4000 || showsQuotient(made.Body) {
		t.Errorf("the mail: %v %.200s", err, mail)
	}
	second, err := b.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.Press(second, "submit", nil)
	if err != nil || again.Text("reference") != made.Text("reference") {
		t.Errorf("asked twice: %v %s", err, again.Text("reference"))
	}
	if all, err := c.Store.Requests(t.Context(), true); err != nil || len(all) != 1 || all[0].Kind != store.RequestErasure {
		t.Errorf("%d requests are kept: %v", len(all), err)
	}
	other := headless.New()
	if _, err := c.LookBack(other, "nadia"); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{made.URL.String(), link} {
		if seen, err := other.Get(address); err != nil || seen.Status != http.StatusNotFound {
			t.Errorf("another citizen sees %s: %v %d", address, err, seen.Status)
		}
	}
}

func TestWhatIsNoAccessOfTheAgreementIsNotReported(t *testing.T) {
	c := ownCountry(t, nil)
	b, tok, _ := deliveredTo(t, c)
	for _, event := range []string{"", "x", "-1", "0", "99999999999999999999", "999999"} {
		p, err := b.Get(c.Accord + "/mes-accords/" + tok.GrantID + "/signaler?evenement=" + event)
		if err != nil || p.Status != http.StatusNotFound {
			t.Errorf("event %q: %v %d", event, err, p.Status)
		}
	}
}
