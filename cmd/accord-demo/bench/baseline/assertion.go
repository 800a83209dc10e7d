package baseline

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

var errAssertion = errors.New("client assertion")

// VerifyClient authenticates by private_key_jwt only.
func (s *server) VerifyClient(_ context.Context, r *op.Request[op.ClientCredentials]) (op.Client, error) {
	id, err := s.verifyAssertion(r.Data.ClientAssertion)
	if err != nil || r.Data.ClientID != "" && r.Data.ClientID != id {
		return nil, oidc.ErrInvalidClient()
	}
	return client{s.config}, nil
}

// verifyAssertion checks key and signature, then the claims, then jti.
func (s *server) verifyAssertion(compact string) (clientID string, err error) {
	jws, err := jose.ParseSignedCompact(compact, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || jws.Signatures[0].Protected.KeyID != s.config.ClientKey.KeyID {
		return "", errAssertion
	}
	payload, err := jws.Verify(s.config.ClientKey.Key)
	if err != nil {
		return "", errAssertion
	}
	var c struct {
		Iss, Sub, Aud, JTI string
		Exp, Iat           int64
	}
	now := time.Now().Unix()
	if json.Unmarshal(payload, &c) != nil || c.Iss != s.config.ClientID || c.Sub != c.Iss || c.Aud != s.config.Issuer ||
		c.Exp <= now-10 || c.Exp > now+600 || c.Iat > now+10 || c.JTI == "" || !s.seen.first(c.Iss+"\x00"+c.JTI) {
		return "", errAssertion
	}
	return c.Iss, nil
}

// A onceSet accepts each value once.
type onceSet struct {
	mu   sync.Mutex // guards seen
	seen map[string]struct{}
}

func newOnceSet() *onceSet { return &onceSet{seen: map[string]struct{}{}} }

func (o *onceSet) first(value string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, used := o.seen[value]
	o.seen[value] = struct{}{}
	return !used
}
