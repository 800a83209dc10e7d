// Package country assembles the whole demonstration on loopback: Accord, a
// FranceConnect simulator, the data sources, a town hall and the sites of other
// service providers. The demo, its check, the whole-flow tests and the benches
// all start the same country.
//
//	Start(Options) → Accord         http://localhost:N      (its own host: browsers share cookies between ports)
//	                 FranceConnect  http://127.0.0.1:N+1   also /proconnect, for agents
//	                 town hall      http://127.0.0.1:N+2   also /region, /ministere, /ccas
//	                 data sources   http://127.0.0.1:N+3   /cnav, /dgfip, /francetravail, /apiparticulier
//
// With Options.Conformance the first two are https, under a certificate of their own.
//
// Everything listens on loopback only, and every person, commune and SIRET is
// invented.
package country

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/broker"
	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/broker/keyring"
	"accord/cmd/accord-demo/agencies"
	"accord/cmd/accord-demo/conformance"
	"accord/cmd/accord-demo/townhall"
	"accord/consent"
	"accord/oidc/franceconnect/fcsim"
	"accord/oidc/issuer"
	"accord/oidc/proconnect/pcsim"
	"accord/providers/apiparticulier/apiparticuliersim"
	"accord/providers/cnav/cnavsim"
	"accord/providers/dgfip/dgfipsim"
	"accord/providers/francetravail/francetravailsim"
)

// Options say what country to start. All may be left out.
type Options struct {
	BasePort  int    // of four ports in a row; 0 takes free ones
	Data      string // folder that keeps store and keys; "" a temporary one, removed by Close
	Clients   string // folder of further clients, in the form accord serve reads
	Approvals string // folder of further approvals; unsigned ones are signed by the demo's registrar
	// Conformance is the address of a test of the OpenID Foundation's suite,
	// https://HOST/test/a/ALIAS; "" for none. With it Accord and FranceConnect's
	// simulator are served by TLS, the suite's clients are registered, and
	// Data/conformance holds what the suite is to be given.
	Conformance string
	Now         func() time.Time
	Log         *slog.Logger
	Say         func(format string, args ...any) // what Start tells a person
	Wrap        Wrap                             // for tests: replaces parts before the broker is made
	// OpenFile is boltstore.Config's, for tests: a disk that fails.
	OpenFile func(name string, flag int, perm os.FileMode) (*os.File, error)
	// GuardInterval is boltstore.Config's: what was logged is published within
	// it; 50 ms, so that neither a visitor nor a test waits for a proof.
	GuardInterval time.Duration
}

// A Wrap changes the broker's parts before it is made; nil changes nothing.
type Wrap func(*broker.Config)

// A Country is running.
type Country struct {
	Accord, FranceConnectURL, TownHallURL, SourcesURL string

	Broker         *broker.Broker
	Store          *boltstore.Store
	Keys           *keyring.Ring
	FranceConnect  *fcsim.Simulator
	ProConnect     *pcsim.Simulator
	CNAV           *cnavsim.Simulator
	DGFiP          *dgfipsim.Simulator
	FranceTravail  *francetravailsim.Simulator
	APIParticulier *apiparticuliersim.Simulator
	TownHall       *townhall.TownHall
	Agencies       *agencies.Sites
	Clients        []*issuer.Client
	Approvals      []*consent.Approval
	Secrets        map[string]string // of the demonstration's own clients
	PortalKey      *jose.JSONWebKey  // private, of FamilyPortal
	PortalSeal     *jose.JSONWebKey  // private, of FamilyPortal: its signed deliveries are encrypted to it
	Data           string            // folder in use

	options   Options
	suite     *conformance.Registration // nil without Options.Conformance
	pair      *configuration.TLS        // nil on http
	roots     *x509.CertPool            // that trusts pair
	secrets   secrets
	listeners listeners
	servers   []*http.Server
	maintain  context.CancelFunc
	temporary bool
	closing   sync.Once
	closed    error
}

