package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"accord/broker/habilitations"
)

const canteen = "valbrume-cantine"

// A running accord is a process, with its registrar's key at hand.
type running struct {
	drill
	*child
	address, key string
}

func (d drill) running() running {
	d.Helper()
	c := start(d.T, d.dir, nil, "-wait", "0s")
	return running{d, c, "http://" + c.until("serving")["listen"].(string), filepath.Join(filepath.Dir(d.dir), "registrar.key")}
}

// standing is what anybody reads of an approval; nil once it is gone.
func (r running) standing(id string) *habilitations.Listed {
	r.T.Helper()
	code, body := fetch(r.T, http.DefaultClient, r.address+"/habilitations.json")
	var all struct{ Habilitations []habilitations.Listed }
	if err := json.Unmarshal([]byte(body), &all); err != nil || code != http.StatusOK {
		r.T.Fatalf("%d %s", code, body)
	}
	for _, l := range all.Habilitations {
		if l.ID == id {
			return &l
		}
	}
	return nil
}

func (r running) is(id string, want habilitations.State) *habilitations.Listed {
	r.T.Helper()
	l := r.standing(id)
	if l == nil || l.State != want {
		r.T.Fatalf("%s stands as %+v, want %s", id, l, want)
	}
	return l
}

func (r running) approval(id string) string { return filepath.Join(r.dir, "approvals", id+".yaml") }

func TestASuspensionSurvivesARestart(t *testing.T) {
	d := newDrill(t)
	r := d.running()
	r.is(canteen, habilitations.InForce)
	r.run(exitUsage, "approvals", "suspend", "-config", d.config, canteen)
	r.run(exitUsage, "approvals", "suspend", "-config", d.config, "-reason", "because of Camille", canteen)
	r.run(exitFailed, "approvals", "suspend", "-config", d.config, "-reason", "misuse", "nobody")
	at := time.Now()
	told := r.run(exitOK, "approvals", "suspend", canteen, "-config", d.config, "-reason", "misuse")
	l := r.is(canteen, habilitations.Suspended)
	if took := time.Since(at); took > 2*time.Second { // a second, and a process's answer on a busy machine
		t.Errorf("suspended after %s", took)
	}
	position := regexp.MustCompile(`\S+/log/1#\d+`).FindString(told)
	if l.Suspended == nil || l.Suspended.Reason != "misuse" || l.Log == nil || l.Log.Position != position {
		t.Errorf("%+v, told %q", l, told)
	}
	must(t, r.cmd.Process.Kill())
	_ = r.cmd.Wait() // killed

	r = d.running()
	r.is(canteen, habilitations.Suspended)
	d.run(exitOK, "approvals", "renew", "-key", r.key, "-config", d.config, "-until", "2035-12-31", r.approval(canteen))
	d.run(exitOK, "approvals", "reload", "-config", d.config)
	r.is(canteen, habilitations.Suspended)
	d.run(exitOK, "approvals", "resume", "-key", r.key, "-config", d.config, "-suspension", position, r.approval(canteen))
	if told := d.run(exitOK, "approvals", "reload", "-config", d.config); !strings.Contains(told, canteen+": resumed") {
		t.Errorf("told %q", told)
	}
	if l := r.is(canteen, habilitations.InForce); l.Until != "2035-12-31" || l.Suspended != nil {
		t.Errorf("%+v", l)
	}
	must(t, r.cmd.Process.Signal(syscall.SIGTERM))
	r.ends()
}

func TestAReloadWithAMistakeChangesNothing(t *testing.T) {
	d := newDrill(t)
	r := d.running()
	before := r.is(canteen, habilitations.InForce)
	d.run(exitOK, "approvals", "renew", "-key", r.key, "-until", "2035-12-31", r.approval(canteen))
	replace(t, r.approval("saint-aubin-cantine"), "Commune de Saint-Aubin", "Commune de Sainte-Aubine") // no longer what was signed
	told := d.run(exitFailed, "approvals", "reload", "-config", d.config)
	if !strings.Contains(told, "nothing was changed") || !strings.Contains(told, "saint-aubin-cantine.yaml: was altered") {
		t.Errorf("told %q", told)
	}
	must(t, r.cmd.Process.Signal(syscall.SIGHUP))
	r.until("reload refused")
	if after := r.is(canteen, habilitations.InForce); after.Digest != before.Digest || after.Log.Position != before.Log.Position {
		t.Errorf("the right file was taken although another is wrong: %+v", after)
	}
	d.run(exitOK, "approvals", "sign", "-key", r.key, r.approval("saint-aubin-cantine"))
	must(t, r.cmd.Process.Signal(syscall.SIGHUP))
	if n := r.until("reloaded")["changes"]; n != float64(2) {
		t.Errorf("%v changes", n)
	}
	if after := r.is(canteen, habilitations.InForce); after.Digest == before.Digest || after.Until != "2035-12-31" {
		t.Errorf("%+v", after)
	}
	client := filepath.Join(d.dir, "clients", "valbrume-mediatheque.yaml")
	must(t, os.Remove(client))
	must(t, os.Remove(r.approval("valbrume-mediatheque")))
	if told := d.run(exitOK, "approvals", "reload", "-config", d.config); !strings.Contains(told, "valbrume-mediatheque: removed") {
		t.Errorf("told %q", told)
	}
	if l := r.standing("valbrume-mediatheque"); l != nil {
		t.Errorf("a removed approval is listed: %+v", l)
	}
	must(t, r.cmd.Process.Signal(syscall.SIGTERM))
	r.ends()
}

