package franceconnect

import (
	"net/http"
	"testing"
	"time"
)

// Two calls and the citizen's way back must fit in a grant of 30 seconds.
func TestNoCallWaitsLongerThanFiveSeconds(t *testing.T) {
	for _, given := range []*http.Client{nil, {}, {Timeout: time.Minute}, {Timeout: -1}} {
		if got := client(given).Timeout; got != 5*time.Second {
			t.Errorf("timeout %v", got)
		}
	}
	if got := client(&http.Client{Timeout: time.Second}).Timeout; got != time.Second {
		t.Errorf("a shorter timeout became %v", got)
	}
}
