package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Each row is an answer that proves nothing against the log, and lets nothing
// be believed of it.
func TestWhatProvesNothingIsUndecidedAndForgetsNothing(t *testing.T) {
	stranger := newTestLog(t, 5)
	write := func(data []byte) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) }
	}
	status := func(code int) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	elsewhere := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, stranger.url+"/checkpoint", http.StatusFound)
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "500")
		_, _ = w.Write([]byte("accord"))
	}
	slow := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	huge := func(w http.ResponseWriter, _ *http.Request) {
		block := bytes.Repeat([]byte("x"), 1<<16)
		for range 1 << 14 { // a gigabyte, if anybody took it
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	for _, c := range []struct {
		name, path string
		answer     func(http.ResponseWriter, *http.Request)
		said       string
	}{
		{"garbage", "checkpoint", write([]byte("<html>hello</html>")), "CANNOT DECIDE unsigned"},
		{"nothing", "checkpoint", write(nil), "unsigned"},
		{"another's signature", "checkpoint", write(stranger.checkpoint()), "unsigned"},
		{"redirect elsewhere", "checkpoint", elsewhere, "unreachable"},
		{"error", "checkpoint", status(500), "unreachable"},
		{"forbidden", "checkpoint", status(403), "unreachable"},
		{"absent", "checkpoint", status(404), "unreachable"},
		{"cut", "checkpoint", cut, "unreachable"},
		{"slow", "checkpoint", slow, "unreachable"},
		{"huge", "checkpoint", huge, "unsigned"},
		{"garbage for a tile", "tile/0/001.p/45", write([]byte("hello")), "unreadable"},
		{"huge tile", "tile/0/001.p/45", huge, "unreadable"},
		{"tile absent", "tile/0/001.p/45", status(404), "unreachable"},
		{"garbage for entries", "tile/entries/001.p/45", write(bytes.Repeat([]byte{9}, 45*36)), "unreadable"},
		{"entries cut", "tile/entries/001.p/45", cut, "unreachable"},
		{"entries elsewhere", "tile/entries/001.p/45", elsewhere, "unreachable"},
		{"slow entries", "tile/entries/001.p/45", slow, "unreachable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := newTestLog(t, 300)
			a := newAuditor(t, log, "-timeout", "200ms")
			a.expect(exitWell)
			before := a.state()
			log.grow(1, "")
			log.spoil = func(p string, w http.ResponseWriter, r *http.Request) bool {
				if p == c.path {
					log.mu.Unlock()
					defer log.mu.Lock()
					c.answer(w, r)
				}
				return p == c.path
			}
			a.expect(exitUndecided, c.said)
			if a.state() != before {
				t.Error("the memory changed")
			}
			log.behave(nil)
			a.expect(exitWell, "301 entries, 1 of them new")
		})
	}
}

func TestALogThatIsGoneIsUndecided(t *testing.T) {
	log := newTestLog(t, 3)
	server := httptest.NewServer(log)
	server.Close()
	log.url = server.URL
	newAuditor(t, log).expect(exitUndecided, "unreachable")
}

func TestALogThatStaysAsItIsIsStale(t *testing.T) {
	log := newTestLog(t, 3)
	a := newAuditor(t, log)
	a.expect(exitWell)
	if status, out := a.look("-stale", "1ns"); status != exitUndecided || !strings.Contains(out, "stale") {
		t.Errorf("exit %d: %s", status, out)
	}
	log.grow(1, "")
	if status, out := a.look("-stale", "1ns"); status != exitWell {
		t.Errorf("grown: exit %d: %s", status, out)
	}
	if status, out := a.look("-stale", "0"); status != exitWell {
		t.Errorf("without bound: exit %d: %s", status, out)
	}
}

func TestASpoiltMemoryIsNeverAFreshStart(t *testing.T) {
	log := newTestLog(t, 300)
	a := newAuditor(t, log)
	a.expect(exitWell)
	good := a.state()
	other := newAuditor(t, newTestLog(t, 300))
	other.expect(exitWell)
	for name, content := range map[string]string{
		"empty": "", "garbage": "hello", "cut": good[:len(good)/2], "another log's": other.state(),
		"another format": strings.Replace(good, "state@1", "state@2", 1),
		"another tree":   strings.Replace(good, `"tree":"A`, `"tree":"B`, 1),
		"unknown member": strings.Replace(good, `{`, `{"extra":1,`, 1),
		"huge":           good + strings.Repeat(" ", maxMemory),
	} {
		a.write("state", content)
		if status, out := a.look(); status != exitUndecided || !strings.Contains(out, "state") || a.state() != content {
			t.Errorf("%s: exit %d: %s", name, status, out)
		}
	}
}

func TestWhatCannotBeKeptIsNotReportedAsWell(t *testing.T) {
	log := newTestLog(t, 3)
	a := newAuditor(t, log)
	if status, out := a.look("-state", filepath.Join(a.dir, "no such folder", "state")); status != exitUndecided {
		t.Errorf("exit %d: %s", status, out)
	}
}

