package boltstore

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"io/fs"
	"strconv"
	"sync"
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// erasableEpochs are keys that can be followed and destroyed, as keyring's.
type erasableEpochs struct {
	mu     sync.Mutex
	newest int
	keys   map[string][32]byte
}

func newErasableEpochs() *erasableEpochs {
	e := &erasableEpochs{keys: map[string][32]byte{}}
	e.next()
	return e
}

func (e *erasableEpochs) Epoch(time.Time) (string, [32]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	id := "epoch" + strconv.Itoa(e.newest)
	return id, e.keys[id], nil
}

func (e *erasableEpochs) EpochKey(id string) ([32]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	key, ok := e.keys[id]
	if !ok {
		return key, fs.ErrNotExist
	}
	return key, nil
}

func (e *erasableEpochs) next() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.newest++
	var key [32]byte
	rand.Read(key[:])
	e.keys["epoch"+strconv.Itoa(e.newest)] = key
}

func (e *erasableEpochs) destroy(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.keys, id)
}

// lived puts a whole life whose every id, text and secret holds mark.
func lived(t testing.TB, s *Store, mark string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Announce(t.Context(), []store.Public{
		{Kind: audit.KeyActivated, ID: "k", Digest: "d", Event: audit.Event{Role: "receipt"}},
		{Kind: audit.ApprovalChanged, ID: "a", Digest: "d", Approval: &store.ApprovalState{ID: "a", InForce: true, Data: []string{"x"}}},
	}))
	receipt := func(name string) store.Receipt {
		jws := []byte(mark + name)
		return store.Receipt{ID: mark + name, KeyID: "k", JWS: jws, Digest: audit.Digest(jws), Sealed: jws}
	}
	look, err := s.RequestLookup(t.Context(), store.LookupCmd{
		Event: audit.Event{Interaction: mark + "i", Client: mark + "c", Approval: "a", Data: []string{"x"}},
	})
	must(err)
	_, err = s.QuerySource(t.Context(), store.QueryCmd{Event: audit.Event{
		Lookup: &look.Position.Index, Interaction: mark + "i", Source: "cnav", RequestID: mark + "q", Data: []string{"x"},
	}})
	must(err)
	code, token := sha256.Sum256([]byte(mark+"code")), sha256.Sum256([]byte(mark+"token"))
	_, err = s.Decide(t.Context(), store.DecideCmd{
		Interaction: mark + "i", Kind: audit.ConsentGranted, Receipt: receipt("r"), Answer: []byte(mark), AnswerUntil: time.Minute,
		Grant: &store.Grant{
			ID: mark + "g", Client: mark + "c", Approval: "a", Citizen: mark + "z", Data: []string{"x"}, MaxFetches: 1,
			ValidUntil: s.now().Add(time.Minute),
		},
		Code:     &store.Code{Hash: code, Client: mark + "c", Expires: time.Minute, Bound: []byte(mark), Wrapped: []byte(mark)},
		Snapshot: &store.Snapshot{ID: mark + "s", Sealed: []byte(mark), Expires: time.Minute},
	})
	must(err)
	_, err = s.Redeem(t.Context(), store.RedeemCmd{Code: code, Client: mark + "c", Open: func(_, _ []byte) (store.Token, error) {
		return store.Token{Hash: token, Expires: time.Minute, Bound: []byte(mark), Wrapped: []byte(mark)}, nil
	}})
	must(err)
	_, err = s.Deliver(t.Context(), store.DeliverCmd{Token: token, Event: audit.Event{
		Release: mark + "d", Snapshot: mark + "s", Data: []string{"x"}, ResponseDigest: "d",
	}})
	must(err)
	_, err = s.Withdraw(t.Context(), store.WithdrawCmd{Grant: mark + "g", Citizen: mark + "z", Receipt: receipt("w")})
	must(err)
}

// opened searches every byte of the file, with every key still held, for what
// was sealed at the places and for mark in clear. It answers what it found.
func opened(t *testing.T, path string, epochs *erasableEpochs, sizes map[place][]int, mark string) (found []string) {
	t.Helper()
	file := readFile(t, path)
	if bytes.Contains(file, []byte(mark)) {
		found = append(found, "a row in clear")
	}
	s := newSealer(epochs)
	for id := range epochs.keys {
		e, err := s.byID(id)
		if err != nil {
			t.Fatal(err)
		}
		for i := range file[:len(file)-wrapSize-1] {
			p := part(file[i])
			if p != eventPart && p != receiptPart && p != saltPart {
				continue
			}
			for at, lengths := range sizes {
				key, err := e.aead.Open(nil, nil, file[i+1:][:wrapSize], wrapContext(p, at, id))
				if err != nil {
					continue
				}
				found = append(found, "a row key")
				if p != saltPart && sealedUnder(t, file, key, p, at, lengths, mark) {
					return append(found, "what was erased")
				}
			}
		}
	}
	return found
}

func sealedUnder(t *testing.T, file, key []byte, p part, at place, lengths []int, mark string) bool {
	t.Helper()
	aead, err := newAEAD(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range lengths {
		for i := range file[:len(file)-n] {
			plain, err := aead.Open(nil, nil, file[i:][:n], sealContext(p, at))
			if err == nil && bytes.Contains(plain, []byte(mark)) {
				return true
			}
		}
	}
	return false
}

// sealedAt are the places of a grant's events and how long their sealed rows are.
func sealedAt(t *testing.T, s *Store, grant string) map[place][]int {
	t.Helper()
	events, err := s.EventsOf(t.Context(), grant)
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[place][]int{}
	for _, e := range events {
		sizes[placeOf(1, e.Index)] = []int{len(e.Event) + gcmExtra}
	}
	return sizes
}
