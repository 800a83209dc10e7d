package apidoc

import (
	"crypto/sha256"
	"encoding/base64"
	"os/exec"
	"strings"
	"testing"
)

func TestWhatThePagePreparesIsAProofKey(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is absent")
	}
	out, err := exec.CommandContext(t.Context(), "sh", "-c", Prepare+"\necho $STATE $NONCE $CODE_VERIFIER $CODE_CHALLENGE").Output()
	got := strings.Fields(string(out))
	if err != nil || len(got) != 4 {
		t.Fatalf("%q, %v", out, err)
	}
	digest := sha256.Sum256([]byte(got[2]))
	if len(got[2]) < 43 || got[3] != base64.RawURLEncoding.EncodeToString(digest[:]) || got[0] == got[1] {
		t.Errorf("prepared %v", got)
	}
}