// Start brings a country up: when it returns every address answers.
func Start(ctx context.Context, o Options) (*Country, error) {
	c := &Country{options: o.complete()}
	for _, step := range []func(context.Context) error{
		c.listen, c.folders, c.certify, c.openKeys, c.simulators, c.register, c.openStore, c.makeBroker, c.makeTownHall, c.makeAgencies, c.serve, c.writePlans,
	} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return c, nil
}

func (o Options) complete() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Say == nil {
		o.Say = func(string, ...any) {}
	}
	if o.GuardInterval == 0 {
		o.GuardInterval = 50 * time.Millisecond
	}
	return o
}

func (c *Country) listen(context.Context) (err error) {
	if c.listeners, err = listen(c.options.BasePort); err != nil {
		return err
	}
	scheme := "http"
	if c.options.Conformance != "" {
		scheme = "https"
	}
	c.Accord = fmt.Sprintf("%s://localhost:%d", scheme, c.listeners.port(accordPort))
	c.FranceConnectURL = fmt.Sprintf("%s://127.0.0.1:%d", scheme, c.listeners.port(franceConnectPort))
	c.TownHallURL = fmt.Sprintf("http://127.0.0.1:%d", c.listeners.port(townHallPort))
	c.SourcesURL = fmt.Sprintf("http://127.0.0.1:%d", c.listeners.port(sourcesPort))
	return nil
}

// folders makes the data folder: data for the store, keys and guard beside it,
// never inside.
func (c *Country) folders(context.Context) (err error) {
	c.Data = c.options.Data
	if c.Data == "" {
		c.temporary = true
		if c.Data, err = os.MkdirTemp("", "accord-demo-"); err != nil {
			return fmt.Errorf("making a temporary folder: %w", err)
		}
	}
	for _, dir := range []string{"data", "guard", "releases"} {
		if err := os.MkdirAll(filepath.Join(c.Data, dir), 0o700); err != nil {
			return fmt.Errorf("making the data folder: %w", err)
		}
	}
	return nil
}

// sharedRSA is the one costly key. The countries of a process share it: each
// other key is every country's own.
var sharedRSA = sync.OnceValues(keyring.MakeRSA)

func (c *Country) openKeys(context.Context) (err error) {
	dir := filepath.Join(c.Data, "keys")
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		c.options.Say("making keys in %s", dir)
		large, err := sharedRSA()
		if err != nil {
			return err
		}
		if err := keyring.CreateWith(dir, c.origin(), c.Accord, c.options.Now(), large); err != nil {
			return err
		}
	}
	if c.Keys, err = keyring.Open(dir); err != nil {
		return err
	}
	return nil
}

// origin does not hold the port: a demo started on another port continues its
// log.
func (c *Country) origin() string { return "localhost/log/1" }

func (c *Country) openStore(context.Context) (err error) {
	c.Store, err = boltstore.Open(boltstore.Config{
		Path:  filepath.Join(c.Data, "data", "accord.db"),
		Guard: filepath.Join(c.Data, "guard", "checkpoint"), Origin: c.origin(), Signer: c.Keys.LogSigner(),
		Verifier: c.Keys.LogVerifier(), Epochs: c.Keys, Now: c.options.Now, Log: c.options.Log, OpenFile: c.options.OpenFile,
		GuardInterval: c.options.GuardInterval,
	})
	return err
}

// Close stops the servers, then the store, and removes a temporary folder.
func (c *Country) Close() error {
	c.closing.Do(func() { c.closed = c.close() })
	return c.closed
}

func (c *Country) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var errs []error
	if c.maintain != nil {
		c.maintain()
	}
	for _, s := range c.servers {
		errs = append(errs, s.Shutdown(ctx))
	}
	c.listeners.close()
	if c.Store != nil {
		errs = append(errs, c.Store.Close())
	}
	if c.temporary {
		errs = append(errs, os.RemoveAll(c.Data))
	}
	return errors.Join(errs...)
}
