// Package resource delivers what was agreed, and nothing else: the /v3
// addresses of API Particulier's grammar, and the claims of userinfo.
//
//	token acc_… → token row → its key held, if it is bound to one (DPoP) → snapshot opened by the token → the resource's part
//	  → store.Deliver: release.completed durable, THE authorisation
//	  → the bytes: Accept: application/json, API Particulier's envelope
//	               Accept: application/jwt, an audit.Delivery signed after the commit, and
//	               encrypted to a client that registered a key for it
//
//	bearer acc_…, given for a refresh token → its live recurring grant, and the identity sealed under it
//	  → store.QuerySource under both, THE authorisation to fetch → the source → masked → store.Deliver → the bytes
//
//	bearer of FranceConnect's, at …/france_connect → checktoken → the citizen's live recurring grant
//	  → the same
//
// Without a recurring grant no source is called: what leaves is what the citizen saw.
package resource

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-jose/go-jose/v4"

	"accord/broker/journey"
	"accord/broker/seal"
	"accord/broker/store"
	"accord/consent"
	"accord/providers"
)

// Config is what deliveries need.
type Config struct {
	Issuer string // of the signed deliveries
	Store  store.Store
	Keys   Keys
	Now    func() time.Time
	Log    *slog.Logger
	// What is fetched after the day of an agreement: from where, and under which
	// approval, in force now and its client's.
	Sources   map[string]providers.Source
	Catalogue *consent.Catalogue
	Approval  func(id, client string) (*consent.Approval, bool)
	Proofs    Proofs // bound later than the rest
	// Encryption is optional: the key that signed deliveries to a client are
	// encrypted to; false: it wants none. With an error none may leave.
	Encryption func(ctx context.Context, client string) (key jose.JSONWebKey, ok bool, err error)
	// TokenWay is optional: without it FranceConnect's tokens are refused.
	TokenWay *TokenWay
}

// A Deliverer serves the data of agreed requests.
type Deliverer struct {
	Config
	limiter *limiter
}

// New makes a Deliverer.
func New(c Config) *Deliverer {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Deliverer{Config: c, limiter: newLimiter(c.Now)}
}

// Mount adds the data's addresses: API Particulier's clients work with a
// changed base address and token.
func (d *Deliverer) Mount(r gin.IRoutes) {
	for path, a := range addresses() {
		serve := d.serve(a)
		if strings.HasSuffix(path, "/france_connect") {
			serve = d.eitherToken(a)
		}
		r.GET(path, d.proving, d.limit, serve)
	}
	r.GET("/api/ping", ping)
	r.GET("/api/introspect", d.proving, d.limit, d.introspect)
}

// Unserved answers, in the grammar's own shape, a method or a path under /v3
// that no address has. HEAD is none either: each answer is a delivery.
func (d *Deliverer) Unserved(c *gin.Context) {
	c.Header("Cache-Control", "no-store")
	if _, known := addresses()[c.Request.URL.Path]; known {
		c.Header("Allow", http.MethodGet)
		refuse(c, errMethod)
		return
	}
	refuse(c, errAddress)
}

// An opened token: who it stands for and what it may read.
type opened struct {
	token    string // "" for what was fetched under a recurring grant
	state    store.TokenState
	snapshot journey.Snapshot
	key      []byte // of the snapshot
	fetching *fetching
}

// open leads from a bearer token to the agreed values. It authorises nothing:
// store.Deliver does.
func (d *Deliverer) open(state store.TokenState, token string) (opened, error) {
	o := opened{token: token, state: state}
	if state.Snapshot == nil {
		return o, errNoSnapshot
	}
	var err error
	if o.key, err = seal.Open([]byte(token), journey.TokenSnapshotPurpose, state.Wrapped); err != nil {
		return o, err
	}
	plain, err := seal.Open(o.key, journey.SnapshotPurpose, state.Snapshot.Sealed)
	if err != nil {
		return o, err
	}
	if err := json.Unmarshal(plain, &o.snapshot); err != nil {
		return o, fmt.Errorf("decoding a snapshot: %w", err)
	}
	o.snapshot, err = o.snapshot.Within(state.Grant.Data, state.Grant.Fields) // the choice may have been changed since
	return o, err
}

// responseKey is k = HKDF(snapshot key, "release" ‖ release id): the receiver
// gets it with the answer and it is kept nowhere, so that the digest in the
// log tells nobody else a value (design §6).
func responseKey(snapshot []byte, release string) ([]byte, error) {
	return hkdf.Key(sha256.New, snapshot, nil, "release"+release, sha256.Size)
}

// responseDigest is HMAC-SHA-256(k, bytes of the data member).
func responseDigest(k, data []byte) string {
	mac := hmac.New(sha256.New, k)
	mac.Write(data)
	return "hmac-sha-256:" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
