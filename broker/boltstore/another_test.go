package boltstore

import (
	"crypto/sha256"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"accord/broker/store"
	"accord/consent/audit"
)

// recognised puts an agreement to the identifier alone, and gives one more code
// under it.
func recognised(t *testing.T, s *Store) (codes []store.Hash) {
	t.Helper()
	codes = []store.Hash{sha256.Sum256([]byte("first")), sha256.Sum256([]byte("second"))}
	code := func(h store.Hash) store.Code {
		return store.Code{Hash: h, Client: "c", Expires: time.Minute, Bound: []byte("b"), Wrapped: []byte("w")}
	}
	first, jws := code(codes[0]), []byte("jws")
	err := s.Announce(t.Context(), []store.Public{
		{Kind: audit.KeyActivated, ID: "k", Digest: "d", Event: audit.Event{Role: "receipt"}},
		{Kind: audit.ApprovalChanged, ID: "a", Digest: "d", Approval: &store.ApprovalState{ID: "a", InForce: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Decide(t.Context(), store.DecideCmd{
		Interaction: "i", Kind: audit.ConsentGranted, Event: audit.Event{Mode: audit.ModeIdentity}, Code: &first,
		Receipt: store.Receipt{ID: "r", KeyID: "k", JWS: jws, Digest: audit.Digest(jws)},
		Grant:   &store.Grant{ID: "g", Client: "c", Approval: "a", Citizen: "z", ValidUntil: s.now().Add(time.Minute)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AnotherCode(t.Context(), store.AnotherCodeCmd{Grant: "g", Citizen: "z", Code: code(codes[1])}); err != nil {
		t.Fatal(err)
	}
	return codes
}

func TestNoCodeOfAnEndedGrantOpensAnythingAndAllAreErasedWithIt(t *testing.T) {
	s := mustOpen(t, newConfig(t, time.Now))
	codes := recognised(t, s)
	if row := rowOf[codeRow](t, s, codeBucket, codes[1][:]); row.Bound == nil {
		t.Fatal("the code was bound to nothing: the test proves nothing")
	}
	if _, err := s.Revoke(t.Context(), "g", "suspension"); err != nil {
		t.Fatal(err)
	}
	for n, code := range codes {
		if row := rowOf[codeRow](t, s, codeBucket, code[:]); row.Bound != nil || row.Wrapped != nil {
			t.Errorf("code %d: %+v", n, row)
		}
	}
	if _, err := s.Erase(t.Context(), store.EraseCmd{Grant: "g", Reason: "request"}); err != nil {
		t.Fatal(err)
	}
	err := s.read(func(tx *bbolt.Tx) error {
		for n, code := range codes {
			row, err := getRow(tx, codeBucket, code[:])
			if row != nil || err != nil {
				t.Errorf("code %d lies there still: %v", n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
