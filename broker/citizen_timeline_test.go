package broker_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// The timeline goes on to the agreement's end, which no event of the log is,
// and an end that is a day is told as a day.
func TestTheTimelineTellsTheEndOfAnAgreement(t *testing.T) {
	var ahead atomic.Int64
	c, err := country.Start(t.Context(), country.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, tok := agreeLater(t, c, canteen(t, c), "camille")
	b := lookBack(t, c)
	before, list := historyOf(t, c, b, tok.GrantID, "fr")
	if strings.Contains(before, "a pris fin à sa date") {
		t.Error("an agreement that lives is said to have ended")
	}
	for _, page := range []string{before, list} {
		if strings.Contains(page, "22 h 59") || strings.Contains(page, "23 h 59") {
			t.Errorf("a last day is told as an hour: %s", page)
		}
	}
	ahead.Store(int64(40 * 24 * time.Hour))
	b = lookBack(t, c)
	after, _ := historyOf(t, c, b, tok.GrantID, "fr")
	if !strings.Contains(after, "L’accord a pris fin à sa date") || !strings.Contains(after, "calculé d’après la date de fin") {
		t.Errorf("the end is not told: %s", after)
	}
}

// Who asked for an identifier alone asked to see no data.
func TestTheTimelineOfAnIdentifierAloneSpeaksOfNoData(t *testing.T) {
	c := ownCountry(t, nil)
	client, err := c.Client(country.Account, "valbrume-compte")
	if err != nil {
		t.Fatal(err)
	}
	w, err := c.Walk(client)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.See("camille"); err != nil {
		t.Fatal(err)
	}
	tok, err := w.Request.Exchange(w.Page.Stopped)
	if err != nil {
		t.Fatal(err)
	}
	b := headless.New()
	if _, err := c.LookBack(b, "camille"); err != nil {
		t.Fatal(err)
	}
	detail, _ := historyOf(t, c, b, tok.GrantID, "fr")
	if strings.Contains(detail, "Vous avez demandé à voir") || !strings.Contains(detail, "Vous avez demandé à vous identifier") {
		t.Errorf("%s", detail)
	}
}
