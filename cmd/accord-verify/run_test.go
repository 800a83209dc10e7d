package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"accord/consent/receipt"
)

const vectors = "../../consent/receipt/testdata/"

func verify(t *testing.T, env string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	getenv := func(name string) string {
		if name == "LANG" {
			return env
		}
		return ""
	}
	var out, errs bytes.Buffer
	status = run(t.Context(), args, getenv, &out, &errs)
	return status, out.String(), errs.String()
}

// write puts content into a new file and gives its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestGenuineReceiptsExitWithZero(t *testing.T) {
	files, err := filepath.Glob(vectors + "*.jws")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d vectors: %v", len(files), err)
	}
	status, out, errs := verify(t, "fr_FR.UTF-8", append([]string{"receipt", "-jwks", vectors + "jwks.json"}, files...)...)
	if status != exitGenuine || errs != "" {
		t.Errorf("exit %d, %s", status, errs)
	}
	if n := strings.Count(out, "AUTHENTIQUE"); n != len(files) {
		t.Errorf("%d of %d said to be genuine:\n%s", n, len(files), out)
	}
	for _, said := range []string{"Ne prouve pas que l'accord n'a pas été retiré depuis", "Commune de Valbrume", "refus avant la connexion", "accord retiré", "consentement (RGPD 6-1-a)"} {
		if !strings.Contains(out, said) {
			t.Errorf("not said: %s", said)
		}
	}
}

func TestReceiptSavedWithALineEndIsGenuine(t *testing.T) {
	file := write(t, "r.jws", read(t, vectors+"granted.jws")+"\r\n")
	if status, out, _ := verify(t, "", "receipt", "-jwks", vectors+"jwks.json", file); status != exitGenuine {
		t.Errorf("exit %d:\n%s", status, out)
	}
}

// spoil changes one character of the part of a compact JWS to another.
func spoil(jws string, part int) string {
	parts := strings.Split(jws, ".")
	b := []byte(parts[part])
	b[len(b)/2] = "AB"[len(b)%2]
	if string(b) == parts[part] {
		b[len(b)/2] = 'C'
	}
	parts[part] = string(b)
	return strings.Join(parts, ".")
}

func TestEachOutcomeHasItsExitStatusAndNamesItsCheck(t *testing.T) {
	good := read(t, vectors+"granted.jws")
	keys := read(t, vectors+"jwks.json")
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal([]byte(keys), &set); err != nil {
		t.Fatal(err)
	}
	set.Keys = set.Keys[1:]
	set.Keys[0]["retired_at"] = set.Keys[0]["nbf"]
	retired, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	set.Keys = set.Keys[:0]
	none, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, jws, jwks string
		status          int
		step            step
	}{
		{"changed payload", spoil(good, 1), keys, exitFalse, stepSignature},
		{"changed signature", spoil(good, 2), keys, exitFalse, stepSignature},
		{"changed header", "e30" + good[3:], keys, exitFalse, stepForm},
		{"not a receipt", "hello", keys, exitFalse, stepForm},
		{"empty file", "", keys, exitFalse, stepForm},
		{"too long", good + strings.Repeat("A", receipt.MaxSize), keys, exitFalse, stepForm},
		{"key retired before", good, string(retired), exitFalse, stepKeyTime},
		{"key not in the history", good, string(none), exitUndecided, stepKey},
	} {
		status, out, _ := verify(t, "", "receipt", "-json", "-jwks", write(t, "jwks.json", c.jwks), write(t, "r.jws", c.jws))
		if status != c.status {
			t.Errorf("%s: exit %d, want %d:\n%s", c.name, status, c.status, out)
		}
		if at := stoppedAt(t, out); at != c.step {
			t.Errorf("%s: stopped at %q, want %q", c.name, at, c.step)
		}
		if strings.Contains(out, `"proves"`) || strings.Contains(out, "Valbrume") {
			t.Errorf("%s: shows as proven what is not:\n%s", c.name, out)
		}
	}
}

// stoppedAt reads the first check that did not pass; those after it must say
// they were not made.
func stoppedAt(t *testing.T, out string) step {
	t.Helper()
	var document result
	if err := json.Unmarshal([]byte(out), &document); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	var at step
	for _, c := range document.Receipts[0].Checks {
		if at == "" && c.Result != "passed" {
			at = c.Step
			continue
		}
		if at != "" && c.Result != "not_made" {
			t.Errorf("%s after a stop says %s", c.Step, c.Result)
		}
	}
	return at
}

func TestOneFalseReceiptMakesTheRunFalse(t *testing.T) {
	good, missing := vectors+"granted.jws", filepath.Join(t.TempDir(), "missing.jws")
	evil := write(t, "evil.jws", "hello")
	for _, c := range []struct {
		files  []string
		status int
	}{
		{[]string{good, missing}, exitUndecided},
		{[]string{missing, good}, exitUndecided},
		{[]string{good, evil, missing}, exitFalse},
		{[]string{missing, evil, good}, exitFalse},
	} {
		status, out, _ := verify(t, "", append([]string{"receipt", "-jwks", vectors + "jwks.json"}, c.files...)...)
		if status != c.status {
			t.Errorf("exit %d, want %d:\n%s", status, c.status, out)
		}
	}
}

