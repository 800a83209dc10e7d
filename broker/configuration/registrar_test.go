package configuration

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func (w world) registrarNamed(t *testing.T, name string) note.Signer {
	t.Helper()
	private, public, err := GenerateRegistrar(name)
	must(t, err)
	w.edit(t, "accord.yaml", "registrars:\n", "registrars:\n  - "+public+"\n")
	signer, err := note.NewSigner(private)
	must(t, err)
	return signer
}

func TestARegistrarUnderTheOperatorsNameIsRefused(t *testing.T) {
	settings, err := ReadSettings(newWorld(t).accord)
	must(t, err)
	for _, name := range []string{"accord.example", "SIRET-" + settings.Operator.SIRET, "siren/" + settings.Operator.SIRET[:9], bareName(settings.Operator.Name)} {
		w := newWorld(t)
		signer := w.registrarNamed(t, name)
		c, mistakes := Load(w.accord)
		if c != nil || !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", "registrars:")+1, "bears the operator's own name") {
			t.Errorf("%s: %s", name, list(mistakes))
		}
		if err := CheckRegistrar(w.accord, w.registrar, signer); !errors.Is(err, ErrOwnRegistrar) {
			t.Errorf("%s may sign: %v", name, err)
		}
	}
}

func TestARegistrarsKeyWithinTheOperatorsReachIsRefused(t *testing.T) {
	for _, folder := range []string{".", "secrets", "approvals", "clients", "guard", "run"} {
		w := newWorld(t)
		signer, err := ReadRegistrar(w.registrar)
		must(t, err)
		must(t, CheckRegistrar(w.accord, w.registrar, signer))
		private, err := os.ReadFile(w.registrar)
		must(t, err)
		w.write(t, filepath.Join(folder, "copy.key"), string(private), 0o400)
		if c, mistakes := Load(w.accord); c != nil || !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", "registrars:")+1, "its private key lies in") {
			t.Errorf("%s: %s", folder, list(mistakes))
		}
		if err := CheckRegistrar(w.accord, w.registrar, signer); !errors.Is(err, ErrOwnRegistrar) {
			t.Errorf("%s: with a copy there it may sign: %v", folder, err)
		}
	}
}

func TestTheLogsKeyIsNoRegistrar(t *testing.T) {
	w := newWorld(t)
	c, mistakes := Load(w.accord)
	if c == nil {
		t.Fatal(list(mistakes))
	}
	w.edit(t, "accord.yaml", "registrars:\n", "registrars:\n  - "+c.Ring.LogVerifierKey()+"\n")
	if c, mistakes = Load(w.accord); c != nil || !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", "registrars:")+1, "is the key of this Accord's log") {
		t.Errorf("got:%s", list(mistakes))
	}
}

// One key in 64 ends in a +, which also parts name, hash and key.
func TestAKeyThatEndsAsTheLogsIsNotTheLogs(t *testing.T) {
	d := &document{file: "accord.yaml"}
	d.checkLogKey([]string{"registrar.example+0a1b2c3d+AdKxsyNIxBPzU6eDvvGYTeOYkUrb0nvb4zS7uGNdwzA+"}, "accord.example/log/1+3d2c1b0a+AYjmgGhY3ofhW1kSEzmkYjlDsm2Qmk4uPXTb8IxdX4k+")
	if len(d.mistakes) > 0 {
		t.Error(d.mistakes)
	}
}
