package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"accord/consent/ledger"
)

// An auditor is one who runs the command against a log.
type auditor struct {
	t     *testing.T
	log   *testLog
	dir   string
	extra []string
}

func newAuditor(t *testing.T, log *testLog, extra ...string) auditor {
	t.Helper()
	a := auditor{t, log, t.TempDir(), extra}
	a.write("policy", "log "+log.vkey+"\n")
	return a
}

func (a auditor) write(name, content string) {
	a.t.Helper()
	if err := os.WriteFile(filepath.Join(a.dir, name), []byte(content), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

func (a auditor) state() string {
	data, err := os.ReadFile(filepath.Join(a.dir, "state"))
	if err != nil {
		return ""
	}
	return string(data)
}

// look runs the command once.
func (a auditor) look(extra ...string) (status int, out string) {
	a.t.Helper()
	args := []string{
		"monitor", "-once", "-tries", "1", "-lang", "en", "-log", a.log.url,
		"-policy", filepath.Join(a.dir, "policy"), "-state", filepath.Join(a.dir, "state"),
	}
	args = append(append(args, a.extra...), extra...)
	var stdout, stderr bytes.Buffer
	status = run(a.t.Context(), args, func(string) string { return "" }, &stdout, &stderr)
	if n := strings.Count(stdout.String(), "\n"); n > 1 {
		a.t.Errorf("%d lines for one look:\n%s", n, stdout.String())
	}
	return status, stdout.String() + stderr.String()
}

// expect looks once and wants this status, and these words in the line.
func (a auditor) expect(status int, said ...string) {
	a.t.Helper()
	got, out := a.look()
	if got != status {
		a.t.Errorf("exit %d, want %d: %s", got, status, out)
	}
	for _, s := range said {
		if !strings.Contains(out, s) {
			a.t.Errorf("not said: %q in %s", s, out)
		}
	}
}

func TestAnHonestLogIsFollowedAsItGrows(t *testing.T) {
	log := newTestLog(t, 0)
	a := newAuditor(t, log)
	a.expect(exitWell, "WELL log "+testOrigin, "0 entries")
	size := 0
	for _, more := range []int{1, 2, 252, 1, 1, 255, 300, 513, 5, 0} {
		log.grow(more, "")
		size += more
		a.expect(exitWell, fmt.Sprintf("%d entries, %d of them new", size, more))
	}
}

func TestALargeLogIsFollowedOverAllLevels(t *testing.T) {
	log := newTestLog(t, 65536+700)
	a := newAuditor(t, log)
	tiles := log.tiles() // made once: the test's own log is slow
	log.spoil = func(p string, w http.ResponseWriter, _ *http.Request) bool {
		var level, n, width int
		if c, err := fmt.Sscanf(p, "tile/%d/%03d.p/%d", &level, &n, &width); err == nil && c == 3 {
			_, _ = w.Write(tiles[fmt.Sprint(level, n)][:width*32])
			return true
		}
		if c, err := fmt.Sscanf(p, "tile/%d/%03d", &level, &n); err == nil && c == 2 && !strings.Contains(p, ".p") {
			_, _ = w.Write(tiles[fmt.Sprint(level, n)])
			return true
		}
		return false
	}
	a.expect(exitWell, "66236 entries")
	for p, n := range log.asked {
		if n > 1 {
			t.Errorf("%s asked for %d times", p, n)
		}
	}
	clear(log.asked)
	log.grow(1, "")
	tiles = log.tiles()
	a.expect(exitWell, "1 of them new")
	if len(log.asked) > 9 {
		t.Errorf("%d requests for one new leaf: %v", len(log.asked), log.asked)
	}
}

func TestALogThatForgotPartialTilesIsStillFollowed(t *testing.T) {
	log := newTestLog(t, 300)
	a := newAuditor(t, log)
	shown := log.checkpoint()
	log.grow(300, "") // the head shown is older than the tiles
	log.spoil = func(p string, w http.ResponseWriter, r *http.Request) bool {
		switch {
		case p == "checkpoint":
			_, _ = w.Write(shown)
		case strings.Contains(p, ".p/44"):
			http.NotFound(w, r)
		default:
			return false
		}
		return true
	}
	a.expect(exitWell, "300 entries")
}

func TestAForkIsAnAlarmAndItsEvidenceIsKept(t *testing.T) {
	for _, c := range []struct {
		name        string
		rewriteFrom int
		grow        int
		said        string
	}{
		{"of the same size, last leaf", 299, 0, "ALARM fork " + testOrigin + "#299"},
		{"of the same size, first leaf", 0, 0, "ALARM fork " + testOrigin},
		{"grown, first leaf", 0, 10, "ALARM fork " + testOrigin + "#0:"},
		{"grown, in the second subtree", 270, 10, "ALARM fork " + testOrigin + "#256:"},
		{"grown, last leaf", 299, 1000, "ALARM fork " + testOrigin + "#296:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := newTestLog(t, 300)
			a := newAuditor(t, log)
			a.expect(exitWell)
			before := a.state()
			log.rewrite(c.rewriteFrom)
			log.grow(c.grow, "")
			a.expect(exitAlarm, c.said)
			a.expect(exitAlarm, c.said)
			if a.state() != before {
				t.Error("the remembered head was given up for the fork")
			}
			a.checkEvidence()
		})
	}
}

// checkEvidence wants both signed heads in one file.
func (a auditor) checkEvidence() {
	a.t.Helper()
	files, err := filepath.Glob(filepath.Join(a.dir, "state.alarm-*"))
	if err != nil || len(files) != 1 {
		a.t.Fatalf("evidence %v: %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil || strings.Count(string(data), "— "+testOrigin+" ") != 2 {
		a.t.Errorf("not two signed checkpoints: %v\n%s", err, data)
	}
}

func TestAShorterLogIsNeverTrusted(t *testing.T) {
	for _, size := range []int{299, 256, 1, 0} {
		log := newTestLog(t, 300)
		a := newAuditor(t, log)
		a.expect(exitWell)
		before := a.state()
		all := log.leaves
		log.leaves = log.leaves[:size]
		a.expect(exitAlarm, fmt.Sprintf("ALARM rollback %s#%d:", testOrigin, size))
		a.checkEvidence()
		if a.state() != before {
			t.Error("the monitor went back with the log")
		}
		log.leaves = all
		log.grow(1, "")
		a.expect(exitWell, "301 entries, 1 of them new")
	}
}

func flipBit(data []byte, at int) []byte {
	out := bytes.Clone(data)
	out[at] ^= 1
	return out
}

func TestOneFlippedBitInOneEntryIsNamedByItsIndex(t *testing.T) {
	for _, index := range []int{0, 1, 255, 256, 511, 512, 599} {
		log := newTestLog(t, 600)
		a := newAuditor(t, log)
		log.spoil = func(p string, w http.ResponseWriter, _ *http.Request) bool {
			n := index / tileWidth
			if p != tilePath("entries", int64(n), min(tileWidth, 600-n*tileWidth)) {
				return false
			}
			_, _ = w.Write(flipBit(log.answer(p), (index%tileWidth)*36+20))
			return true
		}
		a.expect(exitAlarm, fmt.Sprintf("ALARM entry %s#%d:", testOrigin, index))
		if a.state() != "" {
			t.Error("the head was remembered although a leaf was not its own")
		}
		log.behave(nil)
		a.expect(exitWell)
	}
}

func TestOneFlippedBitInOneTileIsNamedByItsIndex(t *testing.T) {
	for _, c := range []struct {
		path  string
		hash  int
		index int
	}{
		{"tile/0/000", 7, 7},
		{"tile/0/001", 255, 511},
		{"tile/0/002.p/88", 3, 515},
		{"tile/1/000.p/2", 0, 0},
	} {
		log := newTestLog(t, 600)
		a := newAuditor(t, log)
		log.spoil = func(p string, w http.ResponseWriter, _ *http.Request) bool {
			if p != c.path {
				return false
			}
			_, _ = w.Write(flipBit(log.answer(p), c.hash*32+5))
			return true
		}
		a.expect(exitAlarm, fmt.Sprintf("ALARM tile %s#%d:", testOrigin, c.index))
	}
}

func TestAnEntryChangedLaterIsFoundByReadingAllAgain(t *testing.T) {
	log := newTestLog(t, 600)
	a := newAuditor(t, log)
	a.expect(exitWell)
	log.spoil = func(p string, w http.ResponseWriter, _ *http.Request) bool {
		if p != "tile/entries/001" {
			return false
		}
		_, _ = w.Write(flipBit(log.answer(p), 10*36+9))
		return true
	}
	a.expect(exitWell)
	if status, out := a.look("-full"); status != exitAlarm || !strings.Contains(out, "ALARM entry "+testOrigin+"#266:") {
		t.Errorf("exit %d: %s", status, out)
	}
}

func TestBothTilesAndEntriesChangedAreStillFound(t *testing.T) {
	log := newTestLog(t, 600)
	a := newAuditor(t, log)
	honest := log.checkpoint()
	log.rewrite(400)
	log.spoil = func(p string, w http.ResponseWriter, _ *http.Request) bool {
		if p == "checkpoint" {
			_, _ = w.Write(honest)
		}
		return p == "checkpoint"
	}
	a.expect(exitAlarm, "ALARM tile "+testOrigin+"#")
}

func TestASignedRootThatTheLeavesDoNotGiveIsAnAlarm(t *testing.T) {
	log := newTestLog(t, 0)
	a := newAuditor(t, log)
	signed, err := ledger.SignCheckpoint(ledger.Checkpoint{Origin: testOrigin, Root: tlog.Hash{1}}, log.signer)
	if err != nil {
		t.Fatal(err)
	}
	log.spoil = func(p string, w http.ResponseWriter, _ *http.Request) bool {
		_, _ = w.Write(signed)
		return true
	}
	a.expect(exitAlarm, "ALARM root "+testOrigin+"#0:")
}
