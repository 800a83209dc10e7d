package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/broker/boltstore"
	"accord/broker/configuration"
	"accord/broker/store"
	"accord/consent/audit"
)

// A drill is the folder of an Accord whose backups are tried.
type drill struct {
	*testing.T
	dir, config string
}

func newDrill(t *testing.T) drill {
	dir := readyFolder(t)
	return drill{t, dir, filepath.Join(dir, "accord.yaml")}
}

// open gives the store to one step, as no serve runs.
func (d drill) open(use func(*configuration.Configuration, *boltstore.Store)) {
	d.Helper()
	c, mistakes := configuration.Load(d.config)
	if c == nil {
		d.Fatal(mistakes)
	}
	s, err := openStore(c, quietLog(), nil)
	must(d.T, err)
	defer func() { must(d.T, s.Close()) }()
	use(c, s)
}

// grant makes one durable grant, live for ten minutes.
func (d drill) grant(id string) {
	d.Helper()
	d.open(func(c *configuration.Configuration, s *boltstore.Store) {
		must(d.T, s.Announce(d.Context(), c.Ring.Announcements()))
		jws := []byte("receipt of " + id)
		_, err := s.Decide(d.Context(), store.DecideCmd{
			Interaction: "interaction of " + id, Kind: audit.ConsentGranted, Event: audit.Event{Mode: "identity"},
			Receipt: store.Receipt{ID: "receipt " + id, KeyID: c.Ring.Receipt().KeyID, JWS: jws, Digest: audit.Digest(jws)},
			Grant:   &store.Grant{ID: id, Client: "client", Citizen: "citizen", Subject: "sub", ValidUntil: time.Now().Add(10 * time.Minute)},
			Code:    &store.Code{Hash: sha256.Sum256([]byte(id)), Client: "client", Expires: time.Minute},
		})
		must(d.T, err)
	})
}

func (d drill) run(want int, args ...string) string {
	d.Helper()
	code, stdout, stderr := accord(d.T, args...)
	if code != want {
		d.Fatalf("%q: exit %d, %s%s", args, code, stdout, stderr)
	}
	return stdout + stderr
}

// serving runs serve for as long as the step.
func (d drill) serving(step func()) {
	d.Helper()
	ctx, cancel := context.WithCancel(d.Context())
	out, done := &log{}, make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"serve", "-wait", "0s", "-config", d.config}, os.Getenv, io.Discard, out)
	}()
	answersOnItsSocket(d.T, filepath.Join(d.dir, "run", "admin.sock"), out, done)
	step()
	cancel()
	if code := <-done; code != exitOK {
		d.Fatalf("serve: exit %d: %s", code, out)
	}
}

func (d drill) backup(name string) string {
	out := filepath.Join(d.dir, name)
	d.run(exitOK, "backup", "-config", d.config, out)
	return out
}

func TestDrillACurrentCopyGoesOnAndAnOlderOneOnlyAsANewLog(t *testing.T) {
	d := newDrill(t)
	d.grant("g_first")
	var hot string
	d.serving(func() { hot = d.backup("hot") }) // serve wrote its announcements before it was ready
	cold := d.backup("cold")

	for _, copied := range []string{hot, cold} {
		d.run(exitOK, "restore", "-config", d.config, "-verify", copied)
		if told := d.run(exitOK, "restore", "-config", d.config, copied); !strings.Contains(told, "in place") || !strings.Contains(told, "localhost:8080/log/1") {
			t.Errorf("restoring a current copy tells %q", told)
		}
	}
	d.run(exitFailed, "restore", "-config", d.config, "-new-log", hot) // no reason to end the log

	d.grant("g_second")
	for _, args := range [][]string{{"-verify"}, nil} {
		args = append(append([]string{"restore", "-config", d.config}, args...), hot)
		if told := d.run(exitFailed, args...); !strings.Contains(told, "guard") || !strings.Contains(told, "--new-log") {
			t.Errorf("restoring an older copy tells %q", told)
		}
	}
	d.open(func(_ *configuration.Configuration, s *boltstore.Store) {
		if _, err := s.Grant(t.Context(), "g_second"); err != nil {
			t.Error("a refused restore changed the store:", err)
		}
	})
	d.run(exitOK, "restore", "-config", d.config, "-new-log", hot)
	d.serving(func() {}) // announces its keys in the new log
	d.newLog()
}

