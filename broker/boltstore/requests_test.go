package boltstore

import (
	"bytes"
	"os"
	"testing"
	"time"

	"accord/broker/store"
)

// What a citizen wrote stands in no file in clear, and under no key of a month
// that was emptied.
func TestARequestRestsSealedAndMovesWithItsEpoch(t *testing.T) {
	s, cfg, epochs := erasableStore(t)
	g, err := s.Grant(t.Context(), keptMark+"g")
	if err != nil {
		t.Fatal(err)
	}
	event := int64(1)
	if _, err := s.MakeRequest(t.Context(), store.CitizenRequest{
		ID: "R-1", Kind: store.RequestDispute, Citizen: g.Citizen, Grant: g.ID, Event: &event, Message: "CANARY-own-words",
	}, time.Hour); err != nil {
		t.Fatal(err)
	}
	epochs.next()
	for left, turn := -1, 0; left != 0 && turn < 20; turn++ {
		if left, err = s.MoveWraps(t.Context(), "epoch1", 100); err != nil {
			t.Fatal(err)
		}
	}
	if keys, err := s.requestsUnder(t.Context(), "epoch1"); err != nil || len(keys) != 0 {
		t.Errorf("%d requests are left under the epoch, %v", len(keys), err)
	}
	epochs.destroy("epoch1")
	s = crashed(t, s, cfg)
	if own, err := s.RequestsOf(t.Context(), g.Citizen); err != nil || len(own) != 1 || own[0].Message != "CANARY-own-words" {
		t.Errorf("%+v, %v", own, err)
	}
	mustClose(t, s)
	file, err := os.ReadFile(cfg.Path)
	if err != nil || bytes.Contains(file, []byte("CANARY-own-words")) {
		t.Errorf("the file holds the words in clear: %v", err)
	}
}
