package audit

import (
	"os"
	"path/filepath"
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

func (w *world) deliveryProof() []byte {
	return ledger.FormatProof(ledger.Proof{
		Extra: must2(EncodeOpening(w.openings[w.released]))(w.t), Index: w.released,
		Hashes: w.prove(w.released), Checkpoint: w.checkpoint(),
	})
}

// A bundle at a million leaves must stay small: it leaves out that its key's
// event stands in the log, and says so.
func TestABundleAtAMillionLeavesStaysUnderEightKilobytes(t *testing.T) {
	w := newWorld(t)
	w.fill(1_000_000)
	with, without := len(w.bundle(w.parts())), len(w.bundle(w.withoutEvidence()))
	shown := w.parts()
	shown.Evidence = nil
	t.Logf("receipt %d bytes; bundle %d for a service provider, %d with its key's inclusion, %d with the evidence too",
		len(w.jws), without, len(w.bundle(shown)), with)
	if without >= 8_000 {
		t.Errorf("bundle of %d bytes", without)
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