// newLog checks what the log that goes on says.
func (d drill) newLog() {
	d.Helper()
	d.open(func(c *configuration.Configuration, s *boltstore.Store) {
		if c.Ring.Origin() != "localhost:8080/log/2" {
			d.Errorf("the keys are those of %s", c.Ring.Origin())
		}
		entries, err := s.Entries(d.Context(), 0, 100)
		must(d.T, err)
		var opened, revoked audit.Event
		must(d.T, json.Unmarshal(entries[0].Event, &opened))
		must(d.T, json.Unmarshal(entries[1].Event, &revoked))
		if opened.Kind != "log.opened" || opened.Restored == nil || *opened.Restored < 2 || opened.Checkpoint == "" || opened.ID != c.Ring.Origin() {
			d.Errorf("the new log begins with %+v", opened)
		}
		if revoked.Kind != "consent.revoked" || revoked.Reason != "restore" || revoked.Grant != "g_first" || revoked.Prev != nil {
			d.Errorf("then says %+v", revoked)
		}
		g, err := s.Grant(d.Context(), "g_first")
		if err != nil || g.State != store.Revoked {
			d.Errorf("the grant of the backup is %+v, %v", g, err)
		}
		events, err := s.EventsOf(d.Context(), "g_first")
		if err != nil || len(events) != 2 || events[1].Kind != audit.ConsentRevoked {
			d.Errorf("its events: %v, %v", events, err)
		}
		keys, err := s.PublishedKeys(d.Context())
		if err != nil || len(keys) != len(c.Ring.Announcements()) {
			d.Errorf("%d keys announced, %v", len(keys), err)
		}
		_, err = s.Redeem(d.Context(), store.RedeemCmd{Code: sha256.Sum256([]byte("g_first")), Client: "client"})
		if err == nil {
			d.Error("a code of the backup was redeemed")
		}
	})
}

func TestABackupIsRefusedOverAFileOrInsideTheData(t *testing.T) {
	d := newDrill(t)
	d.grant("g_first")
	out := d.backup("copy")
	before, err := os.ReadFile(out)
	must(t, err)
	if told := d.run(exitFailed, "backup", "-config", d.config, out); !strings.Contains(told, "already") {
		t.Errorf("over a file: %q", told)
	}
	if told := d.run(exitFailed, "backup", "-config", d.config, filepath.Join(d.dir, "data", "copy")); !strings.Contains(told, "another disk") {
		t.Errorf("inside data: %q", told)
	}
	if after, err := os.ReadFile(out); err != nil || string(after) != string(before) {
		t.Error("the first backup was touched")
	}
	secret, err := os.ReadFile(filepath.Join(d.dir, "keys", "citizen.key"))
	must(t, err)
	if strings.Contains(string(before), strings.TrimSpace(string(secret))) {
		t.Error("the backup holds a key")
	}
}

func TestADamagedBackupIsRefused(t *testing.T) {
	d := newDrill(t)
	d.grant("g_first")
	out := d.backup("copy")
	data, err := os.ReadFile(out)
	must(t, err)
	data = bytes.ReplaceAll(data, []byte("localhost:8080/log/1\n"), []byte("localhost:8081/log/1\n")) // in the signed checkpoint
	damaged := filepath.Join(d.dir, "damaged")
	must(t, os.WriteFile(damaged, data, 0o600))
	if told := d.run(exitFailed, "restore", "-config", d.config, damaged); !strings.Contains(told, "damaged") {
		t.Errorf("tells %q", told)
	}
	d.run(exitFailed, "restore", "-config", d.config, "-new-log", damaged)
	d.serving(func() {
		if told := d.run(exitFailed, "restore", "-config", d.config, out); !strings.Contains(told, "stop accord serve") {
			t.Errorf("while serving: %q", told)
		}
	})
}
