package broker_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/broker"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent"
	"accord/consent/audit"
	"accord/consent/receipt"
)

// Where the law asks no more than information, the desk's words, rights and
// receipt say so, and nothing else can be asked under that approval.
func TestInformationAloneIsNeverPassedOffAsAnAgreement(t *testing.T) {
	c := ownCountry(t, func(config *broker.Config) {
		for _, a := range config.Approvals {
			if a.ID == country.CCAS {
				a.Legal.Act, a.Desk.Agreements = consent.InformationOnly, []consent.Agreement{consent.SignedPaper, consent.AtCounter}
			}
		}
		for _, client := range config.Clients {
			if client.ID == country.Region {
				client.Approvals = []string{country.CCAS}
			}
		}
	})
	b := atWork(t, c, "ines")
	form, err := b.Get(c.Accord + "/guichet/demande?h=" + country.CCAS)
	if err != nil || !strings.Contains(form.Words(), "Comment la personne a été informée") || form.Has("a-own_phone") {
		t.Fatalf("the form: %v", err)
	}
	p := atDesk(t, c, b, "camille", "counter", nil)
	if p.Status != http.StatusOK || !strings.Contains(p.Words(), "L’information de la personne est enregistrée") {
		t.Fatalf("%d %s", p.Status, p.Words())
	}
	r := deskReceipt(t, c)
	if r.Event.BasisAct != receipt.InformationL1148 || r.Event.ConsentType != "information" || r.Legal.Basis != "gdpr:6-1-e" {
		t.Errorf("the receipt: %+v", r.Event)
	}
	if own := atDesk(t, c, b, "camille", "own_phone", nil); own.Status != http.StatusUnprocessableEntity {
		t.Errorf("information on a phone: %d", own.Status)
	}
	client, err := c.Client(country.Region, country.CCAS, "cnaf_quotient_familial")
	if err != nil {
		t.Fatal(err)
	}
	w := walk(t, c, client)
	if w.Page.Stopped == nil || w.Page.Stopped.Query().Get("error") != "unauthorized_client" {
		t.Errorf("asked of a citizen: %v", w.Page.Stopped)
	}
	isTrue(t, c)
}

// The person's bundle of an assisted act is genuine, and holds nothing of the
// agent's file.
func TestTheBundleOfAnAssistedActIsGenuine(t *testing.T) {
	c := ownCountry(t, nil)
	p := atDesk(t, c, atWork(t, c, "ines"), "camille", "signed_paper", url.Values{"papier": {"scan"}, "dossier": {"dossier-rare-77"}})
	if p.Status != http.StatusOK {
		t.Fatalf("%d %s", p.Status, p.Words())
	}
	own := headless.New()
	if _, err := c.LookBack(own, "camille"); err != nil {
		t.Fatal(err)
	}
	status, bundle := bundleAs(t, c.Accord+"/recu/"+deskReceipt(t, c).ReceiptID+".accord", cookies(own, c))
	if status != http.StatusOK || bundle.Evidence != nil {
		t.Fatalf("status %d, evidence %v", status, bundle.Evidence != nil)
	}
	if v := audit.VerifyBundle(bundle, policyOf(t, c)); v.Outcome != audit.Genuine {
		t.Errorf("%+v", v)
	}
	plain, err := own.Get(c.Accord + "/recu/" + deskReceipt(t, c).ReceiptID + ".jws")
	if err != nil || strings.Contains(plain.Body, "dossier-rare") || strings.Contains(bundle.JWS, "dossier-rare") {
		t.Errorf("the file number is in the receipt: %v", err)
	}
}

// Withdrawn before the agent looks again, nothing more is shown.
func TestAWithdrawnAgreementIsNotShownAtTheDeskAgain(t *testing.T) {
	c := ownCountry(t, nil)
	b := atWork(t, c, "ines")
	p := atDesk(t, c, b, "camille", "counter", nil)
	own := headless.New()
	if _, err := c.LookBack(own, "camille"); err != nil {
		t.Fatal(err)
	}
	ended, err := own.Get(c.Accord + "/mes-accords/" + lastOf(t, c, audit.ConsentGranted).event.Grant + "/retirer")
	if err == nil {
		_, err = own.Press(ended, "submit", nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.Get(p.URL.String())
	if err != nil || again.Status != http.StatusGone || showsQuotient(again.Body) {
		t.Errorf("shown after the withdrawal: %v, %d", err, again.Status)
	}
}

// A desk without a session, or by another's cookie, is closed.
func TestWithoutAnAgentsLoginTheDeskIsClosed(t *testing.T) {
	c := theCountry(t)
	b := headless.New()
	if p, err := b.Get(c.Accord + "/guichet"); err != nil || !strings.Contains(p.Words(), "Se connecter avec ProConnect") {
		t.Errorf("the first page: %v", err)
	}
	for _, path := range []string{"/guichet/demande?h=" + country.CCAS, "/guichet/dossier?d=x", "/guichet/code?d=x", "/guichet/recu?d=x"} {
		if p, err := b.Get(c.Accord + path); err != nil || p.Status != http.StatusUnauthorized {
			t.Errorf("%s: %v, %d", path, err, p.Status)
		}
	}
	if p, err := b.Get(c.Accord + "/guichet/retour?code=x&state=y"); err != nil || p.Status != http.StatusBadRequest {
		t.Errorf("a callback nobody began: %v, %d", err, p.Status)
	}
}
