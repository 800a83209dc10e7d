package broker_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
)

// accept reads /v3 with a header Accept.
func accept(t *testing.T, c *country.Country, tok headless.Token, path, form string) delivery {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.Accord+path+"?recipient="+tok.Recipient, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+tok.Access)
	r.Header.Set("Accept", form)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	return delivery{Status: answer.StatusCode, Header: answer.Header, Body: body.String()}
}

// statement verifies a signed delivery and holds it to its headers and to the
// log.
func statement(t *testing.T, c *country.Country, tok headless.Token, d delivery) audit.Delivery {
	t.Helper()
	if got := d.Header.Get("Content-Type"); got != "application/jwt" {
		t.Fatalf("status %d, type %q: %s", d.Status, got, d.Body)
	}
	s, err := audit.VerifyDelivery([]byte(d.Body), c.Keys.ReceiptKeys())
	if err != nil {
		t.Fatal(err)
	}
	if s.Issuer != c.Accord || s.Audience != "siret:"+tok.Recipient || s.Subject != tok.Subject || s.Grant != tok.GrantID || s.Client != country.Editor {
		t.Errorf("the statement is between others: %s, %s, %s, %s", s.Issuer, s.Audience, s.Client, s.Grant)
	}
	if s.Release != d.Header.Get("Accord-Release-Id") || s.Log != d.Header.Get("Accord-Log") || s.ReleaseKey != d.Header.Get("Accord-Release-Key") {
		t.Error("the statement speaks of another release than its headers")
	}
	if err := s.DigestIn(entryAt(t, c, s.Log).event); err != nil {
		t.Errorf("the log's event: %v", err)
	}
	return s
}

func TestASignedDeliveryHoldsTheVeryBytesOfTheJSONAnswer(t *testing.T) {
	c := theCountry(t)
	w := walk(t, c, canteen(t, c, "cnaf_enfants"))
	see(t, w, "sabine")
	page, err := w.Press(w.Page, "accept", values("item", "cnaf_enfants"))
	if err != nil {
		t.Fatal(err)
	}
	tok, err := w.Request.Exchange(page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	plain := accept(t, c, tok, quotient, "application/json")
	var envelope struct{ Data json.RawMessage }
	if err := json.Unmarshal([]byte(plain.Body), &envelope); err != nil {
		t.Fatal(err)
	}
	signed := accept(t, c, tok, quotient, "application/jwt")
	s := statement(t, c, tok, signed)
	if !bytes.Equal(s.Data, envelope.Data) || len(s.Data) < 20 || s.Errors != nil {
		t.Errorf("signed %s\nplain  %s", s.Data, envelope.Data)
	}
	if payload := payloadOf(t, signed.Body); !bytes.Contains(payload, append([]byte(`"data":`), envelope.Data...)) {
		t.Errorf("other bytes under the signature: %s", payload)
	}
	if s.Resource != "dss/quotient_familial" || s.Source == "" || s.Period == "" || s.Retrieved < "2" {
		t.Errorf("provenance: %s, %s, %s, %s", s.Resource, s.Source, s.Period, s.Retrieved)
	}
	for _, d := range []delivery{plain, signed} {
		if d.Status != http.StatusOK || d.Header.Get("Vary") != "Accept" || d.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("status %d, headers %v", d.Status, d.Header)
		}
	}
	if plain.Header.Get("Accord-Release-Id") == s.Release {
		t.Error("two answers are one release")
	}
}

func payloadOf(t *testing.T, jws string) []byte {
	t.Helper()
	parts := strings.Split(jws, ".")
	if len(parts) != 3 {
		t.Fatalf("not a compact JWS: %s", jws)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func TestAnAgreedAbsenceIsASignedDeliveryToo(t *testing.T) {
	c := theCountry(t)
	_, tok := token(t, c, canteen(t, c), "yann")
	plain := accept(t, c, tok, quotient, "*/*")
	signed := accept(t, c, tok, quotient, "application/jwt")
	s := statement(t, c, tok, signed)
	var envelope struct{ Errors json.RawMessage }
	if err := json.Unmarshal([]byte(plain.Body), &envelope); err != nil {
		t.Fatal(err)
	}
	if signed.Status != http.StatusNotFound || plain.Status != http.StatusNotFound || s.Data != nil || !bytes.Equal(s.Errors, envelope.Errors) {
		t.Errorf("status %d, errors %s, data %s; want 404, %s", signed.Status, s.Errors, s.Data, envelope.Errors)
	}
}

// What is not delivered is not signed, and not logged either.
func TestNothingIsDeliveredInAFormNobodyWants(t *testing.T) {
	c := ownCountry(t, nil)
	_, tok := token(t, c, canteen(t, c), "camille")
	before := actsLogged(t, c)
	d := accept(t, c, tok, quotient, "text/html")
	var refusal struct {
		Errors []struct{ Code, Title, Detail string }
	}
	if err := json.Unmarshal([]byte(d.Body), &refusal); err != nil || d.Status != http.StatusNotAcceptable || len(refusal.Errors) != 1 || refusal.Errors[0].Code != "00406" {
		t.Errorf("status %d, %s", d.Status, d.Body)
	}
	if d.Header.Get("Accord-Release-Id") != "" || actsLogged(t, c) != before {
		t.Error("a refused form is a delivery in the log")
	}
	d = accept(t, c, headless.Token{Access: "acc_nobody", Recipient: tok.Recipient}, quotient, "application/jwt")
	if d.Status != http.StatusUnauthorized || !strings.HasPrefix(d.Header.Get("Content-Type"), "application/json") {
		t.Errorf("a refusal of a signed delivery: status %d, %s", d.Status, d.Header.Get("Content-Type"))
	}
}