func TestAnApprovalSignedByTheOperatorIsRefused(t *testing.T) {
	d := newDrill(t)
	file := filepath.Join(d.dir, "approvals", canteen+".yaml")
	own := filepath.Join(d.dir, "keys", "own.key")
	private := textOf(t, filepath.Join(filepath.Dir(d.dir), "registrar.key"))
	must(t, os.WriteFile(own, []byte(private), 0o400))
	if told := d.run(exitFailed, "check-config", "-config", d.config); !strings.Contains(told, "registrars[0]: its private key lies in") {
		t.Errorf("check-config: %q", told)
	}
	d.run(exitFailed, "serve", "-config", d.config)
	if told := d.run(exitFailed, "approvals", "sign", "-config", d.config, "-key", own, file); !strings.Contains(told, "a registrar is not the operator") {
		t.Errorf("sign: %q", told)
	}
	must(t, os.Remove(own))
	d.run(exitOK, "check-config", "-config", d.config)

	named := filepath.Join(filepath.Dir(d.dir), "named.key")
	public := strings.TrimSpace(d.run(exitOK, "approvals", "keygen", "-name", "localhost", "-out", named))
	public, _, _ = strings.Cut(public, "\n")
	replace(t, d.config, "registrars: [", "registrars: ["+public+", ")
	if told := d.run(exitFailed, "check-config", "-config", d.config); !strings.Contains(told, "bears the operator's own name") {
		t.Errorf("check-config: %q", told)
	}
	if told := d.run(exitFailed, "approvals", "sign", "-config", d.config, "-key", named, file); !strings.Contains(told, "own name") {
		t.Errorf("sign: %q", told)
	}
}

func TestApprovalsThatEndSoonAreToldWhereOperatorsLook(t *testing.T) {
	d := newDrill(t)
	key := filepath.Join(filepath.Dir(d.dir), "registrar.key")
	for id, days := range map[string]int{canteen: 20, "saint-aubin-cantine": 80, "hautes-brumes-transport": -1} {
		day := time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly)
		file := filepath.Join(d.dir, "approvals", id+".yaml")
		replace(t, file, "until: 2034-12-31", "until: "+day)
		d.run(exitOK, "approvals", "sign", "-key", key, file)
	}
	c := start(t, d.dir, nil, "-wait", "0s")
	for _, want := range []struct {
		id     string
		notice float64
	}{{"hautes-brumes-transport", 0}, {"saint-aubin-cantine", 90}, {canteen, 30}} {
		if line := c.until("approval ends"); line["approval"] != want.id || line["notice"] != want.notice {
			t.Errorf("logged %v, want %v", line, want)
		}
	}
	c.until("serving")
	client := socketClient(filepath.Join(d.dir, "run", "admin.sock"))
	code, ready := fetch(t, client, "http://admin/readyz")
	for deadline := time.Now().Add(10 * time.Second); code != http.StatusOK && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
		code, ready = fetch(t, client, "http://admin/readyz")
	}
	if code != http.StatusOK || strings.Count(ready, "approval ") != 3 {
		t.Errorf("readyz: %d %s", code, ready)
	}
	_, metrics := fetch(t, client, "http://admin/metrics")
	all, err := filepath.Glob(filepath.Join(d.dir, "approvals", "*.yaml"))
	must(t, err)
	inForce := fmt.Sprintf(`accord_approvals{state="in_force"} %d`, len(all)-1)
	for _, line := range []string{`accord_approvals{state="ended"} 1`, inForce, `accord_approvals_ending{days="30"} 1`, `accord_approvals_ending{days="90"} 2`} {
		if !strings.Contains(metrics, line) {
			t.Errorf("metrics lack %s", line)
		}
	}
	must(t, c.cmd.Process.Signal(syscall.SIGTERM))
	c.ends()
}
