package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"

	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/consent"
	"accord/oidc/franceconnect"
	"accord/providers"
	"accord/providers/cnav"
	"accord/providers/dgfip"
)

const storeFile = "accord.db" // in the data folder

// openStore opens the store, checks its log and holds it alone.
func openStore(c *configuration.Configuration, log *slog.Logger) (*boltstore.Store, error) {
	return boltstore.Open(boltstore.Config{
		Path: filepath.Join(c.Settings.Data, storeFile), Guard: c.Settings.Guard, Origin: c.Ring.Origin(),
		Signer: c.Ring.LogSigner(), Verifier: c.Ring.LogVerifier(), Epochs: c.Ring, Log: log,
	})
}

// newFranceConnect makes the relying party; it contacts nobody.
func newFranceConnect(s configuration.Settings) (*franceconnect.RelyingParty, error) {
	fc := s.FranceConnect
	return franceconnect.New(franceconnect.Config{
		Issuer: fc.Issuer, ClientID: fc.ClientID, ClientSecret: fc.ClientSecret.Reveal(),
		RedirectURI: s.RedirectURI(), PostLogoutRedirectURI: fc.PostLogout, ACR: fc.ACR, SigningAlg: fc.Alg,
		PKCE: fc.PKCE, AllowPlainUserinfo: fc.AllowPlainUserinfo, HTTP: &http.Client{},
	})
}

// newSources makes the connectors of the configured sources.
func newSources(s configuration.Sources) ([]providers.Source, error) {
	var sources []providers.Source
	if c := s.CNAV; c != nil {
		source, err := cnav.New(cnav.Config{
			URL: c.URL, TokenURL: c.TokenURL, ClientID: c.ClientID,
			ClientSecret: c.ClientSecret.Reveal(), Scope: c.Scope, Rate: c.Rate, Burst: c.Burst,
		})
		if err != nil {
			return nil, fmt.Errorf("connecting source cnav: %w", err)
		}
		sources = append(sources, source)
	}
	if c := s.DGFiP; c != nil {
		source, err := dgfip.New(dgfip.Config{
			URL: c.URL, TokenURL: c.TokenURL, ClientID: c.ClientID,
			ClientSecret: c.ClientSecret.Reveal(), Scope: c.Scope, Rate: c.Rate, Burst: c.Burst,
		})
		if err != nil {
			return nil, fmt.Errorf("connecting source dgfip: %w", err)
		}
		sources = append(sources, source)
	}
	return sources, nil
}

// sourceParties names who stands behind each source, for receipts.
func sourceParties(s configuration.Settings) map[string]consent.Party {
	parties := map[string]consent.Party{consent.SourceFranceConnect: s.FranceConnect.Party}
	if s.Sources.CNAV != nil {
		parties[consent.SourceCNAV] = s.Sources.CNAV.Party
	}
	if s.Sources.DGFiP != nil {
		parties[consent.SourceDGFiP] = s.Sources.DGFiP.Party
	}
	return parties
}
