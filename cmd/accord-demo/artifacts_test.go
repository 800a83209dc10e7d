package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/consent/audit"
)

// What the check leaves is enough for anyone to reach the operator's verdict:
// each bundle is genuine, and so is the whole log.
func TestWhatTheCheckLeavesVerifiesOffline(t *testing.T) {
	if testing.Short() {
		t.Skip("plays every journey")
	}
	dir := t.TempDir()
	var said bytes.Buffer
	if code := run(t.Context(), []string{"-check", "-data", dir}, &said, &said); code != 0 {
		t.Fatalf("exit %d:\n%s", code, said.String())
	}
	check := filepath.Join(dir, "check")
	policy, err := audit.ParsePolicy(left(t, check, "policy"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"granted", "partial", "withdrawn"} {
		b, err := audit.OpenBundle(left(t, check, name+".accord"))
		if err != nil || b.JWS != string(left(t, check, name+".jws")) {
			t.Fatalf("%s: another receipt, %v", name, err)
		}
		if v := audit.VerifyBundle(b, policy); v.Outcome != audit.Genuine {
			t.Errorf("%s: %+v", name, v)
		}
	}
	replayLeft(t, policy, string(left(t, check, "export.ndjson")))
	ch := &checker{files: map[string]string{"stats.json": string(left(t, check, "stats.json")), "export.ndjson": string(left(t, check, "export.ndjson"))}}
	if same, err := ch.derived(); err != nil || !same {
		t.Errorf("the figures kept are not those of the log: %v", err)
	}
}

func replayLeft(t *testing.T, policy audit.Policy, export string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(export, "\n"), "\n")
	h, err := audit.DecodeExportHeader([]byte(lines[0]))
	if err != nil {
		t.Fatal(err)
	}
	note, err := h.SignedNote()
	if err != nil {
		t.Fatal(err)
	}
	head, err := policy.Open(note)
	if err != nil {
		t.Fatal(err)
	}
	r := audit.NewReplay(audit.ReplayOptions{Origin: policy.Origin})
	for _, line := range lines[1:] {
		r.AddEncoded([]byte(line))
	}
	if report := r.Finish(head); report.Outcome != audit.Genuine || report.Size != h.To || report.Receipts == 0 {
		t.Errorf("the whole log: %+v", report)
	}
}

func left(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
