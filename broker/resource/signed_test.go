package resource

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"accord/consent/audit"
	"accord/consent/receipt"
)

// rotating gives its keys one after the other, then the last for ever.
type rotating struct {
	keys  []receipt.Signer
	asked int
}

func (r *rotating) Receipt() receipt.Signer {
	k := r.keys[min(r.asked, len(r.keys)-1)]
	r.asked++
	return k
}

func signer(t *testing.T) receipt.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	kid, err := receipt.KeyID(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return receipt.Signer{KeyID: kid, Key: key}
}

func statementOf(r string) audit.Delivery {
	return audit.Delivery{
		Issuer: "https://accord.example", Audience: "siret:" + testRecipient, Subject: strings.Repeat("A", 43), Release: r,
		Client: "editor", Grant: "g_AAAAAAAAAAAAAAAAAAAAAA", Resource: "dss/quotient_familial", Source: "cnav",
		Retrieved: "2026-11-24T08:00:00.000Z", Log: "accord.example/log/1#7", ReleaseKey: strings.Repeat("A", 43), Data: []byte(`{}`),
	}
}

const testRelease = "019ab000-0000-7000-8000-000000000000"

// A key retired while a delivery is being signed signs nothing that leaves.
func TestADeliveryIsNotSignedWithAKeyRetiredMeanwhile(t *testing.T) {
	old, current := signer(t), signer(t)
	d := New(Config{Keys: &rotating{keys: []receipt.Signer{old, current}}, Now: time.Now})
	jws, err := d.signed(statementOf(testRelease))
	if err != nil {
		t.Fatal(err)
	}
	keys := receipt.KeySet{{KeyID: current.KeyID, Public: &current.Key.(*ecdsa.PrivateKey).PublicKey, NotBefore: time.Now().Add(-time.Hour)}}
	if _, err := audit.VerifyDelivery(jws, keys); err != nil {
		t.Errorf("not signed with the key in use: %v", err)
	}
	never := &rotating{keys: []receipt.Signer{old, current, old, current, old, current, old}}
	if _, err := New(Config{Keys: never, Now: time.Now}).signed(statementOf(testRelease)); err == nil {
		t.Error("a delivery is signed though its key was retired each time")
	}
}

// The event stays in the log; the answer names it and holds no value.
func TestADeliveryThatCannotBeSignedDoesNotLeave(t *testing.T) {
	d, f := deliverer(t, nil)
	d.Keys = &rotating{keys: []receipt.Signer{signer(t)}} // but the test's grant has no subject: refused
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	d.Mount(router)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v3/dss/quotient_familial?recipient="+testRecipient, nil)
	r.Header.Set("Authorization", "Bearer "+testToken)
	r.Header.Set("Accept", "application/jwt")
	w := httptest.NewRecorder()
	router.ServeHTTP(w, r)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), testValue) || f.delivered != 1 {
		t.Errorf("logged %d times: status %d, %s", f.delivered, w.Code, w.Body)
	}
	if w.Header().Get("Accord-Release-Id") == "" || w.Header().Get("Accord-Log") == "" {
		t.Error("the answer does not name the event that stands in the log")
	}
}
