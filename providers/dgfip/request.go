package dgfip

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"accord/providers"
)

// Path of a notice, below Config.URL and before the income year.
const Path = "/impotparticulier/1.0/situations/ir/assiettes/annrev/"

func (s *Source) builder(q providers.Query, year int) func(context.Context, string) (*http.Request, error) {
	return func(ctx context.Context, requestID string) (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+Path+strconv.Itoa(year), nil)
		if err != nil {
			return nil, errors.New("request to DGFiP cannot be made")
		}
		r.Header.Set("Accept", "application/json")
		r.Header.Set("X-Correlation-ID", requestID)
		r.Header.Set("X-FranceConnect-OAuth", q.FranceConnectToken)
		r.Header.Set("ID_Teleservice", q.Teleservice)
		return r, nil
	}
}
