package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"

	"accord/broker/verification"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/consent/receipt"
)

// verifyStops are the verifier in each of its states, the attestation, and the
// public log.
func verifyStops() []stop {
	return []stop{
		{"verifier", func(b *tab) { toVerifier(b) }},
		{"verifier, nothing given", func(b *tab) { toVerifier(b).click("#submit").expect("#resume") }},
		{"verifier, genuine", func(b *tab) { toVerdict(b, agreed(b, shared).Receipt, "en cours", "in force") }},
		{"verifier, V01", func(b *tab) { toVerdict(b, "bonjour", "pas un reçu lisible", "not a receipt") }},
		{"verifier, V02", func(b *tab) {
			toVerdict(b, altered(b, agreed(b, shared).Receipt, `"max":1`, `"max":9`), "ne correspond pas", "does not match")
		}},
		{"verifier, V03", func(b *tab) {
			toVerdict(b, agreed(b, own(b.t, country.Options{})).Receipt, "ne connaissons pas", "do not know")
		}},
		{"verifier, V04", func(b *tab) { toVerdict(b, neverLogged(b), "ne figure pas", "is not in the log") }},
		{"verifier, V06", func(b *tab) {
			tok := agreed(b, shared)
			if _, err := shared.Store.Revoke(b.t.Context(), tok.GrantID, "code_reuse"); err != nil {
				b.t.Fatal(err)
			}
			toVerdict(b, tok.Receipt, "annulé", "cancelled")
		}},
		{"verifier, delivery", func(b *tab) { toBandAgent(b).click("[id^=accord-]").expect("#values") }},
		{"verifier, delivery altered", func(b *tab) {
			toVerdict(b, altered(b, delivered(b), `"code":"B"`, `"code":"A"`), "ne correspond pas", "does not match")
		}},
		{"attestation", func(b *tab) { toBandAgent(b).click("[id^=print-]").expect("svg") }},
		{"attestation without a code", func(b *tab) {
			agree(b, shared, "camille").goTo(shared.TownHallURL + "/valbrume/agent").click("[id^=print-]").expect("#no-code")
		}},
		{"log", func(b *tab) { b.goTo(shared.Accord + "/journal").expect("#root") }},
		{"log, compared", func(b *tab) {
			b.goTo(shared.Accord + "/journal").expect("#root").fill(map[string]string{"from": "3", "to": "9"}).click("#compare").expect("#consistency.ok")
		}},
		{"log, problem", func(b *tab) {
			b.goTo(shared.Accord + "/journal").expect("#root").fill(map[string]string{"index": "999999"}).click("#submit").expect("#resume")
		}},
		{"log, public line", func(b *tab) { b.goTo(shared.Accord + "/journal/2").expect("#t-dit") }},
		{"log, sealed line", func(b *tab) { toSealedLine(b) }},
	}
}

func toVerifier(b *tab) *tab {
	b.t.Helper()
	return b.goTo(shared.Accord + "/verifier").expect("#document")
}

// toVerdict pastes a text; one of the words must be the verdict's.
func toVerdict(b *tab, document string, words ...string) *tab {
	b.t.Helper()
	toVerifier(b).fill(map[string]string{"document": document}).click("#submit").expect("#verdict")
	verdict := b.text("#verdict")
	for _, w := range words {
		if strings.Contains(verdict, w) {
			return b
		}
	}
	b.t.Fatalf("the verdict is %q", verdict)
	return b
}

// agreed is what an agreement gave, made without a browser.
func agreed(b *tab, c *country.Country) headless.Token {
	b.t.Helper()
	client, err := c.Client(country.Editor, "valbrume-cantine", "cnaf_quotient_familial")
	if err != nil {
		b.t.Fatal(err)
	}
	_, tok, err := c.Token(client, "camille")
	if err != nil {
		b.t.Fatal(err)
	}
	return tok
}

func neverLogged(b *tab) string {
	b.t.Helper()
	r, _, err := receipt.Parse([]byte(agreed(b, shared).Receipt))
	if err != nil {
		b.t.Fatal(err)
	}
	jws, err := receipt.Sign(r, shared.Keys.Receipt(), r.Event.Time.Time().Add(time.Second))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(jws)
}

