package audit

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/consent/receipt"
)

func TestASignedDeliveryReadsBackWithTheVeryBytesOfItsData(t *testing.T) {
	w := newWorld(t)
	for name, data := range map[string]string{
		"plain": fixtureData, "spaced": "{\n  \"a\" : 1.50e0 }", "html": `{"a":"<b>&é\u00e9"}`, "lone escapes": `{"a":"\u2028"}`,
	} {
		d := w.deliveryStatement()
		d.Data = []byte(data)
		jws := must2(SignDelivery(d, w.signer, fixtureTime))(t)
		got, err := VerifyDelivery(jws, w.keys())
		if err != nil || string(got.Data) != data || got.IssuedAt != fixtureTime.Unix() {
			t.Errorf("%s: %s: %v", name, got.Data, err)
		}
	}
	absent := w.deliveryStatement()
	absent.Data, absent.Errors = nil, []byte(`[{"code":"35003"}]`)
	if got, err := VerifyDelivery(must2(SignDelivery(absent, w.signer, fixtureTime))(t), w.keys()); err != nil || got.Data != nil || string(got.Errors) != `[{"code":"35003"}]` {
		t.Errorf("absence: %v", err)
	}
}

func TestWhatBreaksARuleIsNeverSignedAsADelivery(t *testing.T) {
	w := newWorld(t)
	for name, spoil := range map[string]func(*Delivery){
		"issuer": func(d *Delivery) { d.Issuer = "" }, "audience": func(d *Delivery) { d.Audience = "siret:1" },
		"subject": func(d *Delivery) { d.Subject = "x" }, "release": func(d *Delivery) { d.Release = strings.ToUpper(d.Release) },
		"client": func(d *Delivery) { d.Client = "" }, "grant": func(d *Delivery) { d.Grant = "" },
		"resource": func(d *Delivery) { d.Resource = "" }, "source": func(d *Delivery) { d.Source = "" },
		"retrieved": func(d *Delivery) { d.Retrieved = "2026-11-22" }, "log": func(d *Delivery) { d.Log = "7" },
		"release key": func(d *Delivery) { d.ReleaseKey = "AA" }, "no data": func(d *Delivery) { d.Data = nil },
		"data and errors": func(d *Delivery) { d.Errors = []byte("[]") }, "doubled in data": func(d *Delivery) { d.Data = []byte(`{"a":1,"a":2}`) },
		"doubled deep": func(d *Delivery) { d.Data = []byte(`{"a":[{"b":1,"B":2}]}`) }, "null": func(d *Delivery) { d.Data = []byte("null") },
		"space around": func(d *Delivery) { d.Data = []byte(` {}`) }, "not UTF-8": func(d *Delivery) { d.Data = []byte("{\"a\":\"\xff\"}") },
		"two values": func(d *Delivery) { d.Data = []byte(`{}{}`) }, "injected": func(d *Delivery) { d.Data = []byte(`{},"x":{}`) },
		"client not UTF-8": func(d *Delivery) { d.Client = "\xff" },
		"too long":         func(d *Delivery) { d.Data = []byte(`{"a":"` + strings.Repeat("a", MaxDelivery) + `"}`) },
	} {
		d := w.deliveryStatement()
		spoil(&d)
		if _, err := SignDelivery(d, w.signer, fixtureTime); !errors.Is(err, ErrDelivery) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADeliveryWithAFlippedBitNeverVerifies(t *testing.T) {
	w := newWorld(t)
	keys := w.keys()
	for i := range w.delivery {
		for bit := range 8 {
			if i%11 != bit && i < len(w.delivery)-2 {
				continue
			}
			evil := bytes.Clone(w.delivery)
			evil[i] ^= 1 << bit
			if _, err := VerifyDelivery(evil, keys); err == nil {
				t.Fatalf("bit %d of byte %d flipped, and it verifies", bit, i)
			}
		}
	}
}

func TestADeliverySignedOutsideItsKeysTimeIsFalse(t *testing.T) {
	w := newWorld(t)
	d := w.deliveryStatement()
	for name, c := range map[string]struct {
		signer receipt.Signer
		at     time.Time
		want   error
	}{
		"in time":            {w.signer, fixtureTime, nil},
		"before the key":     {w.signer, fixtureTime.Add(-time.Hour), receipt.ErrKeyNotValid},
		"by the retired key": {w.old, fixtureTime, receipt.ErrKeyNotValid},
	} {
		_, err := VerifyDelivery(must2(SignDelivery(d, c.signer, c.at))(t), w.keys())
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := VerifyDelivery(w.delivery, nil); !errors.Is(err, receipt.ErrUnknownKey) {
		t.Errorf("unknown key: %v", err)
	}
}

func TestADeliveryIsFoundInTheLogByItsOpeningAndSignatureOnlyWithout(t *testing.T) {
	w := newWorld(t)
	policy := must2(ParsePolicy(w.policy))(t)
	with := JudgeDelivery(w.delivery, w.keys(), w.deliveryProof(), policy)
	without := JudgeDelivery(w.delivery, w.keys(), nil, Policy{})
	if with.Outcome != Genuine || !slices.Equal(with.Proves, []string{ProvesSigned, ProvesDigest}) {
		t.Errorf("with its opening: %+v", with)
	}
	if without.Outcome != Genuine || !slices.Equal(without.Proves, []string{ProvesSigned}) || without.Checks[8].Result != NotMade {
		t.Errorf("without: %+v", without)
	}
	for _, v := range []DeliveryVerdict{with, without, JudgeDelivery(nil, nil, nil, Policy{})} {
		for i, c := range v.Checks {
			if c.Name != DeliveryChecks()[i] || len(v.Checks) != len(DeliveryChecks()) {
				t.Errorf("check %d is %s", i, c.Name)
			}
		}
	}
}

func TestADeliveryOfOtherBytesThanTheLogsIsFalse(t *testing.T) {
	w := newWorld(t)
	policy := must2(ParsePolicy(w.policy))(t)
	for name, spoil := range map[string]func(*Delivery){
		"other data":      func(d *Delivery) { d.Data = []byte(strings.Replace(fixtureData, "2550", "255", 1)) },
		"other spelling":  func(d *Delivery) { d.Data = []byte(strings.Replace(fixtureData, ":", ": ", 1)) },
		"other key":       func(d *Delivery) { d.ReleaseKey = encodeURL(make([]byte, 32)) },
		"other recipient": func(d *Delivery) { d.Audience = "siret:99900020100015" },
		"other release":   func(d *Delivery) { d.Release = fixtureRecord },
		"other grant":     func(d *Delivery) { d.Grant = "g_AAAAAAAAAAAAAAAAAAAAAA" },
		"other client":    func(d *Delivery) { d.Client = "other" },
	} {
		d := w.deliveryStatement()
		spoil(&d)
		jws := must2(SignDelivery(d, w.signer, fixtureTime))(t)
		v := JudgeDelivery(jws, w.keys(), w.deliveryProof(), policy)
		if v.Outcome != False || v.Checks[8].Result != Failed || v.Delivery != nil {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func FuzzVerifyDelivery(f *testing.F) {
	w := newWorld(f)
	_, payload, _ := openDelivery(w.delivery)
	f.Add(payload)
	f.Fuzz(func(t *testing.T, payload []byte) {
		d, err := decodeDelivery(payload)
		if err != nil {
			return
		}
		if again, err := d.encode(); err != nil || !bytes.Equal(again, payload) {
			t.Errorf("accepted %q, writes back %q: %v", payload, again, err)
		}
	})
}
