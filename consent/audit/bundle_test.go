package audit

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"accord/consent/ledger"
)

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := must2(os.ReadFile(path))(t); string(got) != string(want) {
		t.Errorf("%s has changed; if the format is to change, run the test with -update", path)
	}
}

func TestTheVectorsOfBundleAndDeliveryAreGenuine(t *testing.T) {
	w := newWorld(t)
	golden(t, "bundle_citizen.accord", w.bundle(w.parts()))
	golden(t, "bundle_provider.accord", w.bundle(w.withoutEvidence()))
	golden(t, "bundle_policy", w.policy)
	golden(t, "delivery.jwt", w.delivery)
	golden(t, "delivery_jwks.json", must2(w.keys().JWKS())(t))
	golden(t, "delivery_proof", w.deliveryProof())
	for name, proves := range map[string][]string{
		"bundle_citizen.accord":  {ProvesAct, ProvesLogged, ProvesKey, ProvesLogin},
		"bundle_provider.accord": {ProvesAct, ProvesLogged},
	} {
		v := judge(t, must2(os.ReadFile("testdata/"+name))(t), w.policy)
		if v.Outcome != Genuine || !slices.Equal(v.Proves, proves) || v.Receipt == nil || v.Index != w.granted || v.Size != w.size {
			t.Errorf("%s: %+v", name, v)
		}
		for i, c := range v.Checks {
			if c.Name != BundleChecks()[i] {
				t.Errorf("check %d is %s", i, c.Name)
			}
		}
	}
}

func (w *world) withoutEvidence() BundleParts {
	p := w.parts()
	p.Evidence, p.KeyEvents[0].Proof = nil, nil
	return p
}

// file is a bundle as it is handed out.
func (w *world) file(p BundleParts) []byte {
	w.t.Helper()
	return must2(PackBundle(w.bundle(p)))(w.t)
}

func TestABundlesFileOpensToTheSameBundleAndNothingElseDoes(t *testing.T) {
	w := newWorld(t)
	plain := w.bundle(w.parts())
	packed := must2(PackBundle(plain))(t)
	want := must2(ParseBundle(plain))(t)
	for name, file := range map[string][]byte{"packed": packed, "plain": plain, "plain, line end": append(slices.Clone(plain), '\r', '\n')} {
		if got, err := OpenBundle(file); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	bomb := must2(PackBundle(make([]byte, MaxBundle+1)))(t)
	damaged := slices.Clone(packed)
	damaged[len(damaged)-5] ^= 1 // the checksum
	for name, file := range map[string][]byte{
		"cut": packed[:len(packed)-1], "followed": append(slices.Clone(packed), 0), "twice": append(slices.Clone(packed), packed...),
		"damaged": damaged, "too long once unpacked": bomb, "header only": packed[:10], "empty": {},
	} {
		if _, err := OpenBundle(file); !errors.Is(err, ErrBundle) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func (w *world) deliveryProof() []byte {
	return ledger.FormatProof(ledger.Proof{
		Extra: must2(EncodeOpening(w.openings[w.released]))(w.t), Index: w.released,
		Hashes: w.prove(w.released), Checkpoint: w.checkpoint(),
	})
}

// Evidence and the inclusion of every key event included.
func TestABundleAtAMillionLeavesStaysUnderEightKilobytes(t *testing.T) {
	w := newWorld(t)
	w.fill(1_000_000)
	shown := w.parts()
	shown.Evidence = nil
	citizen, provider := len(w.file(w.parts())), len(w.file(shown))
	t.Logf("receipt %d bytes; bundle %d bytes for the citizen, %d for a service provider", len(w.jws), citizen, provider)
	if citizen >= 8_000 || provider >= citizen {
		t.Errorf("bundles of %d and %d bytes", citizen, provider)
	}
	if v := judge(t, w.bundle(w.parts()), w.policy); v.Outcome != Genuine {
		t.Errorf("%+v", v.stopped())
	}
}

func BenchmarkVerifyBundle(b *testing.B) {
	w := newWorld(b)
	w.fill(1_000_000)
	policy := must2(ParsePolicy(w.policy))(b)
	for name, file := range map[string][]byte{"citizen": w.bundle(w.parts()), "provider": w.bundle(w.withoutEvidence())} {
		b.Run(name, func(b *testing.B) {
			b.ReportMetric(float64(len(file)), "bytes")
			for b.Loop() {
				parsed, err := ParseBundle(file)
				if err != nil || VerifyBundle(parsed, policy).Outcome != Genuine {
					b.Fatal("not genuine")
				}
			}
		})
	}
}

// Bulk, on all cores.
func BenchmarkVerifyBundles(b *testing.B) {
	w := newWorld(b)
	w.fill(1_000_000)
	policy, file := must2(ParsePolicy(w.policy))(b), w.bundle(w.withoutEvidence())
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			parsed, err := ParseBundle(file)
			if err != nil || VerifyBundle(parsed, policy).Outcome != Genuine {
				b.Error("not genuine")
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "bundles/s")
}

func BenchmarkVerifyDelivery(b *testing.B) {
	w := newWorld(b)
	keys := w.keys()
	for b.Loop() {
		if _, err := VerifyDelivery(w.delivery, keys); err != nil {
			b.Fatal(err)
		}
	}
}