func TestWhatCannotBeDecidedExitsWithTwo(t *testing.T) {
	good, keys := vectors+"granted.jws", vectors+"jwks.json"
	for name, args := range map[string][]string{
		"nothing":           {},
		"unknown command":   {"forge"},
		"no arguments":      {"receipt"},
		"no keys":           {"receipt", good},
		"no receipt":        {"receipt", "-jwks", keys},
		"unknown flag":      {"receipt", "-force", "-jwks", keys, good},
		"help":              {"receipt", "-h"},
		"unknown language":  {"receipt", "-lang", "de", "-jwks", keys, good},
		"keys missing":      {"receipt", "-jwks", "missing.json", good},
		"keys unreadable":   {"receipt", "-jwks", good, good},
		"receipt a folder":  {"receipt", "-jwks", keys, t.TempDir()},
		"receipt not there": {"receipt", "-jwks", keys, "missing.jws"},
	} {
		if status, out, _ := verify(t, "", args...); status != exitUndecided {
			t.Errorf("%s: exit %d:\n%s", name, status, out)
		}
	}
}

func TestInterruptedRunDecidesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	args := []string{"receipt", "-jwks", vectors + "jwks.json", vectors + "granted.jws"}
	if status := run(ctx, args, func(string) string { return "" }, &out, &errs); status != exitUndecided {
		t.Errorf("exit %d:\n%s", status, out.String())
	}
}

func TestLanguageIsTheFlagsElseTheEnvironments(t *testing.T) {
	for _, c := range []struct {
		env, flag, word string
	}{
		{"fr_FR.UTF-8", "", "AUTHENTIQUE"}, {"fr", "en", "GENUINE"}, {"en_GB", "", "GENUINE"}, {"", "", "GENUINE"}, {"C", "fr", "AUTHENTIQUE"},
	} {
		_, out, _ := verify(t, c.env, "receipt", "-lang", c.flag, "-jwks", vectors+"jwks.json", vectors+"granted.jws")
		if !strings.Contains(out, c.word) {
			t.Errorf("LANG=%s -lang %s: no %s in\n%s", c.env, c.flag, c.word, out)
		}
	}
	if _, _, errs := verify(t, "fr_FR", "receipt"); !strings.Contains(errs, "codes de sortie") {
		t.Errorf("usage: %s", errs)
	}
}

func TestBothLanguagesSayEverything(t *testing.T) {
	for _, lang := range []string{french, english} {
		said := textsIn(lang)
		for _, s := range steps() {
			if said.steps[s] == "" {
				t.Errorf("%s: step %s", lang, s)
			}
		}
		for _, o := range []outcome{genuine, notTrue, undecided} {
			if said.verdicts[o] == "" {
				t.Errorf("%s: outcome %s", lang, o)
			}
		}
		for _, act := range []receipt.Type{receipt.Granted, receipt.Refused, receipt.Renewed, receipt.Withdrawn} {
			if said.acts[string(act)] == "" {
				t.Errorf("%s: act %s", lang, act)
			}
		}
		for _, basis := range []receipt.BasisAct{receipt.AccordArt61E, receipt.ConsentementArt61A, receipt.InformationL1148} {
			if said.bases[string(basis)] == "" {
				t.Errorf("%s: basis %s", lang, basis)
			}
		}
		for _, stage := range []receipt.Stage{receipt.StageBeforeLogin, receipt.StageLogin, receipt.StageDecision} {
			if said.stages[string(stage)] == "" {
				t.Errorf("%s: stage %s", lang, stage)
			}
		}
		for _, word := range []string{"passed", "failed", "undecided", "not_made"} {
			if said.marks[word] == "" {
				t.Errorf("%s: mark %s", lang, word)
			}
		}
	}
}

func TestJSONTellsWhatIsProvenAndTheReceipt(t *testing.T) {
	_, out, _ := verify(t, "", "receipt", "-json", "-jwks", vectors+"jwks.json", vectors+"granted.jws")
	var document struct {
		Outcome      string
		Proves       string
		DoesNotProve string `json:"does_not_prove"`
		Receipts     []finding
	}
	if err := json.Unmarshal([]byte(out), &document); err != nil {
		t.Fatal(err)
	}
	if document.Outcome != "genuine" || document.Proves == "" || !strings.Contains(document.DoesNotProve, "withdrawn since") {
		t.Errorf("%s", out)
	}
	one := document.Receipts[0]
	if one.Receipt == nil || one.Receipt.GrantID == "" || one.Digest != receipt.Digest([]byte(read(t, vectors+"granted.jws"))) {
		t.Errorf("%+v", one)
	}
}

func TestNamesCannotSteerTheTerminal(t *testing.T) {
	if got := plain("a\x1b[2Jb\u202e\n"); strings.ContainsAny(got, "\x1b\n\u202e") {
		t.Errorf("%q", got)
	}
}

// The auditor's program must not carry the broker: not its web framework, not
// its store, no network client.
func TestVerifierLinksNeitherNetworkNorStore(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(out))
	if len(packages) < 50 {
		t.Fatalf("only %d packages listed", len(packages))
	}
	for _, p := range packages {
		for _, forbidden := range []string{"net/http", "github.com/gin-gonic/", "go.etcd.io/bbolt", "github.com/zitadel/", "accord/broker", "accord/oidc", "accord/providers", "accord/ui"} {
			if p == forbidden || strings.HasPrefix(p, forbidden) {
				t.Errorf("links %s", p)
			}
		}
	}
}
