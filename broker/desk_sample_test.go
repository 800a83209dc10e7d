package broker_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"accord/broker/admin"
	"accord/broker/operator"
	"accord/cmd/accord-demo/country"
)

// sampled asks for a draw as an operator would, the clock set to now.
func sampled(t *testing.T, c *country.Country, now time.Time, month string, most int) (int, operator.Sampled) {
	t.Helper()
	acts := operator.New(operator.Config{Store: c.Store, Keys: c.Keys, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}).Handler()
	r := httptest.NewRequest(http.MethodPost, "/desk/sample", strings.NewReader(fmt.Sprintf(`{"month":%q,"recipient":"","most":%d}`, month, most)))
	rec := httptest.NewRecorder()
	acts.ServeHTTP(rec, r.WithContext(admin.AsPeer(r.Context(), 1001)))
	var s operator.Sampled
	if rec.Code == http.StatusOK {
		if err := json.Unmarshal(rec.Body.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
	}
	return rec.Code, s
}

// The draw is the log's, not the operator's: the same whenever asked, over
// acts of the desk alone, each with what leads to its paper; and refused while
// the month's end could still be chosen.
func TestTheMonthlySampleIsDrawnByTheLogAndLeadsToThePaper(t *testing.T) {
	c := ownCountry(t, nil)
	b := atWork(t, c, "ines")
	for n := range 4 {
		if p := atDesk(t, c, b, "camille", "signed_paper", url.Values{"papier": {"scan"}, "dossier": {fmt.Sprintf("dossier-%d", n)}}); p.Status != http.StatusOK {
			t.Fatalf("%d %s", p.Status, p.Words())
		}
	}
	token(t, c, canteen(t, c), "camille")
	now := time.Now().UTC()
	month, later := now.Format("2006-01"), now.AddDate(0, 1, 1)
	if code, _ := sampled(t, c, now, month, 2); code != http.StatusBadRequest {
		t.Errorf("drawn before the month is over: %d", code)
	}
	code, first := sampled(t, c, later, month, 2)
	if code != http.StatusOK || first.Acts != 4 || len(first.Drawn) != 2 {
		t.Fatalf("drawn %d: %+v", code, first)
	}
	for _, d := range first.Drawn {
		if !strings.HasPrefix(d.FileNumber, "dossier-") || d.Agreement != "signed_paper" || len(d.Paper) != 64 || d.Agent != "ines" || d.Receipt == "" {
			t.Errorf("does not lead to the paper: %+v", d)
		}
	}
	// The draw itself was logged, this month; what is logged after the month's end never counts.
	if _, next := sampled(t, c, later, now.AddDate(0, -1, 0).Format("2006-01"), 2); next.Acts != 0 || next.Size != 0 {
		t.Errorf("another month: %+v", next)
	}
	if _, all := sampled(t, c, later, month, 20); len(all.Drawn) != 4 {
		t.Errorf("all of them: %+v", all)
	}
	if _, again := sampled(t, c, later, month, 2); again.Acts != first.Acts || len(again.Drawn) != 2 || again.Size < first.Size {
		t.Errorf("again: %+v", again)
	} else if again.Root == first.Root && !reflect.DeepEqual(again.Drawn, first.Drawn) {
		t.Errorf("the same root draws others: %+v, %+v", first, again)
	}
}
