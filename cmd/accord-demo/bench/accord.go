package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/broker"
	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/broker/keyring"
	"accord/cmd/accord-demo/country"
	"accord/cmd/accord/examples"
	"accord/consent"
	"accord/consent/audit"
	"accord/oidc/franceconnect"
	"accord/oidc/issuer"
	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/cnav/cnavsim"
	"accord/providers/dgfip"
	"accord/providers/dgfip/dgfipsim"
)

// AccordConfig says what the child serves.
type AccordConfig struct {
	Dir                               string // of its own, on the disk that is measured
	Issuer                            string
	FranceConnect, Sources            string // addresses of the simulators
	FranceConnectSecret, SourceSecret string
	ClientSecret                      string
	ClientKey                         []byte // public JWK of the private_key_jwt client
}

const (
	approvalID = "valbrume-cantine"
	basicID    = "bench-basic" // client_secret_basic
	jwtID      = "bench-jwt"   // private_key_jwt
	fapiID     = "bench-fapi"  // profile fapi2
	rpID       = "accord-bench"
	sourceID   = "accord"
)

// redirectURI is never called: the client reads the code from the Location.
const redirectURI = "http://127.0.0.1:9/retour"

// newAccord puts Accord together as accord serve does, without its logs'
// writing and without other clients.
func newAccord(c AccordConfig) (http.Handler, func() error, error) {
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	ring, err := makeKeys(c.Dir, c.Issuer)
	if err != nil {
		return nil, nil, err
	}
	approvals, err := makeApprovals(filepath.Join(c.Dir, "approvals"))
	if err != nil {
		return nil, nil, err
	}
	db, err := openStore(c.Dir, ring, log)
	if err != nil {
		return nil, nil, err
	}
	b, err := makeBroker(c, ring, approvals, db, log)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	ctx, stop := context.WithCancel(context.Background())
	go b.Maintain(ctx)
	return b.Handler(), func() error { stop(); return db.Close() }, nil
}

func makeKeys(dir, issuer string) (*keyring.Ring, error) {
	keys := filepath.Join(dir, "keys")
	if err := keyring.Create(keys, "localhost/log/1", issuer, time.Now()); err != nil {
		return nil, err
	}
	return keyring.Open(keys)
}

// makeApprovals signs the example approval with a registrar of its own.
func makeApprovals(dir string) ([]*consent.Approval, error) {
	text, err := fs.ReadFile(examples.Approvals, "approvals/"+approvalID+".yaml")
	if err != nil {
		return nil, fmt.Errorf("reading the example approval: %w", err)
	}
	private, public, err := configuration.GenerateRegistrar("bench")
	if err != nil {
		return nil, err
	}
	file, key := filepath.Join(dir, approvalID+".yaml"), filepath.Join(dir, "registrar.key")
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(file, text, 0o600), os.WriteFile(key, []byte(private), 0o600)); err != nil {
		return nil, fmt.Errorf("writing the example approval: %w", err)
	}
	signer, err := configuration.ReadRegistrar(key)
	if err != nil {
		return nil, err
	}
	if err := configuration.SignApproval(signer, file); err != nil {
		return nil, err
	}
	approvals, mistakes := configuration.LoadApprovals(dir, consent.DefaultCatalogue(), []string{public})
	if configuration.Refused(mistakes) {
		return nil, fmt.Errorf("loading the example approval: %v", mistakes)
	}
	return approvals.All(), nil
}

// openStore opens the store in dir/data; the guard lies beside it.
func openStore(dir string, ring *keyring.Ring, log *slog.Logger) (*boltstore.Store, error) {
	data, guard := filepath.Join(dir, "data"), filepath.Join(dir, "guard")
	if err := errors.Join(os.MkdirAll(data, 0o700), os.MkdirAll(guard, 0o700)); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	return boltstore.Open(boltstore.Config{
		Path: filepath.Join(data, "accord.db"), Guard: filepath.Join(guard, "checkpoint"),
		Origin: ring.Origin(), Signer: ring.LogSigner(), Verifier: ring.LogVerifier(), Epochs: ring, Log: log,
	})
}

