package keyring

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const origin = "accord.example/log/1"

func day(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return at
}

func newKeys(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	if err := Create(dir, origin, "https://accord.example", day("2026-11-23")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func open(t *testing.T, dir string) *Ring {
	t.Helper()
	ring, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func TestKeysFolder(t *testing.T) { // one folder: an RSA key takes a second to make
	dir := newKeys(t)
	t.Run("EverySecretIsReadableByItsOwnerOnly", func(t *testing.T) { secretsAreOwnersOnly(t, dir) })
	t.Run("OpenedTwiceItGivesTheSameKeys", func(t *testing.T) { sameKeys(t, open(t, dir), open(t, dir)) })
	t.Run("ItsKeysAreWhatTheirAlgorithmsSay", func(t *testing.T) { algorithms(t, open(t, dir)) })
	t.Run("TheLogKeySignsWhatItsVerifierKeyVerifies", func(t *testing.T) { logKeys(t, open(t, dir)) })
	t.Run("EveryActiveKeyIsAnnounced", func(t *testing.T) { announced(t, open(t, dir)) })
	t.Run("CreateNeverReplacesAKey", func(t *testing.T) { neverReplaced(t, dir) })
	t.Run("AMissingFileIsNamed", func(t *testing.T) { missingNamed(t, dir) })
	t.Run("AnExposedFileIsNamedAndRefused", func(t *testing.T) { exposedRefused(t, dir) })
	t.Run("AMalformedFileIsNamedAndNeverQuoted", func(t *testing.T) { malformedNamed(t, dir) })
	t.Run("AKeyOutsideTheHistoryIsRefused", func(t *testing.T) { foreignKey(t, dir) })
}

func TestPseudonymsDifferByRecipientAndReceipt(t *testing.T) {
	ring := &Ring{citizen: [32]byte{1}, pairwise: [32]byte{2}, fcSub: derive([32]byte{1}, "x")}
	citizen := ring.Citizen(Pivot{Issuer: "https://fc.example", Sub: "s"})
	if ring.Subject("99900010200015", citizen) == ring.Subject("99900010300013", citizen) {
		t.Error("two recipients of one citizen share a subject")
	}
	if ring.FCSubHash("r1", "s") == ring.FCSubHash("r2", "s") {
		t.Error("two receipts of one citizen share fc_sub_hash")
	}
	if EvidenceDigest([32]byte{1}, "t") == EvidenceDigest([32]byte{2}, "t") {
		t.Error("evidence does not depend on its salt")
	}
}

func allFiles(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func public(path string) bool {
	base := filepath.Base(path)
	return base == receiptCertFile || base == historyFile
}

func secretsAreOwnersOnly(t *testing.T, dir string) {
	files := allFiles(t, dir)
	if len(files) != 9 {
		t.Errorf("%d files, want 9: %v", len(files), files)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		if !public(f) && info.Mode().Perm() != secretMode {
			t.Errorf("%s has mode %#o", f, info.Mode().Perm())
		}
		data, err := os.ReadFile(f)
		if err != nil || public(f) && strings.Contains(string(data), "PRIVATE") {
			t.Errorf("%s: %v, or it tells a private key", f, err)
		}
	}
}

func sameKeys(t *testing.T, a, b *Ring) {
	p := Pivot{Issuer: "https://fc.example", Sub: "s"}
	if a.Citizen(p) != b.Citizen(p) || a.Subject("1", "c") != b.Subject("1", "c") ||
		a.Receipt().KeyID != b.Receipt().KeyID || a.LogVerifierKey() != b.LogVerifierKey() {
		t.Error("two openings of one folder differ")
	}
}

func algorithms(t *testing.T, r *Ring) {
	if _, key, err := r.SigningKey("ES256"); err != nil || key.(*ecdsa.PrivateKey) == nil {
		t.Errorf("ES256: %v", err)
	}
	if _, key, err := r.SigningKey("RS256"); err != nil || key.(*rsa.PrivateKey).N.BitLen() != rsaBits {
		t.Errorf("RS256: %v", err)
	}
	if _, _, err := r.SigningKey("HS256"); err == nil {
		t.Error("there is a key for HS256")
	}
	for _, k := range r.Public() {
		if !k.IsPublic() || !k.Valid() || len(k.KeyID) != kidLength {
			t.Errorf("published key %s is not a public key with a thumbprint", k.KeyID)
		}
	}
	keys := r.ReceiptKeys()
	if len(keys) != 1 || keys[0].KeyID != r.Receipt().KeyID || keys[0].CertificateDigest != r.Receipt().CertificateDigest {
		t.Errorf("receipt keys %+v are not the signer's", keys)
	}
}

func logKeys(t *testing.T, r *Ring) {
	signed, err := note.Sign(&note.Note{Text: origin + "\n0\n"}, r.LogSigner())
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(r.LogVerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed, note.VerifierList(verifier)); err != nil {
		t.Error(err)
	}
	if r.Origin() != origin || r.LogVerifier().KeyHash() != verifier.KeyHash() {
		t.Errorf("origin %q", r.Origin())
	}
}

func announced(t *testing.T, r *Ring) {
	roles := map[string]int{}
	for _, a := range r.Announcements() {
		roles[a.Event.Role]++
		if a.ID == "" || a.Digest == "" || a.Event.Key == "" || strings.Contains(a.Event.Key, "PRIVATE") {
			t.Errorf("announcement %+v lacks a member", a)
		}
	}
	if roles[roleReceipt] != 1 || roles[roleIDToken] != 2 || roles[roleLog] != 1 {
		t.Errorf("announced %v", roles)
	}
}

func neverReplaced(t *testing.T, dir string) {
	before := open(t, dir).Receipt().KeyID
	if err := Create(dir, origin, "https://accord.example", day("2026-11-23")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("second Create: %v, want fs.ErrExist", err)
	}
	if open(t, dir).Receipt().KeyID != before {
		t.Error("the receipt key changed")
	}
}

func missingNamed(t *testing.T, dir string) {
	for _, f := range allFiles(t, dir) {
		if filepath.Base(filepath.Dir(f)) == epochsFolder {
			continue
		}
		hidden := f + ".hidden"
		if err := os.Rename(f, hidden); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), f) || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("without %s: %v", f, err)
		}
		if _, err := os.Stat(f); err == nil {
			t.Errorf("opening made %s", f)
		}
		if err := os.Rename(hidden, f); err != nil {
			t.Fatal(err)
		}
	}
}

func exposedRefused(t *testing.T, dir string) {
	for _, f := range allFiles(t, dir) {
		if public(f) {
			continue
		}
		for _, mode := range []fs.FileMode{0o440, 0o404, 0o420, 0o401} {
			chmod(t, f, mode)
			r, err := Open(dir)
			if err == nil {
				_, err = r.EpochKey("2026-11")
			}
			if !errors.Is(err, ErrExposed) || !strings.Contains(err.Error(), f) {
				t.Errorf("%s with mode %#o: %v", f, mode, err)
			}
		}
		chmod(t, f, secretMode)
	}
	chmod(t, dir, 0o770)
	if _, err := Open(dir); !errors.Is(err, ErrExposed) {
		t.Errorf("a folder the group may write in: %v", err)
	}
	chmod(t, dir, folderMode)
}

func malformedNamed(t *testing.T, dir string) {
	for _, f := range allFiles(t, dir) {
		if filepath.Base(filepath.Dir(f)) == epochsFolder {
			continue
		}
		was, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		rewrite(t, f, []byte("s3cret-but-no-key"))
		_, err = Open(dir)
		if err == nil || !strings.Contains(err.Error(), filepath.Base(f)) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s malformed: %v", f, err)
		}
		rewrite(t, f, was)
	}
}

func foreignKey(t *testing.T, dir string) {
	f := filepath.Join(dir, es256KeyFile)
	was, err := os.ReadFile(f)
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(filepath.Join(dir, receiptKeyFile)) // a P-256 key, but of another role
	if err != nil {
		t.Fatal(err)
	}
	rewrite(t, f, other)
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), historyFile) {
		t.Errorf("a key its history does not know: %v", err)
	}
	rewrite(t, f, was)
}

func chmod(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func rewrite(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, secretMode); err != nil {
		t.Fatal(err)
	}
}

func TestARingPrintsNoKey(t *testing.T) {
	ring := &Ring{citizen: [32]byte{0xab, 0xcd}, pairwise: [32]byte{0xab, 0xcd}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if text := fmt.Sprintf(verb, ring); text != "[keys]" {
			t.Errorf("%s prints %.40s", verb, text)
		}
	}
	if text := slog.AnyValue(ring).Resolve().String(); text != "[keys]" {
		t.Errorf("slog prints %.40s", text)
	}
}
