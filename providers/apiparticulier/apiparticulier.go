// Package apiparticulier asks API Particulier (v3 and newer), for a body that
// holds only its token: one credential, many administrations behind it.
//
//	Account ─ Source "mesr"  ─ its breaker ─┐
//	        ─ Source "cnous" ─ its breaker ─┤
//	        ─ …                             └ one queue and rate ─ GET /v3/…/identite?recipient=…&nomNaissance=… ─ judge ─ Answer
//
// Each administration is a Source of its own, so that pages, receipts and
// statistics name who the data come from, and one that fails is left alone
// without the others.
//
// # Whose answer it is
//
// Where the answer names a person, it must be the person asked. Found by civil
// identity, somebody else is Unavailable and an alarm
// (upstream.ErrAnotherPerson); found by something the citizen typed (INE,
// identifiant, plate), Refused and none (ErrAnothersIdentifier): people mistype.
// What was typed leaves that name as the only protection: without the identity
// scope on the token it is Refused too. France Travail's payments name
// nobody; its register is asked first, and only the identifiant of the person
// asked is asked for payments. ANTS must say itself that the holder is
// FranceConnect's citizen (meta.identity_matching), and name them.
//
// The benefits, the service national and the service civique name nobody, and
// neither does a household whose allocataires the token may not see: such an
// answer is bound by the civil identity in the request and the connection it
// came back on, and by nothing else. The attempt's request id goes along as
// X-Request-Id; whether API Particulier keeps it in its journal or sends it
// back is not documented, so nothing depends on it.
//
// # Limits
//
// API Particulier counts a token's requests over all resources, 20 a second; so
// does the one queue here. Its RateLimit headers and Retry-After are not read:
// they come when it is too late, and in FranceConnect's mode count otherwise.
//
// # What is whole
//
// A document is the member data of the newest version. API Particulier leaves
// out what the token's scopes do not open. Every member that a wanted datum
// (Query.Data) needs must be there, else Refused; when no datum of the resource
// is named, all are wanted. Other members may be absent; a member that is there
// is there whole and of the known type, else Unavailable. Members unknown to
// the OpenAPI description are dropped.
package apiparticulier

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"accord/providers/upstream"
)

// defaultRate is API Particulier's own limit, 20 requests a second and token
// over all its resources.
const defaultRate = 20

// Config of an Account.
type Config struct {
	URL   string // scheme and host of API Particulier, without /v3; https, or http on loopback
	Token string // the habilitation's JWT

	Timeout time.Duration // of one HTTP attempt; 0 = 10 s
	Rate    float64       // requests a second of all sources together; 0 = 20
	Burst   int           // requests at once within Rate; 0 = 1
	Queue   int           // queries waiting for their turn, of all sources together; 0 = 200

	Failures int           // in a row that open a source's circuit breaker; 0 = 10, negative = it never opens
	Pause    time.Duration // of an open breaker before its one probe; 0 = 15 s

	Alarm func(source, what string) // a source changed or fails for good; nothing personal in what; nil = none

	HTTP *http.Client     // nil = one of its own; no redirect is followed
	Now  func() time.Time // nil = time.Now
}

// An Account is one token. It is safe for concurrent use.
type Account struct{ sources map[string]*Source }

// New checks cfg and makes its Account, with a source for each administration.
// It calls nobody.
func New(cfg Config) (*Account, error) {
	if err := upstream.CheckURL(cfg.URL); err != nil {
		return nil, fmt.Errorf("apiparticulier: address: %w", err)
	}
	if cfg.Token == "" {
		return nil, errors.New("apiparticulier: the token is needed")
	}
	cfg.URL = strings.TrimSuffix(cfg.URL, "/")
	if cfg.Rate == 0 {
		cfg.Rate = defaultRate
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	limits, err := upstream.NewAccount(upstream.Config{Rate: cfg.Rate, Burst: cfg.Burst, Queue: cfg.Queue})
	if err != nil {
		return nil, fmt.Errorf("apiparticulier: %w", err)
	}
	return connect(cfg, limits)
}

func connect(cfg Config, limits *upstream.Account) (*Account, error) {
	account := &Account{sources: map[string]*Source{}}
	for _, id := range IDs() {
		client, err := upstream.New(upstream.Config{
			StaticToken: cfg.Token, Account: limits, Timeout: cfg.Timeout, Failures: cfg.Failures, Pause: cfg.Pause,
			Source: id, Alarm: cfg.Alarm, HTTP: cfg.HTTP, Now: cfg.Now,
		})
		if err != nil {
			return nil, fmt.Errorf("apiparticulier: %w", err)
		}
		account.sources[id] = &Source{id: id, url: cfg.URL, client: client, resources: resources()[id], now: cfg.Now}
	}
	return account, nil
}

// Source is the administration of that id, one of IDs; nil when it is none.
func (a *Account) Source(id string) *Source { return a.sources[id] }