func makeBroker(c AccordConfig, ring *keyring.Ring, approvals []*consent.Approval, db *boltstore.Store, log *slog.Logger) (*broker.Broker, error) {
	debug.SetGCPercent(400) // as cmd/accord serve
	rp, err := franceconnect.New(franceconnect.Config{
		Issuer: c.FranceConnect, ClientID: rpID, ClientSecret: c.FranceConnectSecret,
		RedirectURI: c.Issuer + "/callback", ACR: "eidas1", SigningAlg: "ES256", HTTP: &http.Client{},
	})
	if err != nil {
		return nil, err
	}
	sources, err := makeSources(c)
	if err != nil {
		return nil, err
	}
	clients, err := makeClients(c)
	if err != nil {
		return nil, err
	}
	party := consent.Party{Name: "Source (simulateur)", SIRET: "99900030000015", Address: "3 rue de l'Exemple, 00000 Valbrume", DPO: "https://source.example/dpo"}
	return broker.New(context.Background(), broker.Config{
		Issuer: c.Issuer, LogOrigin: ring.Origin(), Store: db, Keys: ring,
		Operator: consent.Operator{
			Name: "Syndicat numérique des Hautes-Brumes", SIRET: "99900020100015",
			Address: "2 rue de l'Exemple, 00000 Valbrume", DPO: "dpo@accord.example", Role: "processor",
		},
		FranceConnect: rp, Entitled: entitled(), Sources: sources, Catalogue: consent.DefaultCatalogue(), Clients: clients, Approvals: approvals,
		SourceParties: map[string]consent.Party{consent.SourceCNAV: party, consent.SourceDGFiP: party, consent.SourceFranceConnect: party},
		Log:           log, TrustedProxies: []string{"127.0.0.1"},
	})
}

func makeSources(c AccordConfig) ([]providers.Source, error) {
	family, err := cnav.New(cnav.Config{
		TokenURL: c.Sources + "/cnav" + cnavsim.TokenPath, ClientID: sourceID, ClientSecret: c.SourceSecret,
		Resources: country.HubResources(c.Sources + "/cnav"),
	})
	if err != nil {
		return nil, err
	}
	tax, err := dgfip.New(dgfip.Config{
		URL: c.Sources + "/dgfip", TokenURL: c.Sources + "/dgfip" + dgfipsim.TokenPath,
		ClientID: sourceID, ClientSecret: c.SourceSecret,
	})
	if err != nil {
		return nil, err
	}
	return []providers.Source{family, tax}, nil
}

func makeClients(c AccordConfig) ([]*issuer.Client, error) {
	var key jose.JSONWebKey
	if err := key.UnmarshalJSON(c.ClientKey); err != nil {
		return nil, fmt.Errorf("reading the client's key: %w", err)
	}
	common := issuer.Client{
		Name: "Bench", Profile: issuer.OIDC, RedirectURIs: []string{redirectURI}, PKCE: "required",
		IDTokenAlg: "ES256", Approvals: []string{approvalID},
	}
	basic, signed := common, common
	basic.ID, basic.AuthMethod, basic.SecretHash = basicID, issuer.ClientSecretBasic, audit.Digest([]byte(c.ClientSecret))
	signed.ID, signed.AuthMethod, signed.JWKS = jwtID, issuer.PrivateKeyJWT, issuer.JWKS{Keys: []jose.JSONWebKey{key}}
	fapi := signed
	fapi.ID, fapi.Profile = fapiID, issuer.FAPI2
	return []*issuer.Client{&basic, &signed, &fapi}, nil
}

// entitled are the data-provider scopes Accord holds at FranceConnect.
func entitled() []string {
	return []string{"dgfip_rfr", "dgfip_nbpart", "dgfip_annee_n_moins_1"}
}
