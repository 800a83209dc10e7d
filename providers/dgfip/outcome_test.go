package dgfip_test

import (
	"net/http"
	"slices"
	"testing"

	"accord/providers"
	"accord/providers/dgfip"
	"accord/providers/sourcetest"
)

// DGFiP's refusals, reference/api-particulier.md §6.3: "not found is spread
// over 204, 403, 404, 410"; and what is none of them.
func refusals() []sourcetest.Refusal {
	erreur := func(message string) string { return `{"erreur":{"message":"` + message + `"}}` }
	const page, gateway = "<html>", `{"code":"404","type":"Status report","message":"Not Found"}`
	row := func(reference, name string, status int, body string, want providers.Outcome, cause string) sourcetest.Refusal {
		return sourcetest.Refusal{Reference: reference, Name: name, Status: status, Body: body, Outcome: want, Cause: cause, Alarm: cause == "unlisted"}
	}
	return []sourcetest.Refusal{
		row("6.3 204", "", 204, "", providers.NoFile, "no notice"),
		row("6.3 404", "of DGFiP", 404, erreur("aucun avis"), providers.NoFile, "no notice"),
		row("6.3 404", "empty", 404, "", providers.NoFile, "no notice"),
		row("6.3 404", "{}", 404, " {} ", providers.NoFile, "no notice"),
		row("6.3 404", "unknown", 404, erreur("Usager inconnu."), providers.Unknown, "unknown to DGFiP"),
		row("6.3 404", "page", 404, page, providers.Unavailable, "unlisted"),
		row("6.3 404", "of a gateway", 404, gateway, providers.Unavailable, "unlisted"),
		row("6.3 410", "of DGFiP", 410, erreur("avis retiré"), providers.NoFile, "no notice"),
		row("6.3 410", "page", 410, page, providers.Unavailable, "unlisted"),
		row("6.3 403", "unknown", 403, erreur("personne non trouvée"), providers.Unknown, "unknown to DGFiP"),
		row("6.3 403", "entitlement", 403, erreur("périmètre non autorisé"), providers.Refused, "not entitled"),
		row("6.3 403", "empty", 403, "", providers.Refused, "not entitled"),
		row("6.3 403", "of a gateway", 403, page, providers.Refused, "not entitled"),
		row("6.3 400", "format SPI incorrect", 400, erreur("format SPI incorrect"), providers.Refused, "refuses this request"),
		row("", "400 of a gateway", 400, page, providers.Unavailable, "unlisted"),
		row("", "500 that says unknown", 500, erreur("usager inconnu"), providers.Unavailable, "in error"),
		row("", "409", 409, erreur("conflit"), providers.Unavailable, "unlisted"),
		row("", "200 refusal", 200, erreur("usager inconnu"), providers.Unavailable, "shape"),
		row("", "200 empty", 200, "", providers.Unavailable, "shape"),
		row("4 XX003", "not found", 404, erreur("aucun avis"), providers.NoFile, "no notice"),
	}
}

func TestEveryRefusalOfTheReferenceHasItsOutcome(t *testing.T) {
	q := ask(nadia(), "token-of-nadia")
	sourcetest.Refuse(t, sourcetest.Table{
		Reference: append(sourcetest.CommonReference(), "4 XX003", "6.3 204", "6.3 400", "6.3 403", "6.3 404", "6.3 410"),
		Rows:      slices.Concat(refusals(), sourcetest.Common()),
		Query:     q,
		Make: func(client *http.Client, alarm func(source, what string)) (providers.Source, error) {
			return dgfip.New(dgfip.Config{
				URL: "https://dgfip.example", TokenURL: "https://dgfip.example/token", ClientID: "a", ClientSecret: "b",
				HTTP: client, Alarm: alarm, Now: now,
			})
		},
	})
}
