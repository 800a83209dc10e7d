package keyring

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

func TestTheNextLogsKeyIsTheSameMaterialUnderAnotherName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	if err := Create(dir, "accord.example/log/1", "https://accord.example", now); err != nil {
		t.Fatal(err)
	}
	first, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // run again as after a crash
		next, err := first.NextLog("accord.example/log/2")
		if err != nil {
			t.Fatal(err)
		}
		if err := next.Keep(now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	second, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if second.Origin() != "accord.example/log/2" || second.LogVerifierKey() == first.LogVerifierKey() {
		t.Errorf("the key is still that of %s", second.Origin())
	}
	signed, err := note.Sign(&note.Note{Text: "x\n"}, second.LogSigner())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed, note.VerifierList(second.LogVerifier())); err != nil {
		t.Error("its signatures do not verify:", err)
	}
	roles := map[string]int{}
	for _, a := range second.Announcements() {
		roles[a.Event.Role]++
		if a.Event.Role == roleLog && a.Event.Key != second.LogVerifierKey() {
			t.Error("the log announces the key of the log before")
		}
	}
	if roles[roleLog] != 1 || len(second.signers.Load().history.Keys) != len(first.signers.Load().history.Keys)+1 {
		t.Errorf("announced: %v, history of %d keys", roles, len(second.signers.Load().history.Keys))
	}
	if info, err := os.Stat(filepath.Join(dir, "log.key.1")); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("the key replaced is not kept: %v", err)
	}
}
