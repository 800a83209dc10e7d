package cnav_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"accord/providers"
	"accord/providers/upstream"
)

// Every refusal of reference/api-particulier.md §6.1, and what is none.
func TestRefusalsOfTheHub(t *testing.T) {
	const page = "<html>"
	code := func(n int) string { return fmt.Sprintf(`{"errorCode":%d,"error":"texte"}`, n) }
	for _, c := range []struct {
		name, body, regime string
		status             int
		want               providers.Outcome
		unlisted           bool
	}{
		{"name absent", code(40002), "", 400, providers.Refused, false},
		{"class expected", code(40013), "", 400, providers.Refused, false},
		{"other 400", code(40099), "", 400, providers.Refused, false},
		{"400 of a gateway", page, "", 400, providers.Unavailable, true},
		{"401", page, "", 401, providers.Refused, false},
		{"403", page, "", 403, providers.Refused, false},
		{"not in the register", code(40409), "", 404, providers.Unknown, false},
		{"no regime", code(40406), "", 404, providers.Unknown, false},
		{"no regime either", code(40412), "", 404, providers.Unknown, false},
		{"no file at CNAF", code(40401), "00810011", 404, providers.NoFile, false},
		{"no file at MSA", code(40401), "00171001", 404, providers.NoFile, false},
		{"40401 of no regime", code(40401), "", 404, providers.Unavailable, true},
		{"40401 of an unlisted regime", code(40401), "12345678", 404, providers.Unavailable, true},
		{"unlisted 404", code(40499), "00810011", 404, providers.Unavailable, true},
		{"404 page", page, "", 404, providers.Unavailable, true},
		{"empty 404", "", "", 404, providers.Unavailable, true},
		{"several", code(40901), "", 409, providers.Ambiguous, false},
		{"409 of a gateway", page, "", 409, providers.Unavailable, true},
		{"429", code(42900), "", 429, providers.Unavailable, false},
		{"500", code(50001), "", 500, providers.Unavailable, false},
		{"502", page, "", 502, providers.Unavailable, false},
		{"503", page, "", 503, providers.Unavailable, false},
		{"504", page, "", 504, providers.Unavailable, false},
		{"teapot", code(1), "", 418, providers.Unavailable, true},
		{"no content", "", "", 204, providers.Unavailable, true},
		{"partial content", `{}`, "00810011", 206, providers.Unavailable, true},
		{"moved", "", "", 301, providers.Unavailable, true},
		{"200 of no regime", `{}`, "", 200, providers.Unavailable, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := query(t, camille(), func(w http.ResponseWriter, _ *http.Request) {
				if c.regime != "" {
					w.Header().Set("X-APISECU-FD", c.regime)
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			var unlisted *upstream.Unlisted
			if a.Outcome != c.want || errors.As(a.Cause, &unlisted) != c.unlisted || a.Document != nil {
				t.Errorf("outcome %s (%v), want %s", a.Outcome, a.Cause, c.want)
			}
		})
	}
}
