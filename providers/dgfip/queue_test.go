package dgfip_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"accord/providers"
	"accord/providers/dgfip"
	"accord/providers/sourcetest"
	"accord/providers/upstream"
)

// A turn that would come in FranceConnect's last five seconds never comes.
func TestTheQueueEndsFiveSecondsBeforeFranceConnectsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source, err := dgfip.New(dgfip.Config{
			URL: "https://dgfip.example", TokenURL: "https://dgfip.example/token", ClientID: "a", ClientSecret: "b", Rate: 1, Burst: 1,
			HTTP: &http.Client{Transport: sourcetest.Refusal{Status: http.StatusNoContent}},
		})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		q := ask(nadia(), "token-of-nadia")
		q.TokenExpires = began.Add(9500 * time.Millisecond)
		q.Attempt = func(context.Context) (providers.Attempt, error) {
			return providers.Attempt{RequestID: "r"}, nil
		}
		answers := make([]providers.Answer, 20)
		var group sync.WaitGroup
		for n := range answers {
			group.Go(func() { answers[n] = source.Query(t.Context(), q) })
		}
		group.Wait()
		served, late := 0, 0
		for _, a := range answers {
			switch {
			case a.Outcome == providers.NoFile:
				served++
			case a.Outcome == providers.Unavailable && errors.Is(a.Cause, upstream.ErrQuota):
				late++
			}
		}
		if took := time.Since(began); served != 5 || late != 15 || took != 4500*time.Millisecond {
			t.Errorf("%d served, %d too late, after %s; want 5 and 15 after 4.5 s", served, late, took)
		}
	})
}
