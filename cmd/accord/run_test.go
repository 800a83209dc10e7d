package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// accord runs the program as its main does.
func accord(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, func(string) string { return "" }, &out, &errs)
	return code, out.String(), errs.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestNoSimulatorIsLinkedIntoAccord(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", ".")
	out, err := cmd.Output()
	must(t, err)
	for dep := range strings.FieldsSeq(string(out)) {
		name := dep[strings.LastIndexByte(dep, '/')+1:]
		inside := strings.HasPrefix(dep, "accord/")
		if inside && (strings.HasSuffix(name, "sim") || strings.Contains(dep, "accord-demo") || strings.HasSuffix(name, "test")) {
			t.Errorf("accord links %s", dep)
		}
	}
	if !strings.Contains(string(out), "accord/broker\n") {
		t.Error("go list does not tell of the broker: this test would prove nothing")
	}
}

func TestWrongUsageExitsTwoAndTellsTheRightOne(t *testing.T) {
	for _, args := range [][]string{
		nil,
		{"frobnicate"},
		{"approvals"},
		{"init"},
		{"init", "a", "b"},
		{"init", "-issuer", "accord.example", "a"},
		{"check-config", "-nonsense"},
		{"approvals", "keygen"},
		{"approvals", "sign", "-key", "k"},
		{"serve", "x"},
		{"backup"},
		{"backup", "-rate", "0", "out"},
		{"restore"},
		{"restore", "-verify", "-new-log", "x"},
	} {
		if code, _, stderr := accord(t, args...); code != exitUsage || !strings.Contains(stderr, "accord") || !strings.Contains(stderr, "usage:") {
			t.Errorf("%q: exit %d, %q", args, code, stderr)
		}
	}
}

func TestHelpListsEveryCommandAndNoneIsAStub(t *testing.T) {
	code, stdout, _ := accord(t, "help")
	if code != exitOK {
		t.Errorf("exit %d", code)
	}
	for _, c := range commands() {
		if !strings.Contains(stdout, "accord "+c.usage) || c.run == nil {
			t.Errorf("%s is not listed or does nothing", c.name)
		}
		if code, stdout, _ := accord(t, append(splitWords(c.name), "-h")...); code != exitOK || !strings.Contains(stdout, c.usage) {
			t.Errorf("%s -h: exit %d, %q", c.name, code, stdout)
		}
	}
}

func TestInitMakesClosedFoldersAndRefusesAnyOther(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	code, stdout, stderr := accord(t, "init", "-issuer", "https://accord.valbrume.example", dir)
	if code != exitOK || !strings.Contains(stdout, "accord.valbrume.example/log/1") || !strings.Contains(stdout, "accord check-config") {
		t.Fatalf("exit %d, %q, %q", code, stdout, stderr)
	}
	for name, mode := range map[string]fs.FileMode{"keys": 0o700, "data": 0o700, "secrets": 0o700, "guard": 0o700, "run": 0o700, "keys/citizen.key": 0o400} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	config, err := os.ReadFile(filepath.Join(dir, "accord.yaml"))
	if err != nil || !strings.Contains(string(config), "\nissuer: https://accord.valbrume.example\n") {
		t.Errorf("accord.yaml does not name the issuer: %v", err)
	}
	if code, _, stderr := accord(t, "init", dir); code != exitFailed || !strings.Contains(stderr, "not empty") {
		t.Errorf("a second init: exit %d, %q", code, stderr)
	}
	tellsWhatIsLeftToDo(t, dir)
}

// tellsWhatIsLeftToDo: a fresh folder is not yet right, and every mistake says
// where.
func tellsWhatIsLeftToDo(t *testing.T, dir string) {
	code, _, stderr := accord(t, "check-config", "-config", filepath.Join(dir, "accord.yaml"))
	if code != exitFailed || strings.Count(stderr, "accord.yaml:") < 3 || !strings.Contains(stderr, "secrets/franceconnect does not exist") {
		t.Errorf("exit %d, %q", code, stderr)
	}
}

func TestApprovalsAreSignedWithAMadeKeyAndOnlyWhenRight(t *testing.T) {
	dir := t.TempDir()
	key, file := filepath.Join(dir, "registrar.key"), filepath.Join(dir, "valbrume-cantine.yaml")
	text, err := os.ReadFile("examples/approvals/valbrume-cantine.yaml")
	must(t, err)
	must(t, os.WriteFile(file, text, 0o600))

	code, public, stderr := accord(t, "approvals", "keygen", "-name", "registrar.example", "-out", key)
	if code != exitOK || !strings.HasPrefix(public, "registrar.example+") || strings.Contains(public+stderr, "PRIVATE") {
		t.Fatalf("keygen: exit %d, %q, %q", code, public, stderr)
	}
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("key file: %v, %v", info, err)
	}
	if code, _, _ := accord(t, "approvals", "keygen", "-name", "registrar.example", "-out", key); code != exitFailed {
		t.Error("keygen replaced a key")
	}
	if code, _, stderr := accord(t, "approvals", "sign", "-key", key, file); code != exitOK {
		t.Errorf("sign: exit %d, %q", code, stderr)
	}
	if _, err := os.Stat(file + ".sig"); err != nil {
		t.Error(err)
	}
	signsNothingWrong(t, key, file, string(text))
}

func signsNothingWrong(t *testing.T, key, file, text string) {
	must(t, os.Remove(file+".sig"))
	must(t, os.WriteFile(file, []byte(strings.Replace(text, "dpv:PublicBenefit", "whatever", 1)), 0o600))
	if code, _, stderr := accord(t, "approvals", "sign", "-key", key, file); code != exitFailed || !strings.Contains(stderr, "purpose.type") {
		t.Errorf("sign a wrong approval: exit %d, %q", code, stderr)
	}
	if _, err := os.Stat(file + ".sig"); err == nil {
		t.Error("a wrong approval was signed")
	}
}

func TestAConfigurationThatIsRefusedServesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "accord.yaml")
	must(t, os.WriteFile(file, []byte("listen: nowhere\n"), 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, errs bytes.Buffer
	if code := run(ctx, []string{"serve", "-config", file}, os.Getenv, &out, &errs); code != exitFailed || !strings.Contains(errs.String(), "accord.yaml:1: listen") {
		t.Errorf("exit %d, %q", code, errs.String())
	}
}
