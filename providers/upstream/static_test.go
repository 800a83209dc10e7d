package upstream_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"accord/providers"
	"accord/providers/upstream"
)

// A token that nobody renews is sent as it is, and refused once only; a
// person's own takes its place for one question.
func TestAStaticTokenIsSentAndNotRenewed(t *testing.T) {
	for name, c := range map[string]struct{ own, want string }{
		"the credential's":   {"", "Bearer given"},
		"the person's":       {"personal", "Bearer personal"},
		"one of two lines":   {"a\r\nb", ""},
		"one with a space":   {"a b", ""},
		"one beyond a limit": {string(make([]byte, 9<<10)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			var seen []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				seen = append(seen, r.Header.Get("Authorization"))
				w.WriteHeader(http.StatusUnauthorized)
			}))
			defer server.Close()
			client, err := upstream.New(upstream.Config{StaticToken: "given"})
			if err != nil {
				t.Fatal(err)
			}
			a := client.Ask(context.Background(), upstream.Exchange{
				Token: c.own,
				Query: providers.Query{Attempt: func(context.Context) (providers.Attempt, error) { return providers.Attempt{RequestID: "r"}, nil }},
				Build: func(ctx context.Context, _ string) (*http.Request, error) {
					return http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
				},
				Judge: func(upstream.Reply) providers.Answer {
					return providers.Answer{Outcome: providers.Refused, Cause: upstream.ErrCredentials}
				},
			})
			if a.Outcome != providers.Refused || c.want == "" && len(seen) != 0 || c.want != "" && (len(seen) != 1 || seen[0] != c.want) {
				t.Errorf("outcome %s (%v), sent %q; want refused, %q once", a.Outcome, a.Cause, seen, c.want)
			}
		})
	}
	if _, err := upstream.New(upstream.Config{StaticToken: "a b"}); err == nil {
		t.Error("a token with a space is accepted")
	}
}