func TestTheMemoryIsWrittenBeforeTheLineAndLeavesNoOtherFile(t *testing.T) {
	log := newTestLog(t, 3)
	a := newAuditor(t, log)
	a.expect(exitWell)
	files, err := os.ReadDir(a.dir)
	if err != nil || len(files) != 2 {
		t.Errorf("%v: %v", files, err)
	}
}

func TestATransientErrorIsTriedAgain(t *testing.T) {
	log := newTestLog(t, 3)
	var asked atomic.Int32
	log.spoil = func(p string, w http.ResponseWriter, _ *http.Request) bool {
		if p != "checkpoint" || asked.Add(1) > 2 {
			return false
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	remote, err := newRemoteLog(log.url, time.Second, 3)
	if err != nil {
		t.Fatal(err)
	}
	remote.pause = time.Millisecond
	if _, err := remote.fetch(t.Context(), "checkpoint", maxCheckpoint); err != nil || asked.Load() != 3 {
		t.Errorf("after %d: %v", asked.Load(), err)
	}
}

func TestPausesGrowToTheirBound(t *testing.T) {
	last := time.Duration(0)
	for failed := range 40 {
		p := pause(30*time.Second, failed)
		if p < last || p > slowest || (failed == 0 && p != 30*time.Second) {
			t.Errorf("after %d: %s", failed, p)
		}
		last = p
	}
	if p := pause(time.Hour, 5); p != time.Hour {
		t.Errorf("a slow pace became %s", p)
	}
}

// The loop ends with the first alarm, and at an interrupt says how it stood.
func TestTheLoopEndsWithTheFirstAlarm(t *testing.T) {
	log := newTestLog(t, 300)
	a := newAuditor(t, log)
	args := []string{"monitor", "-every", "1s", "-log", log.url, "-policy", filepath.Join(a.dir, "policy"), "-state", filepath.Join(a.dir, "state")}
	french := func(string) string { return "fr_FR.UTF-8" }
	var out bytes.Buffer
	grown := make(chan int, 1)
	go func() {
		time.Sleep(300 * time.Millisecond)
		log.grow(5, "")
		time.Sleep(1200 * time.Millisecond)
		log.rewrite(100)
		grown <- 1
	}()
	status := run(t.Context(), args, french, &out, io.Discard)
	<-grown
	said := strings.Split(strings.TrimSpace(out.String()), "\n")
	if status != exitAlarm || len(said) != 3 {
		t.Fatalf("exit %d:\n%s", status, out.String())
	}
	for i, want := range []string{"BIEN log", "305 entrées, dont 5 nouvelles", "ALERTE fork"} {
		if !strings.Contains(said[i], want) {
			t.Errorf("line %d: %s", i, said[i])
		}
	}
}

func TestAnInterruptedLoopTellsHowItStood(t *testing.T) {
	log := newTestLog(t, 3)
	a := newAuditor(t, log)
	args := []string{"monitor", "-every", "1h", "-log", log.url, "-policy", filepath.Join(a.dir, "policy"), "-state", filepath.Join(a.dir, "state")}
	for want, spoil := range map[int]func(string, http.ResponseWriter, *http.Request) bool{
		exitWell: nil,
		exitUndecided: func(_ string, w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusForbidden)
			return true
		},
	} {
		log.behave(spoil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		if status := run(ctx, args, func(string) string { return "" }, io.Discard, io.Discard); status != want {
			t.Errorf("exit %d, want %d", status, want)
		}
		cancel()
	}
}

func TestAWrongCommandLineDecidesNothing(t *testing.T) {
	log := newTestLog(t, 3)
	a := newAuditor(t, log)
	policy, state := filepath.Join(a.dir, "policy"), filepath.Join(a.dir, "state")
	a.write("two", "log "+log.vkey+"\nlog "+log.vkey+"\n")
	for name, args := range map[string][]string{
		"nothing":          {},
		"another command":  {"cosign"},
		"no state":         {"monitor", "-log", log.url, "-policy", policy},
		"unknown flag":     {"monitor", "-force"},
		"unknown language": {"monitor", "-lang", "de", "-log", log.url, "-policy", policy, "-state", state},
		"too fast":         {"monitor", "-every", "1ms", "-log", log.url, "-policy", policy, "-state", state},
		"file address":     {"monitor", "-once", "-log", "file:///etc", "-policy", policy, "-state", state},
		"no policy":        {"monitor", "-once", "-log", log.url, "-policy", state, "-state", state},
		"two logs":         {"monitor", "-once", "-log", log.url, "-policy", filepath.Join(a.dir, "two"), "-state", state},
	} {
		var out, errs bytes.Buffer
		if status := run(t.Context(), args, func(string) string { return "" }, &out, &errs); status != exitUndecided || errs.Len() == 0 {
			t.Errorf("%s: exit %d: %s%s", name, status, out.String(), errs.String())
		}
	}
}

func TestBothLanguagesSayEverything(t *testing.T) {
	for _, lang := range []string{french, english} {
		said := textsIn(lang)
		for _, w := range words() {
			if said.sentences[w] == "" {
				t.Errorf("%s: %s", lang, w)
			}
		}
		for _, status := range []int{exitWell, exitAlarm, exitUndecided} {
			if said.marks[status] == "" {
				t.Errorf("%s: status %d", lang, status)
			}
		}
	}
}
