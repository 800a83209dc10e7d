package resource

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/journey"
	"accord/broker/seal"
	"accord/broker/store"
	"accord/consent"
	"accord/consent/audit"
	"accord/oidc/issuer"
)

const (
	testToken     = journey.TokenPrefix + "invented"
	testRecipient = "99900010200015"
	testValue     = "742170318" // stands in no other word of an answer
)

// A fixed store knows one live token. Its Deliver answers with err.
type fixed struct {
	store.Store
	t         *testing.T
	err       error
	delivered int
	failed    int
}

func (f *fixed) Token(context.Context, store.Hash) (store.TokenState, error) {
	key := make([]byte, seal.KeySize)
	snapshot := journey.Snapshot{Parts: map[string]journey.Part{consent.ResourceQuotientFamilial: {
		Document: json.RawMessage(`{"quotient_familial":{"valeur":` + testValue + `}}`), Data: []string{"cnaf_quotient_familial"},
	}}}
	bound, err := json.Marshal(journey.Bound{})
	plain, errPlain := json.Marshal(snapshot)
	if err := errors.Join(err, errPlain); err != nil {
		f.t.Fatal(err)
	}
	return store.TokenState{
		InForce: true, ExpiresAt: time.Now().Add(time.Minute), Grant: store.Grant{Recipient: testRecipient, Data: []string{"cnaf_quotient_familial"}},
		Bound:    seal.Seal([]byte(testToken), journey.TokenPurpose, bound),
		Wrapped:  seal.Seal([]byte(testToken), journey.TokenSnapshotPurpose, key),
		Snapshot: &store.StoredSnapshot{ID: "snapshot", Sealed: seal.Seal(key, journey.SnapshotPurpose, plain)},
	}, nil
}

func (f *fixed) Deliver(_ context.Context, cmd store.DeliverCmd) (store.Logged, error) {
	f.delivered++
	if cmd.Event.ResponseDigest == "" || strings.Contains(cmd.Event.ResponseDigest, testValue) {
		f.t.Errorf("response digest %q", cmd.Event.ResponseDigest)
	}
	return store.Logged{}, f.err
}

func (f *fixed) FailDelivery(context.Context, store.FailDeliveryCmd) (store.Logged, error) {
	f.failed++
	return store.Logged{}, nil
}

func deliverer(t *testing.T, deliver error) (*Deliverer, *fixed) {
	t.Helper()
	f := &fixed{t: t, err: deliver}
	return New(Config{Store: f, Proofs: possession{}, Now: time.Now, Log: slog.New(slog.DiscardHandler)}), f
}

// possession is what the issuer would say of who presents a token.
type possession struct{ refusal *issuer.Error }

func (p possession) Possession(*http.Request, string, string) *issuer.Error { return p.refusal }
func (possession) Nonce() string                                            { return "nonce" }

// Nothing is opened or logged for a token whose key was not shown.
func TestARefusedProofIsNoDeliveryAndNoFailedOne(t *testing.T) {
	for code, want := range map[string]int{"invalid_dpop_proof": http.StatusUnauthorized, "temporarily_unavailable": http.StatusServiceUnavailable} {
		d, f := deliverer(t, nil)
		d.Proofs = possession{issuer.NewError(code, "")}
		w := get(t, d)
		if w.Code != want || f.delivered+f.failed != 0 || strings.Contains(w.Body.String(), testValue) || w.Header().Get("DPoP-Nonce") != "nonce" {
			t.Errorf("%s: %d, %d delivered, %d failed: %s", code, w.Code, f.delivered, f.failed, w.Body)
		}
	}
}

func get(t *testing.T, d *Deliverer) *httptest.ResponseRecorder {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	d.Mount(router)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v3/dss/quotient_familial?recipient="+testRecipient, nil)
	r.Header.Set("Authorization", "Bearer "+testToken)
	w := httptest.NewRecorder()
	router.ServeHTTP(w, r)
	return w
}

// refusals are all a store may say to a delivery, and what the receiver hears.
func refusals() map[error]int {
	return map[error]int{
		store.ErrRevoked: http.StatusUnauthorized, store.ErrExpired: http.StatusUnauthorized, store.ErrNotFound: http.StatusUnauthorized,
		store.ErrNotCovered: http.StatusForbidden, store.ErrConflict: http.StatusServiceUnavailable, store.ErrUnknown: http.StatusServiceUnavailable,
		store.ErrOverloaded: http.StatusServiceUnavailable, store.ErrUnavailable: http.StatusServiceUnavailable,
	}
}

// Promise 2: the token is alive at the read before; only the event's own
// transaction authorises.
func TestADeliveryTheLogRefusesDoesNotLeave(t *testing.T) {
	for refusal, status := range refusals() {
		d, _ := deliverer(t, refusal)
		if w := get(t, d); w.Code != status || strings.Contains(w.Body.String(), testValue) || w.Header().Get("Accord-Release-Key") != "" {
			t.Errorf("%v: status %d, %s", refusal, w.Code, w.Body)
		}
	}
	d, f := deliverer(t, nil)
	if w := get(t, d); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), testValue) || f.delivered != 1 {
		t.Errorf("logged %d times: status %d, %s", f.delivered, w.Code, w.Body)
	}
}

// Promise 1, for userinfo.
func TestNoClaimLeavesBeforeItsDeliveryIsDurable(t *testing.T) {
	for refusal := range refusals() {
		d, _ := deliverer(t, refusal)
		if claims, header, e := d.UserinfoClaims(t.Context(), nil, testToken); e == nil || len(claims) > 0 || len(header) > 0 {
			t.Errorf("%v: %d claims, %d headers, error %v", refusal, len(claims), len(header), e)
		}
	}
	d, f := deliverer(t, nil)
	claims, header, e := d.UserinfoClaims(t.Context(), nil, testToken)
	if e != nil || len(claims) != 1 || header.Get("Accord-Log") == "" || f.delivered != 1 {
		t.Errorf("logged %d times: %d claims, header %v, error %v", f.delivered, len(claims), header, e)
	}
}

// The event names what leaves and no more: an absence delivers no field.
func TestTheDeliveryEventNamesWhatLeaves(t *testing.T) {
	s := journey.Snapshot{Parts: map[string]journey.Part{
		"a": {Document: json.RawMessage(`{}`), Data: []string{"z", "b"}, Fields: []string{"a#z", "a#b"}},
		"n": {Data: []string{"absent"}, Fields: []string{"n#absent"}},
		"o": {Document: json.RawMessage(`{}`), Data: []string{"other"}, Fields: []string{"o#other"}},
	}}
	data, fields := delivered(s, []string{"a", "n"})
	got := audit.Event{Data: data, Fields: fields}
	if strings.Join(got.Data, " ") != "absent b z" || strings.Join(got.Fields, " ") != "a#b a#z" {
		t.Errorf("event names %v and %v", got.Data, got.Fields)
	}
}
