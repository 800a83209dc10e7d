package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/broker/admin"
	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/broker/operator"
)

func TestKeysRotateWhileServeRuns(t *testing.T) {
	d := newDrill(t)
	kid := func() (kid string) {
		d.open(func(c *configuration.Configuration, _ *boltstore.Store) { kid = c.Ring.Receipt().KeyID })
		return kid
	}
	old := kid()
	d.serving(func() {
		d.run(exitUsage, "keys", "rotate", "-config", d.config, "receipt", "id_token")
		d.run(exitFailed, "keys", "rotate", "-config", d.config, "log")
		if told := d.run(exitOK, "keys", "rotate", "-config", d.config, "receipt"); strings.Contains(told, old) {
			t.Errorf("told %q", told)
		}
		d.run(exitOK, "keys", "rotate", "-config", d.config)
		d.run(exitOK, "keys", "compromise", old, "-last-good", "-1", "-config", d.config)
		for _, args := range [][]string{{"-x" + old, "-last-good", "3"}, {"-last-good", "3", "-x" + old}, {"-last-good=3", "--", "-x" + old}} {
			args = slices.Concat([]string{"keys", "compromise", "-config", d.config}, args)
			if told := d.run(exitFailed, args...); !strings.Contains(told, "no such") {
				t.Errorf("%q: told %q", args, told)
			}
		}
		d.run(exitUsage, "keys", "compromise", old, "-config", d.config)
		if told := d.run(exitFailed, "keys", "compromise", "nobody", "-last-good", "3", "-config", d.config); !strings.Contains(told, "no such") {
			t.Errorf("told %q", told)
		}
	})
	if kid() == old {
		t.Error("the old key signs after a restart")
	}
	d.run(exitFailed, "keys", "rotate", "-config", d.config) // nobody serves
}

func TestOneOperatorAloneErasesNothing(t *testing.T) {
	d := newDrill(t)
	d.serving(func() {
		if told := d.run(exitFailed, "erase", "confirm", "-config", d.config, "000000000000"); !strings.Contains(told, "no such proposal") {
			t.Errorf("told %q", told)
		}
		if told := d.run(exitOK, "erase", "list", "-config", d.config); !strings.Contains(told, "rien n'attend") {
			t.Errorf("told %q", told)
		}
	})
}

func TestRequestsAreListedAndAnsweredOverTheSocket(t *testing.T) {
	d := newDrill(t)
	d.serving(func() {
		if told := d.run(exitOK, "requests", "list", "-all", "-config", d.config); !strings.Contains(told, "aucune demande / no request") {
			t.Errorf("told %q", told)
		}
		d.run(exitUsage, "requests", "answer", "R-AAAA-BBBB-CCCC", "-config", d.config)
		d.run(exitUsage, "requests", "answer", "R-AAAA-BBBB-CCCC", "-state", "answered", "-config", d.config)
		if told := d.run(exitFailed, "requests", "answer", "R-AAAA-BBBB-CCCC", "-state", "sent", "-config", d.config); !strings.Contains(told, "not found") {
			t.Errorf("told %q", told)
		}
	})
}

// alternately serves the acts of a drill's store to the uid that the test sets.
func (d drill) alternately(s *boltstore.Store, c *configuration.Configuration, uid *atomic.Int64) string {
	d.Helper()
	path := filepath.Join(d.dir, "two.sock")
	l, err := admin.Listen(path, "")
	must(d.T, err)
	acts := operator.New(operator.Config{Store: s, Keys: c.Ring, Log: quietLog(), Now: func() time.Time { return time.Now().Add(time.Hour) }})
	server := &http.Server{
		ReadHeaderTimeout: time.Second, ConnContext: func(ctx context.Context, _ net.Conn) context.Context { return admin.AsPeer(ctx, int(uid.Load())) },
		Handler: admin.Handler(admin.Config{Health: &admin.Health{}, Metrics: admin.NewMetrics(), Acts: acts.Handler()}),
	}
	go func() { _ = server.Serve(l) }()
	d.Cleanup(func() { _ = server.Close() })
	return path
}

