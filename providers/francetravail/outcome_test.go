package francetravail_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"accord/providers"
	"accord/providers/francetravail"
	"accord/providers/sourcetest"
)

const (
	page    = "<html>"
	inside  = `{"codeErreur":"01","messageLog":"Erreur technique : java.util.concurrent.TimeoutException"}`
	strange = `{"codeErreur":"404","messageLog":"Individu inconnu"}`
)

// row is a refusal of France Travail's: status, body, what it must become.
func row(reference, name string, status int, body string, want providers.Outcome, cause string) sourcetest.Refusal {
	return sourcetest.Refusal{Reference: reference, Name: name, Status: status, Body: body, Outcome: want, Cause: cause, Alarm: cause == "unlisted"}
}

// The rows of reference/api-particulier.md §6.2, France Travail, and what is
// none of them.
func both() []sourcetest.Refusal {
	return []sourcetest.Refusal{
		row("6.2 500", "timed out inside", 500, inside, providers.Unavailable, "timed out"),
		row("6.2 500", "other", 500, `{"codeErreur":"02","messageLog":"Erreur"}`, providers.Unavailable, "in error"),
		row("6.2 500", "that says unknown", 500, strange, providers.Unavailable, "in error"),
		row("6.2 500", "page about a timeout", 500, "java.util.concurrent.TimeoutException", providers.Unavailable, "in error"),
		row("", "404 page", 404, page, providers.Unavailable, "unlisted"),
		row("", "404 empty", 404, "", providers.Unavailable, "unlisted"),
		row("", "404 of another service", 404, `{"errorCode":40409}`, providers.Unavailable, "unlisted"),
		row("", "400", 400, `{"codeErreur":"400","messageLog":"texte"}`, providers.Unavailable, "unlisted"),
		row("", "page with 200", 200, page, providers.Unavailable, "shape"),
		row("", "error with 200", 200, strange, providers.Unavailable, "shape"),
		row("4 XX006", "403", 403, page, providers.Refused, "credentials"),
	}
}

func ofStatus() []sourcetest.Refusal {
	const another = `{"nom":"OSTERVAL","prenom":"CAMILLE","dateNaissance":"1988-03-14T00:00:00+01:00"}`
	return []sourcetest.Refusal{
		row("6.2 statut 404", "unknown", 404, strange, providers.Unknown, "unknown"),
		row("4 XX003", "not found", 404, strange, providers.Unknown, "unknown"),
		row("6.2 statut 206", "without registration", 206, known, providers.NoFile, "registration"),
		row("6.2 statut 206", "of another person", 206, another, providers.Refused, "another person"),
		row("6.2 statut 206", "of nobody", 206, `{"prenom":"CAMILLE"}`, providers.Unavailable, "unlisted"),
		row("6.2 statut 206", "page", 206, page, providers.Unavailable, "unlisted"),
		row("6.2 statut 206", "without a birth date", 206, `{"nom":"TREMBLIN","prenom":"CAMILLE"}`, providers.Unavailable, "incomplete"),
		row("", "statut 204", 204, "", providers.Unavailable, "unlisted"),
	}
}

func ofPayments() []sourcetest.Refusal {
	return []sourcetest.Refusal{
		row("6.2 indemnités 404", "none", 404, strange, providers.NoFile, "without payments"),
		row("4 XX003", "not found", 404, strange, providers.NoFile, "without payments"),
		row("6.2 indemnités 204", "none", 204, "", providers.NoFile, "without payments"),
		row("6.2 indemnités empty", "registered", 200, `{"statutInscription":true,"listePaiement":[]}`, providers.NoFile, "without payments"),
		row("6.2 indemnités empty", "not registered", 200, `{"statutInscription":false,"listePaiement":[]}`, providers.NoFile, "without payments"),
		row("", "indemnités 206", 206, list, providers.Unavailable, "unlisted"),
	}
}

// connect makes the source over a transport.
func connect(client *http.Client, alarm func(source, what string)) (providers.Source, error) {
	return francetravail.New(francetravail.Config{
		StatusURL: "https://ft.example/status", PaymentsURL: "https://ft.example/payments", TokenURL: "https://ft.example/token",
		ClientID: "a", ClientSecret: "b", HTTP: client, Alarm: alarm, Now: now,
	})
}

func TestEveryRefusalOfTheStatusHasItsOutcome(t *testing.T) {
	sourcetest.Refuse(t, sourcetest.Table{
		Reference: append(sourcetest.CommonReference(), "4 XX003", "6.2 500", "6.2 statut 404", "6.2 statut 206"),
		Rows:      slices.Concat(both(), ofStatus(), sourcetest.Common()),
		Query:     camille(status),
		Make:      connect,
	})
}

func TestEveryRefusalOfThePaymentsHasItsOutcome(t *testing.T) {
	rows := slices.Concat(both(), ofPayments(), sourcetest.Common())
	for n := range rows {
		rows[n].Attempts = max(rows[n].Attempts, 1) + 1 // the status first
	}
	sourcetest.Refuse(t, sourcetest.Table{
		Reference: append(sourcetest.CommonReference(), "4 XX003", "6.2 500", "6.2 indemnités 404", "6.2 indemnités 204", "6.2 indemnités empty"),
		Rows:      rows,
		Query:     camille(payments),
		Make: func(client *http.Client, alarm func(source, what string)) (providers.Source, error) {
			return connect(&http.Client{Transport: statusThen{client.Transport}}, alarm)
		},
	})
}

// statusThen answers the status itself.
type statusThen struct{ next http.RoundTripper }

func (s statusThen) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != "/status" {
		return s.next.RoundTrip(r)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(whole))}, nil
}
