package broker_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
	"accord/oidc/serviceprovider"
)

// asserted is a form by which the family portal authenticates, private_key_jwt.
func asserted(t *testing.T, c *country.Country) url.Values {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: c.PortalKey}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	compact, err := jwt.Signed(s).Claims(map[string]any{
		"iss": country.FamilyPortal, "sub": country.FamilyPortal, "aud": c.Accord, "jti": rand.Text(),
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
	}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"client_assertion_type": {assertions}, "client_assertion": {compact}}
}

// formPosted posts a form and gives what was answered.
func formPosted(t *testing.T, address string, form url.Values) (int, http.Header, string) {
	t.Helper()
	res, err := http.PostForm(address, form) //nolint:gosec,noctx // G107: a test's own server
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(body)
}

// nameless is an error page without its reference and the receipt asked for.
func nameless(page, id string) string {
	return strings.ReplaceAll(regexp.MustCompile(`<code>[\w-]{8,}</code>`).ReplaceAllString(page, ""), id, "")
}

// A client without a secret fetches its receipts again, and nobody else's.
func TestAClientWithAKeyFetchesItsReceiptsAgain(t *testing.T) {
	p := newPortal(t)
	token := p.token(t)
	form := asserted(t, p.Country)
	status, header, body := formPosted(t, token.ReceiptURI+".jws", form)
	if status != http.StatusOK || body != token.Receipt || header.Get("Cache-Control") != "no-store" || header.Get("Content-Type") != "application/jose" {
		t.Fatalf("%d %v %.80s", status, header, body)
	}
	status, _, body = formPosted(t, token.ReceiptURI+".jws", form)
	var told struct{ Error string }
	if err := json.Unmarshal([]byte(body), &told); err != nil || status != http.StatusUnauthorized || told.Error != "invalid_client" {
		t.Errorf("the same assertion again: %d %.80s", status, body)
	}
	status, _, body = formPosted(t, p.settledBundle(t, token.ReceiptURI), asserted(t, p.Country))
	b, err := audit.OpenBundle([]byte(body))
	if err != nil || status != http.StatusOK || b.JWS != token.Receipt || b.Evidence != nil {
		t.Errorf("the bundle: %d %v", status, err)
	}
}

// settledBundle waits until the log holds the receipt, and gives the bundle's
// address.
func (p portal) settledBundle(t *testing.T, receipt string) string {
	t.Helper()
	for range 50 {
		if status, _, _ := formPosted(t, receipt+".accord", asserted(t, p.Country)); status == http.StatusOK {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return receipt + ".accord"
}

// The Go client fetches what it was given, and shows its credentials to its own
// Accord alone.
func TestOurClientFetchesItsReceiptAgain(t *testing.T) {
	p := newPortal(t)
	token := p.token(t)
	for range 2 {
		if again, err := p.Client.Receipt(t.Context(), token.ReceiptURI); err != nil || again != token.Receipt {
			t.Errorf("%.80q %v", again, err)
		}
	}
	var refused *serviceprovider.Refused
	if _, err := p.Client.Receipt(t.Context(), p.Accord+"/recu/none"); !errors.As(err, &refused) || refused.Status != http.StatusNotFound {
		t.Errorf("none: %v", err)
	}
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer other.Close()
	if _, err := p.Client.Receipt(t.Context(), other.URL+"/recu/x"); err == nil || asked {
		t.Errorf("elsewhere: %v, asked %v", err, asked)
	}
}

// Another client's receipt is answered like one that never was, and who does
// not authenticate is told so of either.
func TestAnotherClientsReceiptIsAnsweredLikeNone(t *testing.T) {
	p := newPortal(t)
	_, tok := token(t, p.Country, canteen(t, p.Country), "camille")
	address := recuOf(t, p.Country, tok)
	id := strings.TrimPrefix(address, p.Accord+"/recu/")
	none := strings.Repeat("0", len(id))
	nowhere := p.Accord + "/recu/" + none
	for _, form := range []string{".jws", ".accord", ""} {
		status, _, body := formPosted(t, address+form, asserted(t, p.Country))
		without, _, unknown := formPosted(t, nowhere+form, asserted(t, p.Country))
		if status != http.StatusNotFound || without != status || nameless(body, id) != nameless(unknown, none) {
			t.Errorf("%q: %d, unknown %d: %.200s", form, status, without, body)
		}
	}
	for _, at := range []string{address, nowhere} {
		if status, _, body := formPosted(t, at+".jws", url.Values{}); status != http.StatusUnauthorized || !strings.Contains(body, "invalid_client") {
			t.Errorf("nobody: %d %.80s", status, body)
		}
	}
	editor := with(url.Values{}, "client_id", country.Editor, "client_secret", p.Secrets[country.Editor])
	if status, _, _ := formPosted(t, address+".jws", editor); status != http.StatusUnauthorized {
		t.Errorf("by a method it did not register: %d", status)
	}
}
