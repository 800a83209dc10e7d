package main

import (
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"

	"accord/broker/auditor"
	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/broker/desk"
	"accord/consent"
	"accord/oidc/franceconnect"
	"accord/oidc/proconnect"
)

const storeFile = "accord.db" // in the data folder

// openStore opens the store, checks its log and holds it alone.
func openStore(c *configuration.Configuration, log *slog.Logger, observe func(boltstore.Commit)) (*boltstore.Store, error) {
	s := storeConfig(c)
	s.Log, s.Observe = log, observe
	return boltstore.Open(s)
}

// storeConfig says where the store of a configuration lies.
func storeConfig(c *configuration.Configuration) boltstore.Config {
	return boltstore.Config{
		Path: filepath.Join(c.Settings.Data, storeFile), Guard: c.Settings.Guard, Origin: c.Ring.Origin(),
		Signer: c.Ring.LogSigner(), Verifier: c.Ring.LogVerifier(), Epochs: c.Ring,
	}
}

// newFranceConnect makes the relying party; it contacts nobody.
func newFranceConnect(s configuration.Settings) (*franceconnect.RelyingParty, error) {
	fc := s.FranceConnect
	return franceconnect.New(franceconnect.Config{
		Issuer: fc.Issuer, ClientID: fc.ClientID, ClientSecret: fc.ClientSecret.Reveal(),
		RedirectURI: s.RedirectURI(), PostLogoutRedirectURI: fc.PostLogout, ACR: fc.ACR, SigningAlg: fc.Alg,
		PKCE: fc.PKCE, PlainProvider: fc.PlainProvider, AllowPlainUserinfo: fc.AllowPlainUserinfo, HTTP: &http.Client{},
	})
}

// newDataProvider is nil while the operator is none; it contacts nobody.
func newDataProvider(s configuration.Settings) (*franceconnect.DataProvider, error) {
	fc := s.FranceConnect
	if fc.DataProvider == nil {
		return nil, nil
	}
	return franceconnect.NewDataProvider(franceconnect.DataProviderConfig{
		Issuer: fc.Issuer, ClientID: fc.DataProvider.ClientID, ClientSecret: fc.DataProvider.ClientSecret.Reveal(),
		ACR: fc.ACR, SigningAlg: fc.DataProvider.Alg, DecryptionKeys: fc.DataProvider.Keys.Reveal(), HTTP: &http.Client{},
	})
}

// newProConnect makes the agents' relying party; nil where none is configured,
// and then there is no desk.
func newProConnect(s configuration.Settings) (desk.Provider, error) {
	pc := s.ProConnect
	if pc == nil {
		return nil, nil
	}
	return proconnect.New(proconnect.Config{
		Issuer: pc.Issuer, ClientID: pc.ClientID, ClientSecret: pc.ClientSecret.Reveal(),
		RedirectURI: s.Issuer + desk.CallbackPath, ACR: pc.ACR,
	})
}

// auditors are who may read the log's openings.
func auditors(s configuration.Settings) []auditor.Credential {
	var all []auditor.Credential
	for _, a := range s.Auditors {
		all = append(all, auditor.Credential{Name: a.Name, SecretHash: a.SecretHash})
	}
	return all
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
	if s.Sources.FranceTravail != nil {
		parties[consent.SourceFranceTravail] = s.Sources.FranceTravail.Party
	}
	maps.Copy(parties, s.Sources.APIParticulier.ServedParties())
	return parties
}
