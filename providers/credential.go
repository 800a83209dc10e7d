package providers

import (
	"context"
	"errors"
)

// errCredential says that an approval names a set of credentials that is not
// configured: check-config refuses such an approval, so none comes here.
var errCredential = errors.New("no such set of credentials")

// ByCredential is one source under several accounts, for administrations that
// want each recipient asked about under its own. Each account has its own
// limits, queue and breaker.
type ByCredential struct {
	Own   Source            // answers queries that name no set
	Named map[string]Source // by the name of the set; all with Own's ID
}

// ID is that of the source's own account.
func (b ByCredential) ID() string { return b.Own.ID() }

// Query asks under the account the query names; an unknown one is Refused
// without a call.
func (b ByCredential) Query(ctx context.Context, q Query) Answer {
	if q.Credential == "" {
		return b.Own.Query(ctx, q)
	}
	source, ok := b.Named[q.Credential]
	if !ok {
		return Answer{Outcome: Refused, Provenance: Provenance{Source: b.ID()}, Cause: errCredential}
	}
	return source.Query(ctx, q)
}
