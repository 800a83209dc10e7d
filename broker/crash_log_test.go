package broker_test

import (
	"path/filepath"

	"accord/broker/boltstore"
	"accord/broker/keyring"
)

// open opens the store the country left, as its next start would.
func (r *remote) open() *boltstore.Store {
	r.t.Helper()
	ring, err := keyring.Open(filepath.Join(r.Data, "keys"))
	if err != nil {
		r.t.Fatal(err)
	}
	s, err := boltstore.Open(boltstore.Config{
		Path: filepath.Join(r.Data, "data", "accord.db"), Guard: filepath.Join(r.Data, "guard", "checkpoint"),
		Origin: ring.Origin(), Signer: ring.LogSigner(), Verifier: ring.LogVerifier(), Epochs: ring,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = s.Close() })
	r.Store = s
	return s
}

// log is the whole log the country left.
func (r *remote) log() []opened {
	r.t.Helper()
	s := r.open()
	all := logOf(r.t, r.Country)
	if err := s.Close(); err != nil {
		r.t.Fatal(err)
	}
	return all
}
