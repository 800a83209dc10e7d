package fcsim

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// A DataProvider is a registration to ask about access tokens: checktoken is
// FranceConnect's own, not RFC 7662's introspection, though its answer has
// RFC 9701's media type.
type DataProvider struct {
	ClientID      string // at least 32 characters
	ClientSecret  string // at least 32 characters
	JWKSURI       string // read at every call; its first key for EncryptionAlg with use enc counts
	Scopes        []string
	SigningAlg    string // optional: ES256 (default) or RS256
	EncryptionAlg string // optional: RSA-OAEP-256 (default), RSA-OAEP or ECDH-ES; under A256GCM
}

func completeProviders(given []DataProvider) []DataProvider {
	out := slices.Clone(given)
	for i := range out {
		p := &out[i]
		if len(p.ClientID) < minSecret || len(p.ClientSecret) < minSecret {
			panic("fcsim: a data provider's client id and secret hold 32 characters")
		}
		if p.SigningAlg == "" {
			p.SigningAlg = "ES256"
		}
		if p.EncryptionAlg == "" {
			p.EncryptionAlg = "RSA-OAEP-256"
		}
	}
	return out
}

// checktoken tells a data provider whose token it was given, in a JWE of a
// JWS, active or not.
func (s *Simulator) checktoken(w http.ResponseWriter, r *http.Request) {
	form, ok := readForm(r)
	if !ok || len(form) != 3 || form.Get("token") == "" || form.Get("client_id") == "" || form.Get("client_secret") == "" {
		checktokenError(w, http.StatusBadRequest, "invalid_request", "Required parameter missing or invalid.")
		return
	}
	p, ok := s.dataProvider(form)
	if !ok {
		checktokenError(w, http.StatusUnauthorized, "invalid_client", "Client authentication failed.")
		return
	}
	jwe, err := s.introspection(r.Context(), p, form.Get("token"))
	if err != nil {
		checktokenError(w, http.StatusInternalServerError, "server_error", describe("server_error"))
		return
	}
	w.Header().Set("Content-Type", "application/token-introspection+jwt")
	_, _ = w.Write([]byte(jwe)) // the reader is gone: nothing to do
}

// checktokenError is FranceConnect's fourth error shape: two members.
func checktokenError(w http.ResponseWriter, status int, code, description string) {
	writeJSON(w, status, "application/json; charset=utf-8", map[string]string{"error": code, "error_description": description})
}

func (s *Simulator) dataProvider(form url.Values) (DataProvider, bool) {
	n := slices.IndexFunc(s.options.DataProviders, func(p DataProvider) bool {
		return p.ClientID == form.Get("client_id") && subtle.ConstantTimeCompare([]byte(p.ClientSecret), []byte(form.Get("client_secret"))) == 1
	})
	if n < 0 {
		return DataProvider{}, false
	}
	return s.options.DataProviders[n], true
}

// introspection has neither exp nor jti outside token_introspection, and no
// typ; the JWE's header is alg and enc alone, with epk where the algorithm
// needs one.
func (s *Simulator) introspection(ctx context.Context, p DataProvider, token string) (string, error) {
	claims := map[string]any{"active": false}
	if g, ok := s.memory.introspect(token); ok {
		claims = s.active(p, g)
	}
	jws, err := s.keys.sign(p.SigningAlg, map[string]any{
		"token_introspection": claims, "iss": s.options.Issuer, "aud": p.ClientID, "iat": s.options.Now().Add(s.options.Skew).Unix(),
	})
	if err != nil {
		return "", err
	}
	key, err := s.providerKey(ctx, p)
	if err != nil {
		return "", err
	}
	return encrypt(jose.Recipient{Algorithm: jose.KeyAlgorithm(p.EncryptionAlg), Key: key}, nil, jws)
}

// active is the whole pivot identity, whatever the scopes, which are cut to
// the data provider's own: there may be none left.
func (s *Simulator) active(p DataProvider, g grant) map[string]any {
	i := g.persona.Identity
	claims := s.claims(i, []string{"identite_pivot"})
	claims["active"] = true
	claims["aud"] = g.request.clientID
	claims["sub"] = i.subject(p.ClientID)
	claims["iat"] = g.issued.Add(s.options.Skew).Unix()
	claims["exp"] = g.issued.Add(s.options.Skew + TokenLife).Unix()
	claims["acr"] = g.request.acr
	claims["jti"] = g.token
	claims["scope"] = strings.Join(intersection(g.request.scopes, p.Scopes), " ")
	return claims
}

func intersection(asked, registered []string) []string {
	return slices.DeleteFunc(slices.Clone(asked), func(s string) bool { return !slices.Contains(registered, s) })
}

// keysClient reads data providers' keys.
func keysClient() *http.Client { return &http.Client{Timeout: 5 * time.Second} }

// errNoKey is met when a data provider publishes no key of its algorithm.
var errNoKey = errors.New("no encryption key of the registered algorithm")

// maxKeys bounds a data provider's JWK Set, in bytes.
const maxKeys = 64 << 10

func (s *Simulator) providerKey(ctx context.Context, p DataProvider) (any, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.JWKSURI, nil)
	if err != nil {
		return nil, err
	}
	resp, err := s.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end or given up
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxKeys))
	if err != nil {
		return nil, err
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, err
	}
	n := slices.IndexFunc(set.Keys, func(k jose.JSONWebKey) bool { return k.Use == "enc" && k.Algorithm == p.EncryptionAlg })
	if n < 0 || resp.StatusCode != http.StatusOK {
		return nil, errNoKey
	}
	return set.Keys[n].Key, nil
}
