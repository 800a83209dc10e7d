package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An office is a registrar's: a key, and a folder of files.
type office struct {
	drill
	key string
}

func newOffice(t *testing.T) office {
	dir := t.TempDir()
	d := office{drill{t, dir, ""}, filepath.Join(dir, "registrar.key")}
	d.run(exitOK, "approvals", "keygen", "-name", "registrar.example", "-out", d.key)
	must(t, os.CopyFS(dir, os.DirFS("examples/applications")))
	return d
}

func (d office) file(name string) string { return filepath.Join(d.dir, name) }

func (d office) edit(name string, pairs ...string) string {
	d.Helper()
	replace(d.T, d.file(name), pairs...)
	return d.file(name)
}

func TestAnApplicationBecomesADraftThatARegistrarSigns(t *testing.T) {
	d := newOffice(t)
	drafts := filepath.Join(d.dir, "drafts")
	must(t, os.Mkdir(drafts, 0o700))
	draft := filepath.Join(drafts, "clairpre-piscine.yaml")
	if told := d.run(exitOK, "approvals", "apply", "-out", drafts, d.file("clairpre-piscine.yaml")); !strings.Contains(told, draft) {
		t.Errorf("told %q", told)
	}
	text := textOf(t, draft)
	for _, gone := range []string{"contact:", "sports@clairpre.example", "engagement:"} {
		if strings.Contains(text, gone) {
			t.Errorf("the draft keeps %q", gone)
		}
	}
	if !strings.Contains(text, "\ncharter: sha-256:") || !strings.Contains(text, "# An application") {
		t.Error("the draft lacks the charter's digest, or its comments")
	}
	d.run(exitFailed, "approvals", "apply", "-out", drafts, d.file("clairpre-piscine.yaml")) // never over a file
	d.run(exitFailed, "approvals", "sign", "-key", d.key, draft)                             // it has no dates
	d.run(exitOK, "approvals", "sign", "-key", d.key, "-from", "2026-12-01", "-until", "2027-11-30", draft)
	if signed := textOf(t, draft); !strings.Contains(signed, "\n  until: 2027-11-30\n") {
		t.Errorf("the dates are not written: %s", signed)
	}
	d.run(exitOK, "approvals", "renew", "-key", d.key, "-until", "2030-11-30", draft)
	if signed := textOf(t, draft); !strings.Contains(signed, "\n  from: 2026-12-01\n  until: 2030-11-30\n") || strings.Count(signed, "until:") != 1 {
		t.Errorf("renewed: %s", signed)
	}
	d.run(exitFailed, "approvals", "renew", "-key", d.key, "-until", "2020-01-01", draft)
}

func TestAnApplicationIsToldAllThatIsMissingAtOnceInFrenchThenInEnglish(t *testing.T) {
	d := newOffice(t)
	file := d.edit("clairpre-piscine.yaml",
		"  fr: Attestation de quotient familial de la CAF ou de la MSA\n  en: Family quotient certificate from CAF or MSA", "  {}",
		"charte-clairpre.txt", "lost.txt", "sports@clairpre.example", "nowhere", "period: P1Y", "period: a year",
		"id: cnaf_quotient_familial", "id: cnaf_quotient")
	told := d.run(exitFailed, "approvals", "apply", "-out", d.dir, file)
	for _, line := range []string{
		"clairpre-piscine.yaml:13: contact.email : n'est pas une adresse électronique", ":17: engagement : lost.txt n'est pas un fichier",
		"simplification : manque : écrire le papier", "retention.period : \"a year\" n'est pas accepté", "data.required[0].id : \"cnaf_quotient\" n'est pas au catalogue",
	} {
		if !strings.Contains(told, line) {
			t.Errorf("not told %q in\n%s", line, told)
		}
	}
	if told := d.run(exitFailed, "approvals", "apply", "-lang", "en", "-out", d.dir, file); !strings.Contains(told, "simplification: is missing: write the paper") {
		t.Errorf("in English: %s", told)
	}
	must(t, os.WriteFile(file, append([]byte(textOf(t, "examples/applications/clairpre-piscine.yaml")), "\ncharter: sha-256:UPMmaWnXtjz4VEUvBzwuBY6qhLz6O3VALiJvutsKfUY\ndates:\n  from: 2026-01-01\n  until: 2027-01-01\n"...), 0o600))
	told = d.run(exitFailed, "approvals", "apply", "-out", d.dir, file)
	if !strings.Contains(told, "charter : n'est pas l'empreinte de charte-clairpre.txt") || !strings.Contains(told, "dates : est écrit par le registraire") {
		t.Errorf("told %s", told)
	}
}

