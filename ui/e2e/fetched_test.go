package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// A renewing agreement is fetched under without its citizen, by refresh tokens,
// in a country whose clock a test moves.
type renewing struct {
	*country.Country
	client headless.Client
	token  headless.Token // the newest
	ahead  *atomic.Int64
}

func renew(b *tab) *renewing {
	b.t.Helper()
	r := &renewing{ahead: new(atomic.Int64)}
	r.Country = own(b.t, country.Options{Now: r.now})
	r.token = recurring(b, r.Country, "camille")
	var err error
	if r.client, err = r.Client(country.Editor, "valbrume-cantine"); err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (r *renewing) now() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) }

// fetch renews the token a day later and reads with it.
func (r *renewing) fetch(b *tab) {
	b.t.Helper()
	r.ahead.Add(int64(24 * time.Hour))
	token, err := r.client.Renew(r.token.Refresh, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.token = token
	status, _, body, err := headless.Read(r.Accord+"/v3/dss/quotient_familial?recipient="+r.client.Recipient, token.Access)
	if err != nil || status != http.StatusOK {
		b.t.Fatalf("fetching: %d %s, %v", status, body, err)
	}
}

// detail is the agreement's page in « Mes accords ».
func (r *renewing) detail(b *tab) *tab {
	b.t.Helper()
	b.goTo(r.Accord + "/mes-accords").click("#submit")
	return identify(b, "camille").expect("article").goTo(r.Accord + "/mes-accords/" + r.token.GrantID).expect("#t-suite")
}

// words of the timeline, by language.
func fetchedWords(b *tab) (sent, datum, alone, replaced string) {
	b.t.Helper()
	if eval[string](b, `document.documentElement.lang`) == "fr" {
		return "Données transmises à l'organisme", "Quotient familial", "sans vous, comme vous l'aviez accepté", "un jeton remplacé a été présenté de nouveau"
	}
	return "Data sent to the organisation", "quotient", "without you, as you had agreed", "a replaced token was presented again"
}

// toFetched stands on an agreement fetched under on two days: each fetch is
// told with its own day and its data, and counted.
func toFetched(b *tab) {
	b.t.Helper()
	r := renew(b)
	r.fetch(b)
	first := r.now()
	r.fetch(b)
	r.detail(b)
	sent, datum, alone, _ := fetchedWords(b)
	lines := eval[[]string](b, `[...document.querySelectorAll('.ac-line li')].map(l=>l.querySelector('time').dateTime+' '+l.innerText.replace(/[\s\u00a0]+/g,' ').replaceAll('’',"'"))`)
	var days []string
	for _, l := range lines {
		if strings.Contains(l, alone) && strings.Contains(l, sent) && strings.Contains(l, datum) {
			days = append(days, l[:len(time.DateOnly)])
		}
	}
	want := []string{first.UTC().Format(time.DateOnly), r.now().UTC().Format(time.DateOnly)}
	if fmt.Sprint(days) != fmt.Sprint(want) {
		b.t.Errorf("fetches are told on %v, were on %v: %q", days, want, lines)
	}
}

// toReplaced stands on an agreement that a replaced token ended, and says so.
func toReplaced(b *tab) {
	b.t.Helper()
	r := renew(b)
	old := r.token.Refresh
	r.fetch(b)
	r.ahead.Add(int64(2 * time.Minute))
	if token, err := r.client.Renew(old, nil); err == nil || token.Error != "invalid_grant" {
		b.t.Fatalf("a replaced token gave %d", token.Status)
	}
	r.detail(b)
	_, _, _, replaced := fetchedWords(b)
	wants(b.t, strings.ReplaceAll(b.text(".ac-line"), "’", "'"), replaced)
	if b.has("#withdraw") {
		b.t.Error("an agreement that ended can be withdrawn")
	}
}
