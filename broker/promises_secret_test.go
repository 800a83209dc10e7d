package broker_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

func values(kv ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		v.Add(kv[i], kv[i+1])
	}
	return v
}

// A journal keeps every byte logged.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

// Promise 5: unmistakable values, names and tokens, and every byte of every
// file and log line searched for them.
func TestNoFileNorLogHoldsAValueAnIdentityOrAToken(t *testing.T) {
	var logged journal
	data := t.TempDir()
	c, err := country.Start(t.Context(), country.Options{
		Data: data,
		Log:  slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	canaries, w, tok := playAll(t, c)
	searchPages(t, c, w, tok, canaries)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	canaries = append(canaries, tok.Access, tok.ID, w.Request.Verifier, w.Request.State)
	searched := searchFiles(t, data, canaries)
	for _, canary := range canaries {
		if holds(logged.buf.Bytes(), canary) {
			t.Errorf("the log holds %.12s…", canary)
		}
	}
	t.Logf("%d canaries in %d bytes of files and %d of log: none found", len(canaries), searched, logged.buf.Len())
	if searched < 1<<14 || logged.buf.Len() == 0 {
		t.Fatal("nothing was searched: the test proves nothing")
	}
}

// playAll goes every way that touches a value: agree, deliver, refuse, a
// source's garbage, a lost thread, a withdrawal.
func playAll(t *testing.T, c *country.Country) (canaries []string, w *country.Walk, tok headless.Token) {
	t.Helper()
	client := canteen(t, c, "cnaf_enfants", "dgfip_rfr", "dgfip_annee_n_moins_1")
	w = walk(t, c, client)
	see(t, w, "camille")
	canaries = []string{"TREMBLIN", "Tremblin", "OSTERVAL", "camille.tremblin@", "1988-03-14", "18420", "TROIS FONTAINES"}
	for _, cookie := range w.Cookies(c.Accord) {
		canaries = append(canaries, cookie.Value)
	}
	page, err := w.Press(w.Page, "accept", values("item", "cnaf_enfants", "item", "dgfip_rfr"))
	if err != nil || page.Stopped == nil {
		t.Fatal(err)
	}
	canaries = append(canaries, page.Stopped.Query().Get("code"))
	if tok, err = w.Request.Exchange(page.Stopped); err != nil {
		t.Fatal(err)
	}
	read(t, c, tok, quotient)
	read(t, c, tok, "/v3/dgfip/situation_ir")
	read(t, c, tok, "/v3/dss/quotient_familial?annee=1999")
	refused := walk(t, c, client)
	see(t, refused, "camille")
	do(t, refused, "refuse")
	lost, err := w.Get(c.Accord + "/callback?state=TREMBLIN18420&code=18420")
	if err != nil || lost.Status != 400 {
		t.Fatalf("a foreign callback: %v, %d", err, lost.Status)
	}
	withdraw(t, c, w.Browser, tok.GrantID, "camille")
	return canaries, w, tok
}

// Promise 5: the identity a recurring agreement fetches with rests for months,
// and opens to nobody without the refresh token, backups and replaced tokens
// included.
func TestNothingButItsTokenOpensARecurringAgreement(t *testing.T) {
	var logged journal
	data := t.TempDir()
	c, err := country.Start(t.Context(), country.Options{
		Data: data, Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, client, tok := agreeToRenew(t, c, "camille", nil)
	first := renewed(t, client, tok.Refresh)
	served(t, read(t, c, first, quotient))
	second := renewed(t, client, first.Refresh)
	backup, err := os.Create(filepath.Join(data, "backup"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Store.Backup(t.Context(), backup), backup.Close(), c.Close()); err != nil {
		t.Fatal(err)
	}
	canaries := []string{
		"TREMBLIN", "Tremblin", "OSTERVAL", "1988-03-14",
		tok.Access, tok.Refresh, first.Access, first.Refresh, second.Access, second.Refresh,
	}
	searched := searchFiles(t, data, canaries)
	for _, canary := range canaries {
		if bytes.Contains(logged.buf.Bytes(), []byte(canary)) {
			t.Errorf("the log holds %.12s…", canary)
		}
	}
	if searched < 1<<14 || logged.buf.Len() == 0 {
		t.Fatal("nothing was searched: the test proves nothing")
	}
}

// searchPages looks at what is shown after the decision, and at every refusal:
// none of it holds a value or a name any more.
func searchPages(t *testing.T, c *country.Country, w *country.Walk, tok headless.Token, canaries []string) {
	t.Helper()
	searched := 0
	for _, path := range []string{
		"/mes-accords", "/mes-accords/" + tok.GrantID, "/mes-accords/" + tok.GrantID + "/retirer",
		strings.TrimPrefix(tok.ReceiptURI, c.Accord), strings.TrimPrefix(tok.ReceiptURI, c.Accord) + ".jws",
		"/accord?i=TREMBLIN1", "/connexion?i=18420", "/callback?error=TREMBLIN", "/v3/dss/quotient_familial?recipient=18420",
		"/authorize?client_id=TREMBLIN", "/recu/TREMBLIN", "/TREMBLIN", "/.well-known/accord/jwks.json", "/log/1/policy",
	} {
		p, err := w.StopAt("").Get(c.Accord + path)
		if err != nil {
			t.Fatal(err)
		}
		searched += len(p.Body)
		for _, canary := range canaries {
			if holds([]byte(p.Body), canary) {
				t.Errorf("%s (status %d) holds %.12s…", path, p.Status, canary)
			}
		}
	}
	if searched < 10_000 {
		t.Fatal("nothing was searched: the test proves nothing")
	}
}

var drawnID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// holds looks for a canary. A number of a few digits is looked for beside the
// UUIDs, not in them: they hold any by chance.
func holds(data []byte, canary string) bool {
	if !bytes.Contains(data, []byte(canary)) {
		return false
	}
	if _, err := strconv.Atoi(canary); err == nil && len(canary) < 9 {
		data = drawnID.ReplaceAll(data, []byte("id"))
	}
	return bytes.Contains(data, []byte(canary))
}

// searchFiles reads every file but the keys, which are secrets by nature.
func searchFiles(t *testing.T, dir string, canaries []string) (searched int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			if e.Name() == "keys" {
				return filepath.SkipDir
			}
			return err
		}
		data, err := os.ReadFile(path)
		searched += len(data)
		for _, canary := range canaries {
			for how, spelt := range spellings(canary) {
				if holds(data, string(spelt)) {
					t.Errorf("%s holds %.12s…, %s", filepath.Base(path), canary, how)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return searched
}

// Promise 6: none of a million guessed values matches a digest that leaves or
// rests. What is guessed is the datum as sent and as bare numbers.
func TestNoDigestLetsAnyoneGuessAValue(t *testing.T) {
	c := ownCountry(t, nil)
	w, tok := token(t, c, canteen(t, c), "camille")
	d := read(t, c, tok, quotient)
	digests := map[[32]byte]string{}
	collect := func(where, text string) {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool {
			return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", r)
		}) {
			if raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(word, "sha-256")); err == nil && len(raw) == 32 {
				digests[[32]byte(raw)] = where
			}
		}
	}
	for _, e := range logOf(t, c) {
		collect("event "+e.Kind.String(), strings.ReplaceAll(string(e.Event), "sha-256:", " "))
	}
	collect("receipt", receiptPayload(t, tok.Receipt))
	collect("page", w.Page.Body)
	if len(digests) < 10 {
		t.Fatalf("only %d digests found: the test proves nothing", len(digests))
	}
	document := string(d.Data["quotient_familial"])
	if !strings.Contains(document, `"valeur":742`) {
		t.Fatalf("unexpected document %s", document)
	}
	guess := func(text string) {
		if where, hit := digests[sha256.Sum256([]byte(text))]; hit {
			t.Fatalf("a guessed value matches a digest in %s", where)
		}
	}
	before, after, _ := strings.Cut(document, "742")
	for n := range 1_000_000 {
		v := strconv.Itoa(n)
		guess(v)
		if n < 100_000 {
			guess(before + v + after)
			guess(`{"quotient_familial":` + before + v + after + `}`)
		}
	}
	checkKeyed(t, c, d)
}

// checkKeyed opens the response digest with the key the receiver got, so that
// the test above cannot pass for lack of a digest.
func checkKeyed(t *testing.T, c *country.Country, d delivery) {
	t.Helper()
	key, err := base64.RawURLEncoding.DecodeString(d.Header.Get("Accord-Release-Key"))
	if err != nil || len(key) != 32 {
		t.Fatalf("release key: %v", err)
	}
	start := strings.Index(d.Body, `{"data":`) + len(`{"data":`)
	end := strings.Index(d.Body, `,"links"`)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(d.Body[start:end]))
	want := "hmac-sha-256:" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	if got := entryAt(t, c, d.Header.Get("Accord-Log")).event.ResponseDigest; got != want {
		t.Fatalf("the log's digest %s is not that of the data, %s", got, want)
	}
}

func receiptPayload(t *testing.T, jws string) string {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(jws, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(payload), "sha-256:", " ")
}

// Promise 13.
func TestOneCitizenHasUnlinkableSubjectsAtTwoRecipientsOfOneEditor(t *testing.T) {
	c := theCountry(t)
	second, err := c.Client(country.Editor, "saint-aubin-cantine", "cnaf_quotient_familial")
	if err != nil {
		t.Fatal(err)
	}
	_, here := token(t, c, canteen(t, c), "camille")
	_, again := token(t, c, canteen(t, c), "camille")
	_, there := token(t, c, second, "camille")
	if here.Subject == there.Subject || here.Subject == "" {
		t.Fatal("two recipients of one editor were given the same subject identifier")
	}
	if here.Subject != again.Subject {
		t.Fatal("one recipient was given two subject identifiers for one citizen")
	}
	shared := strings.Contains(receiptPayload(t, there.Receipt), here.Subject)
	if shared {
		t.Fatal("a receipt for one recipient names the citizen's pseudonym at another")
	}
}
