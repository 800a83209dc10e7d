package audit

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"accord/consent/receipt"
)

func TestTheKeyHistoryTellsWhenAndWhereEachKeyWasInUse(t *testing.T) {
	w := newWorld(t)
	set := w.keys()
	if len(set) != 2 || set[0].KeyID != w.old.KeyID || set[1].KeyID != w.signer.KeyID {
		t.Fatalf("%d keys", len(set))
	}
	if *set[0].LogIndex != w.oldAt || *set[1].LogIndex != w.keyAt || set[0].RetiredAt == nil || set[1].RetiredAt != nil {
		t.Errorf("%+v", set)
	}
	retired := fixtureTime.Add(time.Duration(w.retiredAt-20) * time.Second)
	if !set[0].RetiredAt.Equal(retired) || !set[1].NotBefore.Before(fixtureTime) {
		t.Errorf("retired at %s, in use from %s", set[0].RetiredAt, set[1].NotBefore)
	}
	published, err := set.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := receipt.ParseKeySet(published); err != nil {
		t.Error(err)
	}
}

func TestAReceiptIsJudgedByTheLogsOrderNotItsOwnTime(t *testing.T) {
	w := newWorld(t)
	keys := must2(ReadKeys([]KeyEvent{w.keyEvent(w.oldAt), w.keyEvent(w.keyAt), w.keyEvent(w.retiredAt)}))(t)
	back := w.byRetiredKey()
	for name, c := range map[string]struct {
		jws   []byte
		index int64
		want  error
	}{
		"in its key's time":                   {w.jws, w.granted, nil},
		"before its key":                      {w.jws, w.keyAt - 1, receipt.ErrKeyNotValid},
		"at its key's own leaf":               {w.jws, w.keyAt, receipt.ErrKeyNotValid},
		"retired key, before the retirement":  {back, w.retiredAt - 1, nil},
		"retired key, at the retirement":      {back, w.retiredAt, receipt.ErrKeyNotValid},
		"retired key, long after, dated back": {back, 1_000_000, receipt.ErrKeyNotValid},
		"nothing":                             {nil, w.granted, receipt.ErrMalformed},
	} {
		if _, err := keys.VerifyReceipt(c.jws, c.index); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (Keys{}).VerifyReceipt(w.jws, w.granted); !errors.Is(err, receipt.ErrUnknownKey) {
		t.Errorf("no key: %v", err)
	}
}

func TestWhatCannotStandInAKeyHistoryIsRefused(t *testing.T) {
	w := newWorld(t)
	good, _, _ := Decode(w.openings[w.keyAt].Event)
	for name, spoil := range map[string]func(*Event){
		"no JWK":      func(e *Event) { e.Key = "x" },
		"private JWK": func(e *Event) { e.Key = `{"kty":"oct","k":"AAAA"}` },
		"another kid": func(e *Event) { e.ID = "AAAAAAAAAAAAAAAA" },
		"no time":     func(e *Event) { e.Time = "" },
		"RSA key as a receipt's": func(e *Event) {
			e.Key = `{"kty":"RSA","n":"AQAB","e":"AQAB"}`
		},
	} {
		e, keys := good, Keys{}
		spoil(&e)
		if err := keys.Add(7, e); !errors.Is(err, ErrKeyEvent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var keys Keys
	for name, e := range map[string]Event{
		"a log's key":          {Kind: "key.activated", Role: "log", Key: "vkey", Time: good.Time},
		"another kind":         {Kind: "log.closed", Time: good.Time},
		"end of an unknown":    {Kind: "key.retired", ID: "x", Time: good.Time},
		"an ID token's key":    {Kind: "key.activated", Role: "id_token", Key: "x", Time: good.Time},
		"compromise, no index": {Kind: "key.compromised", ID: "x", Time: good.Time},
	} {
		if err := keys.Add(1, e); err != nil || len(keys.Receipts()) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := keys.Add(1, Event{Kind: "key.compromised", Reason: LastGood + "x", Time: good.Time}); !errors.Is(err, ErrKeyEvent) {
		t.Errorf("compromise with a bad index: %v", err)
	}
}

// A key retired, then compromised from an earlier leaf on, ends at the earlier.
func TestTheEarliestEndOfAKeyCounts(t *testing.T) {
	w := newWorld(t)
	for last, end := range map[int64]int64{0: 1, 1: 2, 50: w.retiredAt} {
		keys := must2(ReadKeys([]KeyEvent{w.keyEvent(w.oldAt), w.keyEvent(w.retiredAt)}))(t)
		if err := keys.Add(60, Event{Kind: "key.compromised", ID: w.old.KeyID, Reason: LastGood + strconv.FormatInt(last, 10), Time: fixtureTime.Format(TimeLayout)}); err != nil {
			t.Fatal(err)
		}
		key, _ := keys.Find(RoleReceipt, w.old.KeyID)
		if *key.EndIndex != end {
			t.Errorf("last good %d: ends at %d", last, *key.EndIndex)
		}
	}
}
