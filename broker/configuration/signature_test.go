package configuration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/consent"
	"accord/consent/audit"
)

const cantine = "approvals/valbrume-cantine.yaml"

func (w world) registrars(t *testing.T) []string {
	t.Helper()
	var s Settings
	load(w.accord, &s)
	return s.Registrars
}

func (w world) approvals(t *testing.T) (Approvals, []Mistake) {
	t.Helper()
	return LoadApprovals(filepath.Join(w.dir, "approvals"), consent.DefaultCatalogue(), w.registrars(t))
}

// refusedCantine demands that this approval, and no other, is refused by name.
func (w world) refusedCantine(t *testing.T, says string) {
	t.Helper()
	approvals, mistakes := w.approvals(t)
	if _, ok := approvals.Get("valbrume-cantine"); ok || len(approvals.All()) != exampleFiles(t, "approvals")-1 {
		t.Errorf("accepted: %v", approvals.IDs())
	}
	if len(mistakes) != 1 || !told(mistakes, cantine, 0, says) {
		t.Errorf("want %q, got:%s", says, list(mistakes))
	}
}

func TestASignedApprovalIsLoadedWithTheDigestOfItsBytes(t *testing.T) {
	w := newWorld(t)
	approvals, mistakes := w.approvals(t)
	a, ok := approvals.Get("valbrume-cantine")
	if !ok || len(mistakes) != 0 {
		t.Fatalf("got:%s", list(mistakes))
	}
	if want := audit.Digest([]byte(w.read(t, cantine))); a.Digest != want || !strings.HasSuffix(a.File, cantine) {
		t.Errorf("digest %s, want %s; file %s", a.Digest, want, a.File)
	}
}

func TestAnUnsignedApprovalIsRefusedByName(t *testing.T) {
	w := newWorld(t)
	must(t, os.Remove(filepath.Join(w.dir, cantine+".sig")))
	w.refusedCantine(t, "is not signed")
}

func TestOneChangedByteRefusesAnApproval(t *testing.T) {
	w := newWorld(t)
	w.edit(t, cantine, "Commune de Valbrume", "Commune de Valbruma")
	w.refusedCantine(t, "altered")
}

func TestAChangedCommentRefusesAnApproval(t *testing.T) {
	w := newWorld(t)
	w.write(t, cantine, w.read(t, cantine)+"# read and approved\n", 0o644)
	w.refusedCantine(t, "altered")
}

func TestTheSignatureOfAnotherApprovalIsRefused(t *testing.T) {
	w := newWorld(t)
	w.write(t, cantine+".sig", w.read(t, "approvals/saint-aubin-cantine.yaml.sig"), 0o644)
	w.refusedCantine(t, "altered")
}

func TestASignatureByNobodyTheOperatorNamedIsRefused(t *testing.T) {
	w := newWorld(t)
	private, _, err := GenerateRegistrar("registrar.example") // the same name, another key
	must(t, err)
	w.write(t, "other.key", private, 0o400)
	other, err := ReadRegistrar(filepath.Join(w.dir, "other.key"))
	must(t, err)
	must(t, SignApproval(other, filepath.Join(w.dir, cantine)))
	w.refusedCantine(t, "signed by none of the registrars")
}

func TestAFalseLineIsNotMadeGoodByATrueOne(t *testing.T) {
	w := newWorld(t)
	good := w.read(t, cantine+".sig")
	w.write(t, cantine+".sig", w.read(t, "approvals/saint-aubin-cantine.yaml.sig")+good, 0o644)
	w.refusedCantine(t, "altered")
}

func TestASecondRegistrarsLineMayStandBeside(t *testing.T) {
	w := newWorld(t)
	w.write(t, cantine+".sig", "— other.example AAAAAA==\n"+w.read(t, cantine+".sig"), 0o644)
	if approvals, mistakes := w.approvals(t); len(approvals.All()) != exampleFiles(t, "approvals") {
		t.Errorf("got:%s", list(mistakes))
	}
}

func TestAMistakeIsToldOfAnAlteredApprovalToo(t *testing.T) {
	w := newWorld(t)
	w.edit(t, cantine, "siret: \"99900010200015\"", "siret: \"99900010200016\"")
	_, mistakes := w.approvals(t)
	if !told(mistakes, cantine, w.lineOf(t, cantine, "99900010200016"), "siret") || !told(mistakes, cantine, 0, "altered") {
		t.Errorf("got:%s", list(mistakes))
	}
}

func TestOtherPersonsDataUnderConsentAreRefusedWithTheirLine(t *testing.T) {
	w := newWorld(t)
	const file = "approvals/valbrume-mediatheque.yaml"
	w.edit(t, file, "    - id: email", "    - id: cnaf_enfants")
	w.sign(t)
	_, mistakes := w.approvals(t)
	if !told(mistakes, file, w.lineOf(t, file, "- id: cnaf_enfants"), "") {
		t.Errorf("got:%s", list(mistakes))
	}
}

func TestARegistrarsKeyOthersCanReadSignsNothing(t *testing.T) {
	w := newWorld(t)
	must(t, os.Chmod(w.registrar, 0o444))
	if _, err := ReadRegistrar(w.registrar); err == nil || strings.Contains(err.Error(), "PRIVATE") {
		t.Errorf("error %v", err)
	}
}
