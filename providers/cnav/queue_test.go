package cnav_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/sourcetest"
)

// Turns go round the recipients of the queries, whatever resources they ask:
// sixty of one do not hold up three of another.
func TestARecipientsHundredQueriesDoNotDelayAnothersFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, err := cnav.New(cnav.Config{
			TokenURL: "https://hub.example/token", ClientID: "a", ClientSecret: "b", Resources: at("https://hub.example"), Rate: 10, Burst: 1, Now: now,
			HTTP: &http.Client{Transport: sourcetest.Refusal{Status: http.StatusNotFound, Body: `{"errorCode":40409}`}},
		})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		last := map[string]time.Duration{}
		var mu sync.Mutex // guards last
		var group sync.WaitGroup
		send := func(recipient string, n int) {
			for n := range n {
				group.Go(func() {
					q := of(cnav.Names()[n%8], camille())
					q.Recipient, q.Attempt = recipient, attempt
					if a := source.Query(t.Context(), q); a.Outcome != providers.Unknown {
						t.Errorf("outcome %s (%v)", a.Outcome, a.Cause)
					}
					mu.Lock()
					defer mu.Unlock()
					last[recipient] = time.Since(began)
				})
			}
			synctest.Wait()
		}
		send(recipient, 60)
		send("99900020100015", 3)
		group.Wait()
		if few, many := last["99900020100015"], last[recipient]; few > 600*time.Millisecond || many != 6200*time.Millisecond {
			t.Errorf("the last of the few after %s, of the many after %s; want 600 ms at most, 6.2 s", few, many)
		}
	})
}
