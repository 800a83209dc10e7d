package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/consent/audit"
)

const proofs = "../../consent/audit/testdata/"

func TestGenuineBundlesExitWithZeroAndSayWhatTheyProve(t *testing.T) {
	status, out, errs := verify(t, "fr_FR", "bundle", "-policy", proofs+"bundle_policy", proofs+"bundle_citizen.accord", proofs+"bundle_provider.accord")
	if status != exitGenuine || errs != "" || strings.Count(out, "AUTHENTIQUE") != 2 {
		t.Fatalf("exit %d, %s\n%s", status, errs, out)
	}
	for _, said := range []string{"la connexion, pas le clic", "feuille 6 du journal accord.example/log/1", "Commune de Valbrume", "2 authentiques", "retiré depuis"} {
		if !strings.Contains(out, said) {
			t.Errorf("not said: %s\n%s", said, out)
		}
	}
	if _, out, _ := verify(t, "", "bundle", "-policy", proofs+"bundle_policy", proofs+"bundle_provider.accord"); strings.Contains(out, "vouched") || !strings.Contains(out, "GENUINE") {
		t.Errorf("a bundle without evidence claims a login:\n%s", out)
	}
}

func TestASpoiltBundleExitsWithOneAndShowsNothingAsProven(t *testing.T) {
	good := read(t, proofs+"bundle_citizen.accord")
	for name, file := range map[string]string{
		"jws": strings.Replace(good, `"jws":"eyJ`, `"jws":"eyK`, 1), "not JSON": "hello", "too long": good + strings.Repeat(" ", audit.MaxBundle),
		"doubled": strings.Replace(good, `"policy":`, `"policy":"","policy":`, 1),
	} {
		status, out, _ := verify(t, "", "bundle", "-json", "-policy", proofs+"bundle_policy", write(t, "b.accord", file))
		if status != exitFalse || strings.Contains(out, "Valbrume") || strings.Contains(out, `"does_not_prove"`) {
			t.Errorf("%s: exit %d\n%s", name, status, out)
		}
	}
}

