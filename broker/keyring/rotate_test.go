package keyring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/broker/store"
	"accord/consent/audit"
)

// A logbook is what was announced, in order, once each.
type logbook struct {
	lines []string
	fail  int    // the announcement of that number fails; 0: none does
	calls int    // so far
	at    func() // before each
}

func (l *logbook) announce(_ context.Context, things []store.Public) error {
	if l.calls++; l.at != nil {
		l.at()
	}
	if l.calls == l.fail {
		return errors.New("the store is closed")
	}
	for _, p := range things {
		if line := fmt.Sprintf("%d %s %s", p.Kind, p.ID, p.Event.Reason); !slices.Contains(l.lines, line) {
			l.lines = append(l.lines, line)
		}
	}
	return nil
}

func (l *logbook) has(kind audit.Kind, kid string) bool {
	return slices.ContainsFunc(l.lines, func(s string) bool { return strings.HasPrefix(s, fmt.Sprintf("%d %s ", kind, kid)) })
}

func clock() time.Time { return day("2026-12-01") }

func rotated(t *testing.T, r *Ring, role string, l *logbook) []string {
	t.Helper()
	kids, err := r.Rotate(t.Context(), role, clock, l.announce)
	if err != nil {
		t.Fatal(err)
	}
	return kids
}

func TestARotatedReceiptKeySignsAndTheOldOneIsGone(t *testing.T) {
	dir := newKeys(t)
	ring, l := open(t, dir), &logbook{}
	for range 3 { // the second starts from a name of its own
		old := ring.Receipt().KeyID
		kids := rotated(t, ring, "receipt", l)
		if s := ring.Receipt(); len(kids) != 1 || s.KeyID != kids[0] || s.KeyID == old {
			t.Fatalf("signs with %s after %s, told %v", s.KeyID, old, kids)
		}
		if !l.has(audit.KeyActivated, kids[0]) || !l.has(audit.KeyRetired, old) || l.has(audit.KeyRetired, kids[0]) {
			t.Errorf("logged %v", l.lines)
		}
		again := open(t, dir)
		sameKeys(t, ring, again)
		for _, r := range []*Ring{ring, again} {
			for _, k := range r.ReceiptKeys() {
				if (k.KeyID == kids[0]) != (k.RetiredAt == nil) || r.CertificateOf(k.KeyID) == nil || sumOf(r.CertificateOf(k.KeyID)) != k.CertificateDigest {
					t.Errorf("the history tells %+v", k)
				}
			}
		}
		if privates(t, dir, "receipt") != 1 {
			t.Error("a retired private key is still there")
		}
	}
}

func sumOf(der []byte) [32]byte { return (&signers{certificate: der}).certificateDigest() }

func privates(t *testing.T, dir, prefix string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, prefix+"*.key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func TestARetiredIDTokenKeyStaysPublishedAsLongAsItsTokens(t *testing.T) {
	dir := newKeys(t)
	ring, l := open(t, dir), &logbook{}
	old := ring.Public()
	kids := rotated(t, ring, "id_token", l)
	for after, want := range map[time.Duration]int{31 * time.Minute: 4, 2 * time.Hour: 2} {
		ring.now = func() time.Time { return clock().Add(after) }
		if keys := ring.Public(); len(keys) != want {
			t.Errorf("%s after: %d keys", after, len(keys))
		}
	}
	for _, alg := range []string{"ES256", "RS256"} {
		if kid, _, err := ring.SigningKey(alg); err != nil || !slices.Contains(kids, kid) || kid == old[0].KeyID || kid == old[1].KeyID {
			t.Errorf("%s signs with %s: %v", alg, kid, err)
		}
	}
	ring.now = clock
	if err := ring.Compromise(t.Context(), old[0].KeyID, -1, clock, l.announce); err != nil {
		t.Fatal(err)
	}
	if keys := ring.Public(); len(keys) != 3 || keys[2].KeyID != old[1].KeyID {
		t.Errorf("the compromised key is still published among %d", len(keys))
	}
	if privates(t, dir, "idtoken") != 2 {
		t.Error("a retired private key is still there")
	}
}

func TestACompromisedKeyIsReplacedAndItsLastGoodLeafLogged(t *testing.T) {
	ring, l := open(t, newKeys(t)), &logbook{}
	old := ring.Receipt().KeyID
	if err := ring.Compromise(t.Context(), old, 41, clock, l.announce); err != nil {
		t.Fatal(err)
	}
	if last := l.lines[len(l.lines)-1]; last != "11 "+old+" last_good:41" || ring.Receipt().KeyID == old {
		t.Errorf("logged %q, signs with %s", last, ring.Receipt().KeyID)
	}
	if err := ring.Compromise(t.Context(), old, 1000, clock, l.announce); err == nil {
		t.Error("what the log says was taken back")
	}
	log := logKeyID(ring.LogVerifier())
	for _, kid := range []string{"", "nobody", log} {
		if err := ring.Compromise(t.Context(), kid, 0, clock, l.announce); !errors.Is(err, ErrNoSuchKey) {
			t.Errorf("key %q: %v", kid, err)
		}
	}
	if err := ring.Compromise(t.Context(), ring.Receipt().KeyID, -2, clock, l.announce); err == nil {
		t.Error("an index below -1 was taken")
	}
}

