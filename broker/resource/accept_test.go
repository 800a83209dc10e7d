package resource

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// JSON is what API Particulier's clients know: it is signed only for who asks.
func TestADeliveryIsWrittenInTheFormPreferred(t *testing.T) {
	const refused = form("")
	for accept, want := range map[string]form{
		"":                                  envelopeForm,
		"*/*":                               envelopeForm,
		"application/*":                     envelopeForm,
		"application/json":                  envelopeForm,
		"application/json; charset=utf-8":   envelopeForm,
		"text/html, */*;q=0.1":              envelopeForm,
		"application/jwt":                   signedForm,
		"Application/JWT":                   signedForm,
		"application/jwt, */*;q=0.5":        signedForm,
		"application/jwt, application/json": envelopeForm,
		"application/jwt;q=0.9, application/json;q=0.8": signedForm,
		"application/jwt;q=0.8, application/json;q=0.9": envelopeForm,
		"application/json;q=0, application/*":           signedForm,
		"*/*, application/json;q=0":                     signedForm,
		"application/jwt;q=0, */*":                      envelopeForm,
		"application/jwt;q=2, application/json;q=0.1":   envelopeForm,
		"application/jwt;q=NaN":                         envelopeForm, // no range that can be read
		"application/jwt;q=0":                           refused,
		"text/html":                                     refused,
		"text/html, application/xml;q=0.9":              refused,
		"*/*;q=0":                                       refused,
		"application/jwt;q=0, application/json;q=0":     refused,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		if accept != "" {
			r.Header.Set("Accept", accept)
		}
		if got, ok := formOf(r); got != want || ok != (want != refused) {
			t.Errorf("Accept: %s gives %q, %v; want %q", accept, got, ok, want)
		}
	}
}

func TestSeveralAcceptHeadersAreOne(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.Header["Accept"] = []string{"text/html", "application/jwt"}
	if got, ok := formOf(r); got != signedForm || !ok {
		t.Errorf("two headers give %q", got)
	}
}