func TestAFolderOfBundlesIsJudgedWholeAndItsFalseOnesAreNamed(t *testing.T) {
	folder, good := t.TempDir(), read(t, proofs+"bundle_citizen.accord")
	for i := range details + 20 {
		file := good
		if i == 70 {
			file = good[:len(good)-10] + "}"
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%03d.accord", i)), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	status, out, _ := verify(t, "", "bundle", "-policy", proofs+"bundle_policy", folder)
	if status != exitFalse || !strings.Contains(out, "070.accord: FALSE") || !strings.Contains(out, "119 genuine, 1 false, 0 undecided") || strings.Contains(out, "071.accord") {
		t.Errorf("exit %d\n%s", status, out)
	}
}

func TestADeliverySaysSignatureOnlyWithoutItsOpening(t *testing.T) {
	keys, file := proofs+"delivery_jwks.json", proofs+"delivery.jwt"
	status, out, errs := verify(t, "", "delivery", "-jwks", keys, file)
	if status != exitGenuine || !strings.Contains(out, "Signature only") || strings.Contains(out, "holds this delivery") {
		t.Errorf("exit %d, %s\n%s", status, errs, out)
	}
	status, out, errs = verify(t, "", "delivery", "-jwks", keys, "-policy", proofs+"bundle_policy", "-opening", proofs+"delivery_proof", file)
	if status != exitGenuine || !strings.Contains(out, "holds this delivery and the digest") {
		t.Errorf("exit %d, %s\n%s", status, errs, out)
	}
	if strings.Contains(out, "Signature only") {
		t.Errorf("with its opening it still says:\n%s", out)
	}
	if _, document, _ := verify(t, "", "delivery", "-json", "-jwks", keys, file); strings.Contains(out+document, "2550") || !strings.Contains(document, `"jti"`) {
		t.Errorf("the verdict shows a value, or nothing:\n%s", document)
	}
	status, out, _ = verify(t, "", "delivery", "-jwks", keys, "-policy", proofs+"bundle_policy", "-opening", proofs+"bundle_citizen.accord", file)
	if status != exitUndecided {
		t.Errorf("the opening of another leaf decided: exit %d\n%s", status, out)
	}
	if status, out, _ = verify(t, "", "delivery", "-jwks", keys, write(t, "d.jwt", spoil(read(t, file), 1))); status != exitFalse {
		t.Errorf("exit %d\n%s", status, out)
	}
}

func TestTheJSONReportOfBundlesAndDeliveriesNamesEachCheck(t *testing.T) {
	for _, args := range [][]string{
		{"bundle", "-json", "-policy", proofs + "bundle_policy", proofs + "bundle_citizen.accord"},
		{"delivery", "-json", "-jwks", proofs + "delivery_jwks.json", proofs + "delivery.jwt"},
	} {
		_, out, _ := verify(t, "", args...)
		var document struct {
			Outcome outcome
			Genuine int
			Files   []judged
		}
		if err := json.Unmarshal([]byte(out), &document); err != nil || document.Outcome != genuine || document.Genuine != 1 || len(document.Files[0].Checks) < 9 {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}

func TestMisuseOfBundleAndDeliveryExitsWithTwo(t *testing.T) {
	bundle, delivery, keys, policy := proofs+"bundle_citizen.accord", proofs+"delivery.jwt", proofs+"delivery_jwks.json", proofs+"bundle_policy"
	for name, args := range map[string][]string{
		"no policy": {"bundle", bundle}, "no bundle": {"bundle", "-policy", policy}, "policy missing": {"bundle", "-policy", "missing", bundle},
		"policy unreadable": {"bundle", "-policy", bundle, bundle}, "bundle not there": {"bundle", "-policy", policy, "missing.accord"},
		"language": {"bundle", "-lang", "de", "-policy", policy, bundle}, "flag": {"bundle", "-force"},
		"no keys": {"delivery", delivery}, "no delivery": {"delivery", "-jwks", keys}, "keys missing": {"delivery", "-jwks", "missing", delivery},
		"opening without policy": {"delivery", "-jwks", keys, "-opening", bundle, delivery}, "delivery not there": {"delivery", "-jwks", keys, "missing"},
		"delivery language": {"delivery", "-lang", "de", "-jwks", keys, delivery}, "delivery flag": {"delivery", "-force"},
		"opening missing": {"delivery", "-jwks", keys, "-policy", policy, "-opening", "missing", delivery},
	} {
		if status, out, _ := verify(t, "", args...); status != exitUndecided {
			t.Errorf("%s: exit %d\n%s", name, status, out)
		}
	}
}

func TestBothLanguagesSayEveryCheckAndProof(t *testing.T) {
	for _, lang := range []string{french, english} {
		said := judgedTextsIn(lang)
		for _, name := range slices.Concat(audit.BundleChecks(), audit.DeliveryChecks()) {
			if said.checks[name] == "" {
				t.Errorf("%s: check %s", lang, name)
			}
		}
		for _, code := range []string{audit.ProvesAct, audit.ProvesLogged, audit.ProvesKey, audit.ProvesLogin, audit.ProvesSigned, audit.ProvesDigest} {
			if said.proves[code] == "" {
				t.Errorf("%s: %s", lang, code)
			}
		}
	}
}

// zipped writes an archive as « Mes accords » exports it.
func zipped(t *testing.T, members map[string]string) string {
	t.Helper()
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for name, content := range members {
		member, err := w.Create(name)
		if err == nil {
			_, err = member.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, "mes-accords.zip", file.String())
}

func TestAnExportIsJudgedAsItIsHandedOut(t *testing.T) {
	citizen, provider := read(t, proofs+"bundle_citizen.accord"), read(t, proofs+"bundle_provider.accord")
	whole := zipped(t, map[string]string{"LISEZ-MOI.txt": "?", "mes-accords.json": "{", "recus/a.accord": citizen, "recus/a.jws": "?", "recus/b.accord": provider})
	if status, out, errs := verify(t, "", "bundle", "-policy", proofs+"bundle_policy", whole); status != exitGenuine || !strings.Contains(out, "2 genuine") {
		t.Errorf("exit %d, %s\n%s", status, errs, out)
	}
	false1 := zipped(t, map[string]string{"recus/a.accord": citizen, "recus/b.accord": strings.Replace(provider, `"jws":"eyJ`, `"jws":"eyK`, 1)})
	if status, out, _ := verify(t, "", "bundle", "-policy", proofs+"bundle_policy", false1); status != exitFalse || !strings.Contains(out, "recus/b.accord: FALSE") {
		t.Errorf("exit %d\n%s", status, out)
	}
	for name, file := range map[string]string{
		"cut":       write(t, "cut.zip", read(t, whole)[:len(read(t, whole))-30]),
		"no bundle": zipped(t, map[string]string{"mes-accords.json": "{}"}),
	} {
		if status, out, _ := verify(t, "", "bundle", "-policy", proofs+"bundle_policy", file); status != exitUndecided {
			t.Errorf("%s: exit %d\n%s", name, status, out)
		}
	}
	bomb := zipped(t, map[string]string{"a.accord": strings.Repeat(" ", 50<<20)})
	if status, _, _ := verify(t, "", "bundle", "-policy", proofs+"bundle_policy", bomb); status != exitFalse {
		t.Errorf("a member beyond its bound: exit %d", status)
	}
}
