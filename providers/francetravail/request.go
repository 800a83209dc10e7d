package francetravail

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"accord/providers"
)

// Input names what the citizen types, in Query.Inputs.
const Input = "identifiant"

const maxIdentifier = 64 // characters

var (
	errResource   = errors.New("not a resource of this source")
	errIdentifier = errors.New("identifier typed is missing or malformed")
	errRequest    = errors.New("request to France Travail cannot be made")
)

// check refuses, before any call, what cannot be asked; spaces around the
// identifier are not meant.
func check(q providers.Query) (identifier string, err error) {
	if q.Resource != ResourceStatus && q.Resource != ResourcePayments {
		return "", errResource
	}
	identifier = strings.TrimSpace(q.Inputs[Input])
	length := utf8.RuneCountInString(identifier)
	if length == 0 || length > maxIdentifier || !utf8.ValidString(identifier) || strings.ContainsFunc(identifier, unicode.IsControl) {
		return "", errIdentifier
	}
	return identifier, nil
}

// A build makes the request of an attempt.
type build = func(ctx context.Context, requestID string) (*http.Request, error)

// askStatus posts the bare identifier: despite its content type, not JSON.
func (s *Source) askStatus(q providers.Query, identifier string) build {
	return func(ctx context.Context, requestID string) (*http.Request, error) {
		return request(ctx, http.MethodPost, s.statusURL, strings.NewReader(identifier), q, requestID)
	}
}

func (s *Source) askPayments(q providers.Query, identifier string) build {
	address := s.paymentsURL + "?" + url.Values{"loginMnemotechnique": {identifier}}.Encode()
	return func(ctx context.Context, requestID string) (*http.Request, error) {
		return request(ctx, http.MethodGet, address, nil, q, requestID)
	}
}

func request(ctx context.Context, method, address string, body io.Reader, q providers.Query, requestID string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, errRequest // the library's own may quote the identifier
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Correlation-ID", requestID)
	r.Header.Set("X-pe-consommateur", "ACCORD - "+q.Recipient)
	return r, nil
}