func altered(b *tab, jws, from, to string) string {
	b.t.Helper()
	parts := strings.Split(jws, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || !bytes.Contains(payload, []byte(from)) {
		b.t.Fatalf("no %s in the payload", from)
	}
	parts[1] = base64.RawURLEncoding.EncodeToString(bytes.Replace(payload, []byte(from), []byte(to), 1))
	return strings.Join(parts, ".")
}

// toBandAgent is the page of the agents of the commune that is told bands.
func toBandAgent(b *tab) *tab {
	b.t.Helper()
	toBand(b, "camille").click("#accept").expect("#band")
	return b.goTo(shared.TownHallURL + "/saint-aubin/agent").expect("[id^=print-]")
}

// delivered is a band as it is kept in the agents' file.
func delivered(b *tab) string {
	b.t.Helper()
	return eval[string](toBandAgent(b), `document.querySelector('textarea').value`)
}

func toSealedLine(b *tab) {
	b.t.Helper()
	tok := agreed(b, shared)
	r, _, err := receipt.Parse([]byte(tok.Receipt))
	if err != nil {
		b.t.Fatal(err)
	}
	stored, err := shared.Store.Receipt(b.t.Context(), r.ReceiptID)
	if err != nil {
		b.t.Fatal(err)
	}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if b.goTo(fmt.Sprintf("%s/journal/%d", shared.Accord, stored.Index)); b.has("#hash") {
			return
		}
	}
	b.t.Fatal("the line is not published")
}

// judged sends a picture to the verifier as a program does.
func judged(t *testing.T, kind string, document []byte) verification.Answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, shared.Accord+"/verifier", bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {kind}, "Accept": {"application/json"}}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var a verification.Answer
	if err := json.Unmarshal(body, &a); err != nil {
		t.Fatalf("status %d: %s", resp.StatusCode, body)
	}
	return a
}

// Issue 6, item 4, end to end: the sheet as a browser paints it and as it
// prints it, photographed, is genuine.
func TestTheAttestationAsPrintedIsReadBackFromItsPicture(t *testing.T) {
	b := open(t)
	toBandAgent(b).click("[id^=print-]").expect("svg")
	b.look("dark", 1280) // the code stays dark on white
	format, beyond := page.CaptureScreenshotParams{Format: "jpeg"}, true
	format.CaptureBeyondViewport = &beyond
	for name, params := range map[string]page.CaptureScreenshotParams{"PNG": {Format: "png", CaptureBeyondViewport: &beyond}, "JPEG": format} {
		shot := call(b, page.CaptureScreenshot, params).Data
		if a := judged(t, "application/octet-stream", shot); a.Result != "genuine" || a.Kind != "delivery" || !a.Pictured {
			t.Errorf("%s: %+v", name, a)
		}
	}
	b.look("light", 1280)
	printed := b.pdf()
	if n := sheets(printed); n != 1 {
		t.Errorf("%d sheets", n)
	}
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("no pdftoppm in PATH: apt-get install poppler-utils")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "attestation.pdf")
	if err := os.WriteFile(file, printed, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dpi := range []string{"110", "200"} {
		if out, err := exec.CommandContext(t.Context(), tool, "-r", dpi, "-png", "-singlefile", file, filepath.Join(dir, dpi)).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		sheet, err := os.ReadFile(filepath.Join(dir, dpi+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if a := judged(t, "image/png", sheet); a.Result != "genuine" {
			t.Errorf("the sheet scanned at %s dots an inch: %+v", dpi, a)
		}
		keepPicture(t, "attestation printed, "+dpi+".png", sheet)
	}
}

func keepPicture(t *testing.T, name string, content []byte) {
	t.Helper()
	dir := os.Getenv("ACCORD_ALL_SCREENSHOTS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// What the town hall's button sends is what the page would be sent by hand.
func TestTheAgentsButtonLeadsToAccordsVerdict(t *testing.T) {
	b := open(t)
	toBandAgent(b).click("[id^=accord-]").expect("#verdict")
	wants(t, b.text("#verdict"), "Document authentique")
	wants(t, b.text("#values"), "3,50 €")
	if u, err := url.Parse(eval[string](b, `location.href`)); err != nil || u.Path != "/verifier" || u.RawQuery != "" {
		t.Errorf("the document stands in an address: %v", u)
	}
	b.click("#attestation").expect("svg")
}
