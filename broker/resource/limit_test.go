package resource

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

// TestATokenReadsTwentyTimesASecond: the count is the token's own, told on every
// answer, and what is over is no delivery.
func TestATokenReadsTwentyTimesASecond(t *testing.T) {
	gin.SetMode(gin.ReleaseMode)
	now := time.Unix(1_795_000_000, 0)
	kept := &fixed{t: t}
	d := New(Config{Store: kept, Proofs: possession{}, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	r := gin.New()
	d.Mount(r)
	ask := func(token string) *httptest.ResponseRecorder {
		q := httptest.NewRequest(http.MethodGet, "/v3/dss/quotient_familial?recipient="+testRecipient, nil)
		q.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		r.ServeHTTP(w, q)
		return w
	}
	for n := range perSecond {
		w := ask(testToken)
		if w.Code != http.StatusOK || w.Header().Get("RateLimit-Remaining") != strconv.Itoa(perSecond-1-n) {
			t.Fatalf("request %d: %d, remaining %q", n, w.Code, w.Header().Get("RateLimit-Remaining"))
		}
	}
	spelt := httptest.NewRequest(http.MethodGet, "/v3/dss/quotient_familial?recipient="+testRecipient, nil)
	spelt.Header.Set("Authorization", "bEARER "+testToken)
	w := httptest.NewRecorder()
	if r.ServeHTTP(w, spelt); w.Code != http.StatusTooManyRequests {
		t.Errorf("the scheme in other letters has a count of its own: %d", w.Code)
	}
	over := ask(testToken)
	if over.Code != http.StatusTooManyRequests || over.Header().Get("Retry-After") != "1" || kept.delivered != perSecond {
		t.Errorf("over the limit: %d after %d deliveries", over.Code, kept.delivered)
	}
	if got := over.Header().Get("RateLimit-Reset"); got != strconv.FormatInt(now.Unix()+1, 10) {
		t.Errorf("reset %s", got)
	}
	if w := ask(testToken + "other"); w.Header().Get("RateLimit-Remaining") != strconv.Itoa(perSecond-1) {
		t.Error("another token shares the count")
	}
	now = now.Add(time.Second)
	if w := ask(testToken); w.Code != http.StatusOK {
		t.Errorf("the next second: %d", w.Code)
	}
}