func TestARotationOfAnotherRoleIsRefused(t *testing.T) {
	ring, l := open(t, newKeys(t)), &logbook{}
	for _, role := range []string{"", "log", "citizen", "franceconnect"} {
		if _, err := ring.Rotate(t.Context(), role, clock, l.announce); err == nil || l.calls > 0 {
			t.Errorf("%q: %v", role, err)
		}
	}
}

func TestABoughtSealIsNotReplacedBySilence(t *testing.T) {
	if _, err := issuerOf([]byte("no certificate")); err == nil {
		t.Error("took an issuer from no certificate")
	}
	dir := newKeys(t)
	s := *open(t, dir).signers.Load()
	bought := strings.Replace(string(s.certificate), sealName, "Maison seal of"+" ", 1) // as long: its lengths stay right
	if _, err := issuerOf([]byte(bought)); !errors.Is(err, ErrBought) {
		t.Errorf("%v, want ErrBought", err)
	}
}

// copyOf is the folder as a crash would leave it now.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "keys")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for _, f := range allFiles(t, to) { // CopyFS gives every file the right to be written
		if !public(f) && !strings.HasSuffix(f, ".cert.pem") {
			chmod(t, f, secretMode)
		}
	}
	return to
}

func TestAFolderLeftByACrashOpensAndTheNextStartFinishes(t *testing.T) {
	dir := newKeys(t)
	before := copyOf(t, dir)
	ring, l := open(t, dir), &logbook{}
	old := ring.Receipt().KeyID
	var left []string // at the first announcement, at the second, after all
	l.at = func() { left = append(left, copyOf(t, dir)) }
	kid := rotated(t, ring, "receipt", l)[0]
	left = append(left, copyOf(t, dir))

	l2 := &logbook{}
	for i, d := range left {
		again := open(t, d)
		if got := again.Receipt().KeyID; got != kid {
			t.Errorf("crash %d: signs with %s", i, got)
		}
		if err := l2.announce(t.Context(), again.Announcements()); err != nil {
			t.Fatal(err)
		}
		if err := again.Settle(clock()); err != nil {
			t.Fatal(err)
		}
		if privates(t, d, "receipt") != 1 || again.ReceiptKeys()[0].RetiredAt == nil || !l2.has(audit.KeyRetired, old) {
			t.Errorf("crash %d: not finished: %v", i, l2.lines)
		}
	}

	// Before history.json names them, new files are nothing.
	for _, f := range []string{named(roleReceipt, "ES256", kid), certificateName(kid)} {
		data, err := os.ReadFile(filepath.Join(left[0], f))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(before, f), data, secretMode); err != nil {
			t.Fatal(err)
		}
		if got := open(t, before).Receipt().KeyID; got != old {
			t.Errorf("signs with %s, which nobody knows", got)
		}
	}
}

func TestARotationGoesOnAfterTheLogFailed(t *testing.T) {
	for fail := 1; fail <= 2; fail++ {
		dir := newKeys(t)
		ring, l := open(t, dir), &logbook{fail: fail}
		old := ring.Receipt().KeyID
		if _, err := ring.Rotate(t.Context(), "receipt", clock, l.announce); err == nil {
			t.Fatal("the failure was lost")
		}
		if signs := ring.Receipt().KeyID; fail == 1 && signs != old || !l.has(audit.KeyActivated, signs) && fail == 2 {
			t.Errorf("failure %d: signs with %s, logged %v", fail, signs, l.lines)
		}
		kid := rotated(t, ring, "receipt", l)[0]
		if n := len(ring.ReceiptKeys()); n != 2 || privates(t, dir, "receipt") != 1 || !l.has(audit.KeyRetired, old) || ring.Receipt().KeyID != kid {
			t.Errorf("failure %d: %d keys, logged %v", fail, n, l.lines)
		}
	}
}

func TestAMissingNewKeyIsNamedAndTheOldOneDoesNotSignInstead(t *testing.T) {
	dir := newKeys(t)
	l := &logbook{fail: 2}
	_, err := open(t, dir).Rotate(t.Context(), "receipt", clock, l.announce)
	if err == nil {
		t.Fatal("the failure was lost")
	}
	h := open(t, dir).signers.Load().history
	rec, _ := h.signer(roleReceipt, "ES256")
	gone := filepath.Join(dir, named(roleReceipt, "ES256", rec.KeyID))
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), gone) {
		t.Errorf("without %s: %v", gone, err)
	}
}

func TestReadersSeeOneSetOfKeysWhileItChanges(t *testing.T) {
	ring, l := open(t, newKeys(t)), &logbook{}
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				s := ring.Receipt()
				if id, err := keyID(s.Key.Public()); err != nil || id != s.KeyID {
					t.Error("a key under another's name")
					return
				}
				_, _, _ = ring.ReceiptKeys(), ring.Public(), ring.ActiveSince()
			}
		})
	}
	for range 5 {
		rotated(t, ring, "receipt", l)
	}
	close(done)
	readers.Wait()
}