func TestTwoOperatorsEraseAndAreToldWhenItIsDone(t *testing.T) {
	d := newDrill(t)
	d.grant("g_first")
	d.open(func(c *configuration.Configuration, s *boltstore.Store) {
		_, err := s.Revoke(t.Context(), "g_first", "test")
		must(t, err)
		var uid atomic.Int64
		uid.Store(1001)
		socket := d.alternately(s, c, &uid)
		file := filepath.Join(d.dir, "extract.json")
		d.run(exitOK, "extract", "-socket", socket, "-grant", "g_first", file)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 || !strings.Contains(textOf(t, file), `"grant": "g_first"`) {
			t.Errorf("the extract: %v, %v", info, err)
		}
		d.run(exitFailed, "extract", "-socket", socket, "-grant", "g_first", file) // never over a file

		told := d.run(exitOK, "erase", "propose", "-socket", socket, "-grant", "g_first", "-request", "RGPD-2026-17")
		id := regexp.MustCompile(`confirm ([0-9a-f]{12})`).FindStringSubmatch(told)[1]
		d.run(exitFailed, "erase", "confirm", "-socket", socket, id)
		uid.Store(1002)
		told = d.run(exitOK, "erase", "confirm", "-socket", socket, id)
		for _, told := range []string{told, d.run(exitOK, "erase", "list", "-socket", socket)} {
			if !strings.Contains(told, "PAS ENCORE EFFACÉ") {
				t.Errorf("told %q", told)
			}
		}
		d.run(exitUsage, "erase", "finish", "-socket", socket)
		d.run(exitUsage, "erase", "finish", "-socket", socket, "-backed-up")
		if told := d.run(exitOK, "erase", "finish", "-socket", socket, "-backed-up", "-keys-backed-up", newestEpoch(t, told)); !strings.Contains(told, "EFFACÉ ICI") || !strings.Contains(told, "epochs/") {
			t.Errorf("told %q", told)
		}
		if told := d.run(exitOK, "erase", "list", "-socket", socket); !strings.Contains(told, "rien n'attend") {
			t.Errorf("told %q", told)
		}
	})
}

func TestAnIdentityComesFromAFileAndIsNeverToldBack(t *testing.T) {
	d := newDrill(t)
	d.run(exitUsage, "erase", "propose", "-person", "x", "-grant", "g", "-retention")
	d.run(exitUsage, "erase", "propose", "-grant", "g", "-retention", "-request", "r")
	person := filepath.Join(d.dir, "person.json")
	for _, text := range []string{"", "null", "[]", `{"family_name":"TREMBLIN","nickname":"x"}`, strings.Repeat(" ", maxPerson) + "{}"} {
		must(t, os.WriteFile(person, []byte(text), 0o600))
		if told := d.run(exitFailed, "extract", "-config", d.config, "-person", person, filepath.Join(d.dir, "out")); strings.Contains(told, "TREMBLIN") {
			t.Errorf("told %q", told)
		}
	}
	must(t, os.WriteFile(person, []byte(`{"issuer":"https://fc.example","sub":"nobody"}`), 0o600))
	d.serving(func() {
		if told := d.run(exitFailed, "extract", "-config", d.config, "-person", person, filepath.Join(d.dir, "out")); !strings.Contains(told, "not found") {
			t.Errorf("told %q", told)
		}
	})
	if _, err := os.Stat(filepath.Join(d.dir, "out")); err == nil {
		t.Error("an empty extract is left")
	}
}

func TestOlderCopiesBesideANewOneAreListed(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"older", "new", "newer"} {
		file := filepath.Join(dir, name)
		must(t, os.WriteFile(file, nil, 0o600))
		at := time.Now().Add(time.Duration(i) * time.Hour)
		must(t, os.Chtimes(file, at, at))
	}
	if older := olderThan(filepath.Join(dir, "new")); len(older) != 1 || filepath.Base(older[0]) != "older" {
		t.Errorf("listed %v", older)
	}
	if older := olderThan(""); older != nil {
		t.Errorf("listed %v", older)
	}
}

// newestEpoch is the epoch key that the operator is told to back up.
func newestEpoch(t *testing.T, told string) string {
	t.Helper()
	found := regexp.MustCompile(`keys-backed-up (\S+)`).FindStringSubmatch(told)
	if found == nil {
		t.Fatalf("no epoch key is named: %q", told)
	}
	return found[1]
}
