package broker_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker/verification"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/audit"
	"accord/consent/receipt"
)

// shown posts a form with files to the verifier and gives the page.
func shown(t *testing.T, c *country.Country, path string, fields map[string]string, files map[string][]byte) (int, http.Header, string) {
	t.Helper()
	body, kind := formOf(t, fields, files)
	return posted(t, c.Accord+path, kind, "text/html", body)
}

func formOf(t *testing.T, fields map[string]string, files map[string][]byte) ([]byte, string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range files {
		part, err := w.CreateFormFile(name, name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return body.Bytes(), w.FormDataContentType()
}

func posted(t *testing.T, address, kind, accept string, body []byte) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept", accept)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(page)
}

// verified gives a document to the verifier as a program does.
func verified(t *testing.T, c *country.Country, kind string, document []byte) verification.Answer {
	t.Helper()
	status, header, body := posted(t, c.Accord+"/verifier", kind, "application/json", document)
	var a verification.Answer
	if err := json.Unmarshal([]byte(body), &a); err != nil || status != http.StatusOK {
		t.Fatalf("answered %d %s: %v", status, body, err)
	}
	if header.Get("Cache-Control") != "no-store" {
		t.Errorf("a cache may keep the answer: %v", header)
	}
	if breaches, err := described(t, "verdict").Check([]byte(body)); err != nil || len(breaches) > 0 {
		t.Errorf("the answer is not as described: %v %v: %s", breaches, err, body)
	}
	return a
}

// must fails unless an answer is this result, with these checks.
func must(t *testing.T, name string, a verification.Answer, outcome, result, about string, checks map[string]string) {
	t.Helper()
	if a.Outcome != outcome || a.Result != result || a.About != about {
		t.Errorf("%s: %s %s.%s, want %s %s.%s: %+v", name, a.Outcome, a.Result, a.About, outcome, result, about, a.Checks)
	}
	for check, want := range checks {
		got := "absent"
		for _, one := range a.Checks {
			if one.Name == check {
				got = one.Result
			}
		}
		if got != want {
			t.Errorf("%s: %s is %s, want %s: %+v", name, check, got, want, a.Checks)
		}
	}
}

// altered changes one word of a JWS's payload and leaves the rest.
func altered(t *testing.T, jws, from, to string) string {
	t.Helper()
	payload := payloadOf(t, jws)
	if !bytes.Contains(payload, []byte(from)) {
		t.Fatalf("no %s in %s", from, payload)
	}
	parts := strings.Split(jws, ".")
	parts[1] = base64.RawURLEncoding.EncodeToString(bytes.Replace(payload, []byte(from), []byte(to), 1))
	return strings.Join(parts, ".")
}

// signedDelivery is what a commune keeps: the quotient, or where its grid
// answers, a band.
func signedDelivery(t *testing.T, c *country.Country, approval string) string {
	t.Helper()
	client, err := c.Client(country.Editor, approval, "cnaf_quotient_familial")
	if err != nil {
		t.Fatal(err)
	}
	_, tok := token(t, c, client, "camille")
	d := accept(t, c, tok, quotient, "application/jwt")
	if d.Header.Get("Content-Type") != "application/jwt" {
		t.Fatalf("answered %d %s", d.Status, d.Body)
	}
	return d.Body
}

const allPassed = "passed"

// The six results, and the success: each by a real receipt.
func TestTheVerifierTellsEachOfItsResults(t *testing.T) {
	var later atomic.Int64
	c, err := country.Start(t.Context(), country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	w, tok := token(t, c, canteen(t, c), "camille")
	publishedLog(t, c)
	jws := tok.Receipt
	must(t, "genuine", verified(t, c, "application/jose", []byte(jws)), "genuine", "genuine", "active", map[string]string{
		"form": allPassed, "key": allPassed, "signature": allPassed, "content": allPassed, "text": allPassed, "log": allPassed, "standing": allPassed,
	})
	must(t, "typed by a scanner", verified(t, c, "text/plain", []byte("\ufeff "+jws[:70]+"\r\n"+jws[70:200]+" \n"+jws[200:]+"\n\n")), "genuine", "genuine", "active", nil)
	must(t, "V01, a word", verified(t, c, "text/plain", []byte("bonjour")), "undecided", "V01", "unreadable", map[string]string{"form": "failed"})
	must(t, "V01, too long", verified(t, c, "text/plain", []byte(strings.Repeat("a", 64<<10+1))), "undecided", "V01", "unreadable", nil)
	must(t, "V01, cut", verified(t, c, "text/plain", []byte(jws[:len(jws)-9])), "undecided", "V01", "unreadable", nil)
	must(t, "V02", verified(t, c, "text/plain", []byte(altered(t, jws, `"max":1`, `"max":9`))), "false", "V02", "receipt", map[string]string{"signature": "failed", "log": "not_made", "standing": "not_made"})
	other := ownCountry(t, nil)
	_, foreign := token(t, other, canteen(t, other), "camille")
	must(t, "V03", verified(t, c, "text/plain", []byte(foreign.Receipt)), "undecided", "V03", "receipt", map[string]string{"key": "undecided", "signature": "not_made"})
	must(t, "V04, never logged", verified(t, c, "text/plain", unlogged(t, c, jws)), "false", "V04", "receipt", map[string]string{"signature": allPassed, "log": "failed"})

	_, _, notice := fetched(t, noticeOf(t, jws))
	for text, want := range map[string][2]string{notice: {"genuine", "active"}, notice + " ": {"V05", "text"}} {
		body, kind := formOf(t, map[string]string{"document": jws}, map[string][]byte{"texte": []byte(text)})
		if a := verified(t, c, kind, body); a.Result != want[0] || a.About != want[1] {
			t.Errorf("with the text: %s.%s, want %v", a.Result, a.About, want)
		}
	}
	withdraw(t, c, w.Browser, tok.GrantID, "camille")
	must(t, "V06, withdrawn", verified(t, c, "text/plain", []byte(jws)), "genuine", "V06", "withdrawn", map[string]string{"standing": "failed", "log": allPassed})
	_, again := token(t, c, canteen(t, c), "camille")
	publishedLog(t, c)
	later.Store(int64(time.Hour))
	must(t, "V06, expired", verified(t, c, "text/plain", []byte(again.Receipt)), "genuine", "V06", "expired", map[string]string{"standing": "failed"})
}

// unlogged is signed again by the right key, and stands nowhere.
func unlogged(t *testing.T, c *country.Country, jws string) []byte {
	t.Helper()
	r, _, err := receipt.Parse([]byte(jws))
	if err != nil {
		t.Fatal(err)
	}
	forged, err := receipt.Sign(r, c.Keys.Receipt(), r.Event.Time.Time().Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return forged
}

func noticeOf(t *testing.T, jws string) string {
	t.Helper()
	r, _, err := receipt.Parse([]byte(jws))
	if err != nil {
		t.Fatal(err)
	}
	return r.Notice.URI
}

// A refusal and a withdrawal are receipts too.
func TestTheVerifierKnowsAWithdrawalAndAFrozenAgreement(t *testing.T) {
	c := ownCountry(t, nil)
	w, tok := token(t, c, canteen(t, c), "camille")
	page := withdraw(t, c, w.Browser, tok.GrantID, "camille")
	link := page.Body[strings.Index(page.Body, "/recu/"):]
	p, err := w.Get(c.Accord + link[:strings.Index(link, `"`)] + ".jws")
	if err != nil || p.Status != http.StatusOK {
		t.Fatalf("the receipt of the withdrawal: %v", err)
	}
	publishedLog(t, c)
	must(t, "withdrawal", verified(t, c, "application/jose", []byte(p.Body)), "genuine", "genuine", "withdrawn", map[string]string{"log": allPassed, "standing": "not_made"})
	_, frozen := token(t, c, canteen(t, c), "camille")
	suspend(t, c, "misuse")
	if a := verified(t, c, "application/jose", []byte(frozen.Receipt)); a.Result != "V06" || a.About != "frozen" {
		t.Errorf("under a suspended approval: %s.%s", a.Result, a.About)
	}
}

// A bundle is judged by the log's own policy, whatever policy it carries.
func TestTheVerifierJudgesABundleByItsOwnLog(t *testing.T) {
	c := ownCountry(t, nil)
	w, tok := token(t, c, canteen(t, c), "camille")
	_, b := bundleAs(t, recuOf(t, c, tok)+".accord", cookies(w.Browser, c))
	file := func(change func(*audit.Bundle)) []byte {
		changed := b
		change(&changed)
		plain, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		packed, err := audit.PackBundle(bytes.ReplaceAll(plain, []byte(`\u0026`), []byte("&")))
		if err != nil {
			t.Fatal(err)
		}
		return packed
	}
	token(t, c, canteen(t, c), "sabine") // the log goes on
	publishedLog(t, c)
	must(t, "genuine", verified(t, c, "application/gzip", file(func(*audit.Bundle) {})), "genuine", "genuine", "active", map[string]string{
		"signature": allPassed, "log": allPassed, "consistency": allPassed, "login": allPassed, "standing": allPassed, "text": allPassed,
	})
	must(t, "a digit of the receipt", verified(t, c, "application/gzip", file(func(b *audit.Bundle) { b.JWS = altered(t, b.JWS, `"max":1`, `"max":9`) })), "false", "V02", "receipt", nil)
	must(t, "a proof of another leaf", verified(t, c, "application/gzip", file(func(b *audit.Bundle) {
		b.TlogProof = strings.Replace(b.TlogProof, "\nindex ", "\nindex 1", 1)
	})), "false", "V04", "receipt", map[string]string{"signature": allPassed, "log": "failed"})
	must(t, "cut", verified(t, c, "application/gzip", file(func(*audit.Bundle) {})[:300]), "undecided", "V01", "unreadable", nil)
}

// Issue 6, item 4: one digit changed is refused, and a stranger learns nothing
// of a delivery but what its own file says.
func TestTheVerifierRefusesADeliveryOfWhichOneDigitChanged(t *testing.T) {
	c := ownCountry(t, nil)
	jws := signedDelivery(t, c, "valbrume-cantine")
	publishedLog(t, c)
	must(t, "genuine", verified(t, c, "application/jwt", []byte(jws)), "genuine", "genuine", "delivery", map[string]string{"signature": allPassed, "log": allPassed})
	must(t, "one digit", verified(t, c, "application/jwt", []byte(altered(t, jws, "742", "743"))), "false", "V02", "delivery", map[string]string{"signature": "failed", "log": "not_made"})
	d, err := audit.VerifyDelivery([]byte(jws), c.Keys.ReceiptKeys())
	if err != nil {
		t.Fatal(err)
	}
	d.Data = json.RawMessage(strings.Replace(string(d.Data), "742", "743", 1))
	forged, err := audit.SignDelivery(d, c.Keys.Receipt(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	must(t, "signed anew with the right key", verified(t, c, "application/jwt", forged), "false", "V04", "delivery", map[string]string{"signature": allPassed, "log": "failed"})

	status, header, page := shown(t, c, "/verifier", map[string]string{"document": jws + "\n"}, nil)
	for _, want := range []string{"Document authentique", "742", "Commune de Valbrume", "novembre", `id="attestation"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if status != http.StatusOK || header.Get("Cache-Control") != "no-store" || strings.Contains(page, "TREMBLIN") {
		t.Errorf("status %d, %v", status, header)
	}
	_, _, page = shown(t, c, "/verifier", map[string]string{"document": altered(t, jws, "742", "743")}, nil)
	if !strings.Contains(page, "La signature ne correspond pas") || strings.Contains(page, "743 €") || strings.Contains(page, "Valbrume") || strings.Contains(page, `id="attestation"`) {
		t.Error("what is false is told as if it were true")
	}
}

func TestTheVerifiersFormSaysWhatIsMissing(t *testing.T) {
	c := ownCountry(t, nil)
	for name, want := range map[string]struct {
		fields map[string]string
		files  map[string][]byte
		says   string
	}{
		"nothing": {map[string]string{"document": " \n"}, nil, "Collez un texte ou choisissez un fichier"},
		"both":    {map[string]string{"document": "a"}, map[string][]byte{"fichier": []byte("b")}, "pas les deux"},
	} {
		if status, _, page := shown(t, c, "/verifier", want.fields, want.files); status != http.StatusUnprocessableEntity || !strings.Contains(page, want.says) || !strings.Contains(page, `id="resume"`) {
			t.Errorf("%s: status %d", name, status)
		}
	}
	long := []byte(strings.Repeat("a", verification.MaxUpload+1))
	if status, _, page := shown(t, c, "/verifier", nil, map[string][]byte{"fichier": long}); status != http.StatusOK || !strings.Contains(page, "V01") && !strings.Contains(page, "pas un reçu lisible") {
		t.Errorf("too long: status %d", status)
	}
	if status, _, body := posted(t, c.Accord+"/verifier", "application/x-www-form-urlencoded", "application/json", []byte(url.Values{}.Encode())); status != http.StatusUnprocessableEntity || !strings.Contains(body, `"nothing"`) {
		t.Errorf("a program is told %d %s", status, body)
	}
	if p, err := headless.New().Get(c.Accord + "/verifier/attestation"); err != nil || p.URL.Path != "/verifier" {
		t.Errorf("a sheet reloaded: %v", err)
	}
}

// A visitor who asks without end is asked to wait; others are not.
func TestTheVerifierBoundsWhatOneVisitorAsks(t *testing.T) {
	c := ownCountry(t, nil)
	refused := 0
	for range 90 {
		status, header, body := posted(t, c.Accord+"/verifier", "text/plain", "application/json", []byte("x"))
		if status == http.StatusTooManyRequests {
			refused++
			if header.Get("Retry-After") == "" || !strings.Contains(body, "too_many") {
				t.Fatalf("answered %s", body)
			}
		}
	}
	if refused < 10 {
		t.Errorf("%d of 90 refused", refused)
	}
	if status, _, page := shown(t, c, "/verifier", map[string]string{"document": "x"}, nil); status != http.StatusTooManyRequests || !strings.Contains(page, "A19") {
		t.Errorf("a person is told %d", status)
	}
}
