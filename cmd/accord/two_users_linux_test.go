package main

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/consent/audit"
)

// secondUser is a uid that is neither root nor the test's.
const secondUser = 12345

// asSecond runs accord under another uid, with the group as its only one.
func (d drill) asSecond(program string, gid uint32, args ...string) (string, error) {
	d.Helper()
	cmd := exec.CommandContext(d.Context(), program)
	cmd.Dir = filepath.Dir(program)
	cmd.Env = []string{childEnv + "=" + strings.Join(args, "\n")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: secondUser, Gid: gid}}
	told, err := cmd.CombinedOutput()
	return string(told), err
}

// shared is a folder and a copy of this program that another user may run.
func (d drill) shared() (dir, program string) {
	d.Helper()
	dir, err := os.MkdirTemp("", "acc")
	must(d.T, err)
	d.Cleanup(func() { _ = os.RemoveAll(dir) })
	must(d.T, os.Chmod(dir, 0o755))
	program = filepath.Join(dir, "accord")
	text, err := os.ReadFile(os.Args[0])
	must(d.T, err)
	must(d.T, os.WriteFile(program, text, 0o755))
	return dir, program
}

// The whole way, between two users of the machine, with a real copy.
func TestTwoUsersOfTheMachineErase(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be two users")
	}
	daemon, err := user.LookupGroupId("1")
	if err != nil {
		t.Skip("no group 1")
	}
	d := newDrill(t)
	dir, program := d.shared()
	socket := filepath.Join(dir, "admin.sock")
	replace(t, d.config, "admin: run/admin.sock", "admin: "+socket+"\nadmin_group: "+daemon.Name)
	d.grant("g_first")
	d.open(func(_ *configuration.Configuration, s *boltstore.Store) {
		_, err := s.Revoke(t.Context(), "g_first", "test")
		must(t, err)
	})
	c := start(t, d.dir, nil)
	c.until("serving")

	told := d.run(exitOK, "erase", "propose", "-config", d.config, "-grant", "g_first", "-request", "RGPD-2026-17")
	id := regexp.MustCompile(`confirm ([0-9a-f]{12})`).FindStringSubmatch(told)[1]
	if told := d.run(exitFailed, "erase", "confirm", "-config", d.config, id); !strings.Contains(told, "another operator") {
		t.Errorf("the proposer is told %q", told)
	}
	if told, err := d.asSecond(program, 2, "erase", "confirm", "-socket", socket, id); err == nil || !strings.Contains(told, "permission denied") {
		t.Errorf("outside the group: %q, %v", told, err)
	}
	told, err = d.asSecond(program, 1, "erase", "confirm", "-socket", socket, id)
	if err != nil || !strings.Contains(told, "PAS ENCORE EFFACÉ") {
		t.Fatalf("another user: %q, %v", told, err)
	}
	out := filepath.Join(dir, "copy.db")
	if told := d.run(exitOK, "erase", "finish", "-config", d.config, "-keys-backed-up", newestEpoch(t, told), "-backup", out); !strings.Contains(told, "EFFACÉ ICI") || !strings.Contains(told, "verified") {
		t.Errorf("told %q", told)
	}
	must(t, c.cmd.Process.Signal(syscall.SIGTERM))
	c.ends()
	d.actsLogged("erase.propose uid 0, 1 sets", "erase.confirm uid 12345, proposed by uid 0", "erase.finish uid 0")
	d.open(func(c *configuration.Configuration, _ *boltstore.Store) {
		copied := storeConfig(c)
		copied.Path = out
		if _, err := boltstore.Inspect(copied); err != nil {
			t.Error("the copy needs a key that was destroyed:", err)
		}
	})
}

// actsLogged wants these acts in the log, in order; one refused is not logged.
func (d drill) actsLogged(want ...string) {
	d.Helper()
	d.open(func(_ *configuration.Configuration, s *boltstore.Store) {
		entries, err := s.Entries(d.Context(), 0, 1000)
		must(d.T, err)
		var got []string
		for _, e := range entries {
			if e.Kind == audit.AdminAct {
				ev, _, err := audit.Decode(e.Event)
				must(d.T, err)
				got = append(got, ev.ID+" "+ev.Reason)
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			d.Errorf("the log tells %q", got)
		}
	})
}
