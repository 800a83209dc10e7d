package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"accord/consent/audit"
)

const vectors = "testdata/log/"

// vector compares with the file, or writes it under -update.
func vector(t *testing.T, name string, want []byte) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" {
		if err := errors.Join(os.MkdirAll(vectors, 0o755), os.WriteFile(vectors+name, want, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(vectors + name)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what this makes (-update writes it): %v", name, err)
	}
}

// The vectors are for verifiers in other languages, and for cmd/accord-verify.
func TestTheVectorsOfLogsAreTheKnownOnes(t *testing.T) {
	l := small(t)
	vector(t, "policy", []byte(l.policy))
	vector(t, "true.ndjson", l.export())
	vector(t, "older.checkpoint", l.signed(l.headAt(9)))
	forked := l.headAt(9)
	forked.Root[0] ^= 1
	vector(t, "forked.checkpoint", l.signed(forked))
	j := l.agreed()
	j.deliver()
	j.withdraw()
	gone := j.all()
	l.erasure(audit.Event{Reason: "request", Request: "DEMANDE-7"}, gone...)
	vector(t, "erased.ndjson", l.export())
	j = l.agreed()
	j.withdraw()
	j.deliver()
	vector(t, "after_withdrawal.ndjson", l.export())
}

func TestAnExportIsReadAsItWasWritten(t *testing.T) {
	l := small(t)
	l.erase(7)
	lines := strings.Split(strings.TrimSuffix(string(l.export()), "\n"), "\n")
	if h, err := audit.DecodeExportHeader([]byte(lines[0])); err != nil || h.To != int64(len(l.lines)) {
		t.Errorf("%+v: %v", h, err)
	}
	for i, line := range lines[1:] {
		got, err := audit.DecodeExportLine([]byte(line))
		if err != nil || got.I != int64(i) || !bytes.Equal(got.Event, l.lines[i].Event) {
			t.Errorf("line %d: %v", i, err)
		}
	}
}

func TestALineInAnotherSpellingIsRefused(t *testing.T) {
	l := small(t)
	good, _ := audit.EncodeExportLine(l.lines[7])
	l.erase(7)
	bare, _ := audit.EncodeExportLine(l.lines[7])
	line, erased := string(good), string(bare)
	for name, text := range map[string]string{
		"unknown member":   strings.Replace(line, `"i"`, `"x":1,"i"`, 1),
		"doubled member":   strings.Replace(line, `"i":7`, `"i":7,"i":7`, 1),
		"space":            strings.Replace(line, `,`, `, `, 1),
		"line end":         line + "\n",
		"other case":       strings.Replace(line, `"kind"`, `"Kind"`, 1),
		"negative":         strings.Replace(line, `"i":7`, `"i":-7`, 1),
		"kind beyond":      strings.Replace(line, `"kind":23`, `"kind":256`, 1),
		"no salt":          line[:strings.Index(line, `"salt"`)] + line[strings.Index(line, `"event"`):],
		"short salt":       strings.Replace(line, `"salt":"`, `"salt":"AA`, 1),
		"public with salt": strings.Replace(line, `"kind":23`, `"kind":15`, 1),
		"leaf and event":   strings.Replace(line, `"event"`, `"leaf":"00","event"`, 1),
		"leaf upper case":  strings.ToUpper(erased),
		"leaf of a kind":   strings.Replace(erased, `"kind":23`, `"kind":4`, 1),
		"leaf cut":         strings.Replace(erased, `"leaf":"01`, `"leaf":"`, 1),
		"leaf version":     strings.Replace(erased, `"leaf":"01`, `"leaf":"02`, 1),
		"nothing":          "",
		"no object":        "[]",
		"too long":         strings.Repeat(" ", audit.MaxExportLine+1),
	} {
		if text == line || text == erased {
			t.Fatalf("%s changes nothing", name)
		}
		if got, err := audit.DecodeExportLine([]byte(text)); !errors.Is(err, audit.ErrExport) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestAHeaderThatFitsNoExportIsRefused(t *testing.T) {
	good := audit.ExportHeader{Format: audit.ExportFormat, Origin: origin, From: 3, To: 9, Checkpoint: "AAAA"}
	for name, spoil := range map[string]func(*audit.ExportHeader){
		"format":     func(h *audit.ExportHeader) { h.Format = "accord-export@2" },
		"origin":     func(h *audit.ExportHeader) { h.Origin = "" },
		"backwards":  func(h *audit.ExportHeader) { h.To = 2 },
		"negative":   func(h *audit.ExportHeader) { h.From = -1 },
		"checkpoint": func(h *audit.ExportHeader) { h.Checkpoint = "A" },
	} {
		h := good
		spoil(&h)
		b, _ := json.Marshal(h)
		_, err := audit.DecodeExportHeader(b)
		if _, errEncode := audit.EncodeExportHeader(h); !errors.Is(err, audit.ErrExport) || !errors.Is(errEncode, audit.ErrExport) {
			t.Errorf("%s: %v, %v", name, err, errEncode)
		}
	}
	b, err := audit.EncodeExportHeader(good)
	if h, errDecode := audit.DecodeExportHeader(b); err != nil || errDecode != nil || h != good {
		t.Errorf("%+v: %v, %v", h, err, errDecode)
	}
}

func TestALineThatCannotBeReadIsFoundAtItsPlace(t *testing.T) {
	l := small(t)
	r := audit.NewReplay(audit.ReplayOptions{Origin: origin})
	for i, line := range l.lines {
		b, _ := audit.EncodeExportLine(line)
		if i == 5 {
			b = b[1:]
		}
		r.AddEncoded(b)
	}
	if report := r.Finish(l.head()); report.Outcome != audit.False || !has(report, audit.RuleLine, 5) {
		t.Errorf("%+v", report.Findings)
	}
}

func FuzzExportDecode(f *testing.F) {
	l := small(f)
	header, _ := audit.EncodeExportHeader(audit.ExportHeader{Format: audit.ExportFormat, Origin: origin, To: 9})
	f.Add(header)
	for _, line := range l.lines[:12] {
		b, _ := audit.EncodeExportLine(line)
		f.Add(b)
	}
	l.erase(7)
	bare, _ := audit.EncodeExportLine(l.lines[7])
	f.Add(bare)
	f.Fuzz(func(t *testing.T, b []byte) {
		if line, err := audit.DecodeExportLine(b); err == nil {
			if again, err := audit.EncodeExportLine(line); err != nil || !bytes.Equal(again, b) {
				t.Errorf("accepted %q, writes back %q: %v", b, again, err)
			}
		}
		if h, err := audit.DecodeExportHeader(b); err == nil {
			if again, err := audit.EncodeExportHeader(h); err != nil || !bytes.Equal(again, b) {
				t.Errorf("accepted %q, writes back %q: %v", b, again, err)
			}
		}
	})
}
