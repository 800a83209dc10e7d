package cnav_test

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"

	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/sourcetest"
)

// refusal is a row of the hub's: status, body, regime of X-APISECU-FD.
func refusal(reference, name string, status int, body, regime string, want providers.Outcome, cause string) sourcetest.Refusal {
	r := sourcetest.Refusal{Reference: reference, Name: name, Status: status, Body: body, Outcome: want, Cause: cause, Alarm: cause == "unlisted"}
	if regime != "" {
		r.Header = http.Header{"X-Apisecu-Fd": {regime}}
	}
	return r
}

// ofResource are the answers whose outcome depends on the resource asked.
func ofResource(resource string) []sourcetest.Refusal {
	const cnaf, other = "00810011", "12345678"
	unlisted := refusal("6.1 other", "200 of an unlisted regime", 200, "{}", other, providers.Unavailable, "unlisted")
	switch resource {
	case cnav.ComplementaireSanteSolidaire:
		return []sourcetest.Refusal{unlisted, refusal("6.1 other", "200 of no regime", 200, "{}", "", providers.Unavailable, "incomplete")}
	case cnav.ParticipationFamilialeEAJE:
		grown := strings.Replace(nursery, "2021-06-02", "2019-10-14", 1)
		unlisted = refusal("4 37003", "no child under seven", 200, grown, cnaf, providers.NoFile, "no child under seven")
	}
	return []sourcetest.Refusal{unlisted, refusal("6.1 other", "200 of no regime", 200, "{}", "", providers.Unavailable, "unlisted")}
}

// The hub's own error codes, reference/api-particulier.md §6.1, and what is
// none of them.
func refusals() []sourcetest.Refusal {
	const page, cnaf, msa, other = "<html>", "00810011", "00171001", "12345678"
	code := func(n int) string { return fmt.Sprintf(`{"errorCode":%d,"error":"texte"}`, n) }
	return []sourcetest.Refusal{
		refusal("6.1 40002", "name absent", 400, code(40002), "", providers.Refused, "civil identity"),
		refusal("6.1 40013", "class expected", 400, code(40013), "", providers.Refused, "civil identity"),
		refusal("6.1 40409", "not in the register", 404, code(40409), "", providers.Unknown, "civil register"),
		refusal("6.1 40406", "no regime", 404, code(40406), "", providers.Unknown, "no regime"),
		refusal("6.1 40412", "no regime either", 404, code(40412), "", providers.Unknown, "no regime"),
		refusal("6.1 40401", "CNAF", 404, code(40401), cnaf, providers.NoFile, "no file"),
		refusal("6.1 40401", "MSA", 404, code(40401), msa, providers.NoFile, "no file"),
		refusal("6.1 404", "40401 of no regime", 404, code(40401), "", providers.Unavailable, "unlisted"),
		refusal("6.1 404", "40401 of an unlisted regime", 404, code(40401), other, providers.Unavailable, "unlisted"),
		refusal("6.1 404", "unlisted code", 404, code(40499), cnaf, providers.Unavailable, "unlisted"),
		refusal("6.1 404", "page", 404, page, "", providers.Unavailable, "unlisted"),
		refusal("6.1 404", "empty", 404, "", "", providers.Unavailable, "unlisted"),
		refusal("6.1 429", "of the hub", 429, code(42900), "", providers.Unavailable, "limit"),
		refusal("6.1 500", "50001", 500, code(50001), "", providers.Unavailable, "in error"),
		refusal("6.1 500", "that says not found", 500, code(40409), cnaf, providers.Unavailable, "in error"),
		refusal("6.1 other", "unlisted 400", 400, code(40099), "", providers.Unavailable, "unlisted"),
		refusal("6.1 other", "400 of a gateway", 400, page, "", providers.Unavailable, "unlisted"),
		refusal("6.1 other", "code out of range", 404, code(4040900), cnaf, providers.Unavailable, "unlisted"),
		refusal("6.1 other", "code of another status", 400, code(40409), "", providers.Unavailable, "unlisted"),
		refusal("6.1 other", "page with 200", 200, page, cnaf, providers.Unavailable, "shape"),
		refusal("6.1 other", "error with 200", 200, code(40409), cnaf, providers.Unavailable, "shape"),
		refusal("6.1 other", "no content", 204, "", cnaf, providers.Unavailable, "unlisted"),
		refusal("4 XX006", "403", 403, page, "", providers.Refused, "credentials"),
		refusal("4 XX015", "several", 409, code(40901), "", providers.Ambiguous, "several"),
		refusal("", "409 of a gateway", 409, page, "", providers.Unavailable, "unlisted"),
		refusal("4 XX003", "not found at CNAF", 404, code(40401), cnaf, providers.NoFile, "no file"),
	}
}

func TestEveryRefusalOfTheReferenceHasItsOutcome(t *testing.T) {
	reference := append(sourcetest.CommonReference(), "4 XX003", "4 XX015", "6.1 40002", "6.1 40013", "6.1 40409", "6.1 40406", "6.1 40412", "6.1 40401", "6.1 404", "6.1 429", "6.1 500", "6.1 other")
	for _, name := range cnav.Names() {
		t.Run(path.Base(name), func(t *testing.T) {
			rows := slices.Clone(reference)
			if name == cnav.ParticipationFamilialeEAJE {
				rows = append(rows, "4 37003")
			}
			sourcetest.Refuse(t, sourcetest.Table{
				Reference: rows,
				Rows:      slices.Concat(refusals(), ofResource(name), sourcetest.Common()),
				Query:     of(name, camille()),
				Make: func(client *http.Client, alarm func(source, what string)) (providers.Source, error) {
					return cnav.New(cnav.Config{
						TokenURL: "https://hub.example/token", ClientID: "a", ClientSecret: "b", Resources: at("https://hub.example"),
						HTTP: client, Alarm: alarm, Now: now,
					})
				},
			})
		})
	}
}
