package broker_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/broker/admin"
	"accord/broker/operator"
	"accord/broker/store"
	"accord/cmd/accord-demo/country"
	"accord/consent/audit"
	"accord/consent/receipt"
)

// acting sends one act of an operator to a running country.
func acting(t *testing.T, c *country.Country) func(uid int, path, body string) (int, string) {
	t.Helper()
	acts := operator.New(operator.Config{Store: c.Store, Keys: c.Keys, Log: slog.New(slog.DiscardHandler)}).Handler()
	return func(uid int, path, body string) (int, string) {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
		rec := httptest.NewRecorder()
		acts.ServeHTTP(rec, r.WithContext(admin.AsPeer(r.Context(), uid)))
		return rec.Code, rec.Body.String()
	}
}

func TestRotatingKeysFailsNoDecision(t *testing.T) {
	c := ownCountry(t, nil)
	act := acting(t, c)
	old := c.Keys.Receipt().KeyID
	client := canteen(t, c)
	var citizens sync.WaitGroup
	var mu sync.Mutex
	var receipts [][]byte
	done := make(chan struct{})
	for range 4 {
		citizens.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				_, tok, err := c.Token(client, "camille")
				if err != nil {
					t.Error("a decision failed:", err)
					return
				}
				mu.Lock()
				receipts = append(receipts, []byte(tok.Receipt))
				mu.Unlock()
			}
		})
	}
	agreed := func() int { mu.Lock(); defer mu.Unlock(); return len(receipts) }
	for _, role := range []string{"receipt", "id_token", "receipt"} {
		for enough, until := agreed()+4, time.Now().Add(20*time.Second); agreed() < enough && time.Now().Before(until); {
			time.Sleep(5 * time.Millisecond)
		}
		if code, text := act(1001, "/keys/rotate", `{"role":"`+role+`"}`); code != http.StatusOK {
			t.Errorf("rotating %s: %d %s", role, code, text)
		}
	}
	close(done)
	citizens.Wait()
	verifiedBy(t, c, receipts, old)
}

// verifiedBy holds each receipt to the key history, and wants the first key and
// another among their signers.
func verifiedBy(t *testing.T, c *country.Country, receipts [][]byte, old string) {
	t.Helper()
	history := c.Keys.ReceiptKeys()
	signers := map[string]int{}
	for _, jws := range receipts {
		_, h, err := receipt.Parse(jws)
		if err != nil {
			t.Fatal(err)
		}
		signers[h.KeyID]++
		if _, err := receipt.Verify(jws, history); err != nil {
			t.Errorf("a receipt of key %s: %v", h.KeyID, err)
		}
	}
	if signers[old] == 0 || len(signers) < 2 || len(history) != 3 {
		t.Errorf("signed by %v of %d keys: this test proves nothing", signers, len(history))
	}
}

func TestAReceiptOfARetiredKeyNotLoggedBeforeIsRefused(t *testing.T) {
	c := ownCountry(t, nil)
	act := acting(t, c)
	_, tok := token(t, c, canteen(t, c), "camille")
	grant, err := c.Store.Grant(t.Context(), tok.GrantID)
	if err != nil {
		t.Fatal(err)
	}
	old := c.Keys.Receipt()
	late := store.WithdrawCmd{Grant: grant.ID, Citizen: grant.Citizen, Receipt: store.Receipt{
		ID: "late", KeyID: old.KeyID, JWS: []byte("late"), Digest: audit.Digest([]byte("late")),
	}}
	if code, text := act(1001, "/keys/compromise", `{"key":"`+old.KeyID+`","last_good":-1}`); code != http.StatusOK {
		t.Fatalf("%d %s", code, text)
	}
	if _, err := c.Store.Withdraw(t.Context(), late); !errors.Is(err, store.ErrStale) {
		t.Errorf("signed with a retired key: %v", err)
	}
	late.Receipt.KeyID = c.Keys.Receipt().KeyID
	if _, err := c.Store.Withdraw(t.Context(), late); err != nil {
		t.Errorf("signed again: %v", err)
	}
	entries, err := c.Store.PublishedKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ended []audit.Kind
	for _, e := range entries {
		if strings.Contains(string(e.Event), old.KeyID) {
			ended = append(ended, e.Kind)
		}
	}
	if !slices.Equal(ended, []audit.Kind{audit.KeyActivated, audit.KeyRetired, audit.KeyCompromised}) {
		t.Errorf("the log tells of the key %v", ended)
	}
}

// A grant that ended is erased by two operators, and extracted before by one.
func TestTwoOperatorsEraseAPersonsFile(t *testing.T) {
	c := ownCountry(t, nil)
	act := acting(t, c)
	_, tok := token(t, c, canteen(t, c), "camille")
	_, kept := token(t, c, canteen(t, c), "nadia")
	if _, err := c.Store.Revoke(t.Context(), tok.GrantID, "test"); err != nil {
		t.Fatal(err)
	}
	whom := `{"grant":"` + tok.GrantID + `"`
	if code, text := act(1001, "/extract", whom+`}`); code != http.StatusOK || !strings.Contains(text, tok.Receipt) || !strings.Contains(text, `"what":"source.queried"`) {
		t.Fatalf("extract: %d %.300s", code, text)
	}
	code, text := act(1001, "/erase/propose", whom+`,"reason":"request","request":"RGPD-2026-17"}`)
	_, rest, _ := strings.Cut(text, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	if code != http.StatusOK {
		t.Fatalf("propose: %d %s", code, text)
	}
	if code, _ := act(1001, "/erase/confirm", `{"id":"`+id+`"}`); code != http.StatusForbidden {
		t.Errorf("one operator alone: %d", code)
	}
	if code, text = act(1002, "/erase/confirm", `{"id":"`+id+`"}`); code != http.StatusOK || !strings.Contains(text, "not_yet_erased") {
		t.Fatalf("confirm: %d %s", code, text)
	}
	_, rest, _ = strings.Cut(text, `"current_epoch":"`)
	current, _, _ := strings.Cut(rest, `"`)
	if code, text := act(1002, "/erase/finish", `{"store_backed_up":true,"keys_backed_up":"2020-01"}`); code != http.StatusBadRequest || !strings.Contains(text, current) {
		t.Fatalf("an older copy of the keys: %d %s", code, text)
	}
	if code, text = act(1002, "/erase/finish", `{"store_backed_up":true,"keys_backed_up":"`+current+`"}`); code != http.StatusOK || !strings.Contains(text, "destroyed") {
		t.Fatalf("finish: %d %s", code, text)
	}
	if epochs, err := c.Store.NotYetErased(t.Context()); err != nil || len(epochs) > 0 {
		t.Errorf("not yet erased: %v, %v", epochs, err)
	}
	if code, text := act(1001, "/extract", whom+`}`); code == http.StatusOK && strings.Contains(text, tok.Receipt) {
		t.Error("it can still be extracted")
	}
	if code, text := act(1001, "/extract", `{"grant":"`+kept.GrantID+`"}`); code != http.StatusOK || !strings.Contains(text, kept.Receipt) {
		t.Errorf("another's file: %d %.200s", code, text)
	}
}
