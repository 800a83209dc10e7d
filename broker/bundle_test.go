package broker_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/consent/receipt"
)

// policyOf is the published policy, as a verifier keeps it.
func policyOf(t testing.TB, c *country.Country) audit.Policy {
	t.Helper()
	_, _, text := fetched(t, c.Accord+"/log/1/policy")
	p, err := audit.ParsePolicy([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// bundleAs asks for a bundle with some headers, until it is ready.
func bundleAs(t testing.TB, address string, header http.Header) (int, audit.Bundle) {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		status, answered, body := fetchedAs(t, address, header)
		if status == http.StatusServiceUnavailable {
			if answered.Get("Retry-After") != "1" || !strings.Contains(body, "prêt dans une seconde") {
				t.Fatalf("pending says %q, headers %v", body, answered)
			}
			continue
		}
		if status != http.StatusOK {
			return status, audit.Bundle{}
		}
		b, err := audit.OpenBundle([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return status, b
	}
	t.Fatal("the bundle was not ready within 10 s")
	return 0, audit.Bundle{}
}

func fetchedAs(t testing.TB, address string, header http.Header) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil) //nolint:noctx // a test's own server
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(body)
}

// cookies are a browser's, as one header.
func cookies(b *headless.Browser, c *country.Country) http.Header {
	r := &http.Request{Header: http.Header{}}
	for _, one := range b.Cookies(c.Accord) {
		r.AddCookie(one)
	}
	return r.Header
}

// recuOf is the address of a token's receipt, without its form.
func recuOf(t testing.TB, c *country.Country, tok headless.Token) string {
	t.Helper()
	r, err := receipt.Verify([]byte(tok.Receipt), c.Keys.ReceiptKeys())
	if err != nil {
		t.Fatal(err)
	}
	return c.Accord + "/recu/" + r.ReceiptID
}

// The citizen's bundle verifies offline, FranceConnect's evidence included; the
// service provider's too, without it; for anybody else there is none.
func TestTheBundleIsGenuineAndItsEvidenceThePersonsAlone(t *testing.T) {
	c := ownCountry(t, nil)
	w, tok := token(t, c, canteen(t, c), "camille")
	address := recuOf(t, c, tok) + ".accord"
	policy := policyOf(t, c)
	for name, one := range map[string]struct {
		header   http.Header
		evidence bool
	}{
		"citizen":          {cookies(w.Browser, c), true},
		"service provider": {basic(country.Editor, c.Secrets[country.Editor]), false},
	} {
		status, b := bundleAs(t, address, one.header)
		if status != http.StatusOK || b.JWS != tok.Receipt || (b.Evidence != nil) != one.evidence {
			t.Errorf("%s: status %d, evidence %v", name, status, b.Evidence != nil)
		}
		if v := audit.VerifyBundle(b, policy); v.Outcome != audit.Genuine {
			t.Errorf("%s: %+v", name, v)
		}
	}
	other := basic(country.Region, c.Secrets[country.Region])
	for name, header := range map[string]http.Header{"anyone": nil, "another client": other, "auditor": {"Authorization": {"Bearer " + c.Secrets[country.Auditor]}}} {
		if status, _, _ := fetchedAs(t, address, header); status != http.StatusNotFound {
			t.Errorf("%s reads the bundle: status %d", name, status)
		}
	}
}

// The id in an interaction's cookie is anyone's to write: with another
// interaction's secret beside it, it opens nothing.
func TestACookieUnderAnotherInteractionsIdOpensNoReceipt(t *testing.T) {
	c := ownCountry(t, nil)
	victim, tok := token(t, c, canteen(t, c), "camille")
	thief := walk(t, c, canteen(t, c))
	do(t, thief, "accept") // on the way to FranceConnect: an interaction of their own
	raw := func(b *headless.Browser) (string, []byte) {
		for _, one := range b.Cookies(c.Accord) {
			if value, err := base64.RawURLEncoding.DecodeString(one.Value); err == nil && strings.HasPrefix(one.Name, "accord-i-") {
				return one.Name, value
			}
		}
		t.Fatal("no interaction cookie")
		return "", nil
	}
	_, theirs := raw(victim.Browser)
	name, own := raw(thief.Browser)
	forged := fmt.Sprintf("%s=%s", name, base64.RawURLEncoding.EncodeToString(append(theirs[:16:16], own[16:]...)))
	for _, form := range []string{"", ".jws", ".accord"} {
		if status, _, _ := fetchedAs(t, recuOf(t, c, tok)+form, http.Header{"Cookie": {forged}}); status != http.StatusNotFound {
			t.Errorf("%q opens with a forged cookie: status %d", form, status)
		}
	}
}

// A refusal that names nobody has a bundle too, without evidence.
func TestARefusalBeforeTheLoginHasABundleOfItsOwn(t *testing.T) {
	c := ownCountry(t, nil)
	w := walk(t, c, canteen(t, c))
	do(t, w, "refuse")
	stored := lastReceipt(t, c)
	status, b := bundleAs(t, c.Accord+"/recu/"+stored+".accord", cookies(w.Browser, c))
	if status != http.StatusOK || b.Evidence != nil {
		t.Fatalf("status %d, evidence %v", status, b.Evidence != nil)
	}
	if v := audit.VerifyBundle(b, policyOf(t, c)); v.Outcome != audit.Genuine {
		t.Errorf("%+v", v)
	}
}

func lastReceipt(t *testing.T, c *country.Country) (id string) {
	t.Helper()
	for _, e := range logOf(t, c) {
		if e.Receipt != "" {
			id = e.Receipt
		}
	}
	return id
}

func TestTheReceiptPageAndTheAgreementOfferTheBundle(t *testing.T) {
	c := ownCountry(t, nil)
	w, tok := token(t, c, canteen(t, c), "camille")
	address := recuOf(t, c, tok)
	p, err := w.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	if link, err := p.Link("bundle"); err != nil || link != address+".accord" {
		t.Errorf("the receipt page links to %q: %v", link, err)
	}
	b := headless.New()
	if p, err = c.LookBack(b, "camille"); err != nil {
		t.Fatal(err)
	}
	detail, err := p.LinkTo("/mes-accords/g_")
	if err != nil {
		t.Fatal(err)
	}
	if p, err = b.Get(strings.TrimSuffix(detail, "/retirer")); err != nil || !strings.Contains(p.Body, ".accord\"") {
		t.Errorf("the agreement's page does not offer it: %v", err)
	}
}

// The notice a citizen was shown is still at the address in their receipt, and
// is what its digest says.
func TestTheNoticeOfAReceiptIsAtItsAddress(t *testing.T) {
	c := ownCountry(t, nil)
	_, tok := token(t, c, canteen(t, c), "camille")
	r, err := receipt.Verify([]byte(tok.Receipt), c.Keys.ReceiptKeys())
	if err != nil {
		t.Fatal(err)
	}
	if status, _, text := fetched(t, r.Notice.URI); status != http.StatusOK || audit.Digest([]byte(text)) != r.Notice.Digest {
		t.Errorf("%s: status %d, another text", r.Notice.URI, status)
	}
}