func TestARefusalIsDatedSignedAndStopsTheSignature(t *testing.T) {
	d := newOffice(t)
	text := textOf(t, "examples/approvals/saint-aubin-cantine.yaml")
	file := d.file("saint-aubin-cantine.yaml")
	must(t, os.WriteFile(file, []byte(text), 0o600))
	d.run(exitOK, "approvals", "sign", "-key", d.key, file)
	d.run(exitUsage, "approvals", "refuse", "-key", d.key, file)
	d.run(exitOK, "approvals", "refuse", "-key", d.key, "-reason", "Une tranche suffit : \"2,00 €\".", file)
	decision := textOf(t, d.file("saint-aubin-cantine.decision.yaml"))
	for _, told := range []string{`approval: "saint-aubin-cantine"`, `decision: "refused"`, `date: "` + time.Now().UTC().Format(time.DateOnly), `digest: "sha-256:`, `Une tranche suffit`} {
		if !strings.Contains(decision, told) {
			t.Errorf("the decision lacks %q: %s", told, decision)
		}
	}
	for _, name := range []string{"saint-aubin-cantine.yaml.sig", "saint-aubin-cantine.decision.yaml.sig"} {
		if _, err := os.Stat(d.file(name)); (err == nil) != strings.Contains(name, "decision") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if told := d.run(exitFailed, "approvals", "sign", "-key", d.key, file); !strings.Contains(told, "was refused on") {
		t.Errorf("signed as refused: %s", told)
	}
	d.edit("saint-aubin-cantine.yaml", "au secrétariat de mairie", "au guichet de la mairie")
	d.run(exitOK, "approvals", "sign", "-key", d.key, file) // another text is another application
}

func TestAPreviewIsThePagesWithInventedValues(t *testing.T) {
	d := newOffice(t)
	out := d.file("preview")
	told := d.run(exitOK, "approvals", "preview", "-out", out, d.file("clairpre-piscine.yaml"))
	if !strings.Contains(told, "[band] cnaf_quotient_familial part comme un montant") {
		t.Errorf("remarks: %s", told)
	}
	if textOf(t, filepath.Join(out, "remarques.fr.txt")) == "" || !strings.Contains(textOf(t, filepath.Join(out, "remarques.en.txt")), "[band]") {
		t.Error("the remarks are not in the folder")
	}
	for name, holds := range map[string][]string{
		"connexion.fr.html": {"Commune de Clairpré", "abonnement à la piscine", `id="refuse"`, `id="accept"`, "Présentez une attestation"},
		"accord.fr.html":    {"CAMILLE EXEMPLE", "872", "Quotient familial", `href="accord.css"`, `href="accord.en.html"`, `id="accept"`, "Trouver la tranche de prix"},
		"accord.en.html":    {"season ticket", `lang="en"`, "Family quotient", `href="accord.fr.html"`},
		"accord.css":        {"body"},
	} {
		page := textOf(t, filepath.Join(out, name))
		for _, h := range holds {
			if !strings.Contains(page, h) {
				t.Errorf("%s lacks %q", name, h)
			}
		}
		if strings.Contains(page, "http://") || strings.Contains(page, `href="/s/`) {
			t.Errorf("%s leads elsewhere", name)
		}
	}
	d.run(exitUsage, "approvals", "preview", d.file("clairpre-piscine.yaml"))
}

func TestCheckTellsSignaturesEndsAndRemarksOfAFolder(t *testing.T) {
	d := newDrill(t)
	day := time.Now().UTC().AddDate(0, 0, 20).Format(time.DateOnly)
	key := filepath.Join(filepath.Dir(d.dir), "registrar.key")
	canteen := filepath.Join(d.dir, "approvals", "valbrume-cantine.yaml")
	d.run(exitOK, "approvals", "renew", "-key", key, "-until", day, canteen)
	told := d.run(exitOK, "approvals", "check", "-config", d.config, "-remarks")
	for _, line := range []string{"se termine le " + day, "préavis de 30 jours", "[several_incomes]", "[many_data]", "6 habilitations"} {
		if !strings.Contains(told, line) {
			t.Errorf("not told %q in %s", line, told)
		}
	}
	for _, told := range strings.Split(told, "\n") { // its two data leave as a grid's answers
		if strings.HasPrefix(told, "saint-aubin-cantine.yaml:") && strings.Contains(told, "[") {
			t.Errorf("remarked: %s", told)
		}
	}
	replace(t, canteen, "Commune de Valbrume", "Commune de Valbruma")
	if told := d.run(exitFailed, "approvals", "check", "-config", d.config); !strings.Contains(told, "a changé après sa signature") {
		t.Errorf("told %s", told)
	}
	if told := d.run(exitFailed, "approvals", "check", "-lang", "en", "-config", d.config); !strings.Contains(told, "was altered after it was signed") {
		t.Errorf("told %s", told)
	}
}

var update = flag.Bool("update", false, "write the remarks of the example application into testdata")

func TestTheRemarksOnTheExampleAreTheKnownOnes(t *testing.T) {
	d := newOffice(t)
	file := d.edit("clairpre-piscine.yaml", "Calculer le prix de votre abonnement à la piscine municipale selon votre quotient familial.", "Gestion du tarif.",
		"    - Délibération du conseil municipal de Clairpré n° 2026-12 du 2 mars 2026\n", "  full_address: Délibération n° 2026-12, article 3 (texte d'exemple)\n", "period: P1Y", "period: P3Y",
		"  required:\n", "  optional:\n    - id: cnaf_enfants\n      why: {fr: Compter vos enfants, en: To count your children}\n    - id: cnaf_adresse\n      why: {fr: Situer votre logement, en: To locate your home}\n  required:\n")
	out := d.file("preview")
	d.run(exitOK, "approvals", "preview", "-out", out, file)
	for _, name := range []string{"remarques.fr.txt", "remarques.en.txt"} {
		got, golden := textOf(t, filepath.Join(out, name)), filepath.Join("testdata", name)
		if *update {
			must(t, os.MkdirAll("testdata", 0o750))
			must(t, os.WriteFile(golden, []byte(got), 0o600))
		}
		if got != textOf(t, golden) {
			t.Errorf("%s differs: run go test ./cmd/accord -run TheKnownOnes -update\n%s", golden, got)
		}
	}
}
