package jwksuri

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// withSeals answers with a key to verify by and others to encrypt to, each
// written "kid alg".
func (s *site) withSeals(t *testing.T, seals ...string) {
	t.Helper()
	set := strings.TrimSuffix(string(setOf(t, "a")), "]}")
	for _, seal := range seals {
		kid, alg, _ := strings.Cut(seal, " ")
		more := strings.TrimSuffix(strings.TrimPrefix(string(setOf(t, kid)), `{"keys":[{`), "}]}")
		set += fmt.Sprintf(`,{"use":"enc","alg":%q,%s}`, alg, more)
	}
	s.says(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "max-age=60")
		fmt.Fprint(w, set+"]}")
	})
}

// encryption wants a key to encrypt to: its kid, "none", or "away".
func (s *site) encryption(t *testing.T, want string) {
	t.Helper()
	s.keys.config.Encrypts = func(k jose.JSONWebKey) bool { return k.IsPublic() && k.Algorithm == "ECDH-ES" }
	key, ok, err := s.keys.Encryption(t.Context(), s.URL+"/jwks")
	got := "none"
	if err != nil {
		got = "away"
	} else if ok {
		got = key.KeyID
	}
	if got != want {
		t.Errorf("to encrypt to: %s, want %s (%v)", got, want, err)
	}
}

func TestTheFirstUsableKeyOfUseEncIsEncryptedTo(t *testing.T) {
	s := newSite(t)
	s.withSeals(t, "old RSA1_5", "new ECDH-ES", "older ECDH-ES")
	s.encryption(t, "new")
	s.key(t, "a", "ok")
	s.key(t, "new", "no") // it verifies nothing
	s.fetches(t, 1)
	s.withSeals(t, "next ECDH-ES")
	s.pass(time.Minute)
	s.encryption(t, "next")
}

// Who never published one gets the JWS itself.
func TestWithoutAKeyOfUseEncNothingIsEncrypted(t *testing.T) {
	s := newSite(t)
	s.publishes(t, "max-age=60", "a")
	s.encryption(t, "none")
}

// Nothing falls back to clear: a key that cannot be used, one that is gone, and
// an address that does not answer are all a reason to send nothing.
func TestAClientThatPublishesAKeyToEncryptToIsNeverAnsweredInClear(t *testing.T) {
	s := newSite(t)
	s.says(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	s.encryption(t, "away")
	s.withSeals(t, "weak RSA1_5")
	s.pass(betweenBad)
	s.encryption(t, "away")
	s.withSeals(t, "good ECDH-ES")
	s.pass(time.Minute)
	s.encryption(t, "good")
	s.publishes(t, "max-age=60", "a")
	s.pass(time.Minute)
	s.encryption(t, "away")
	s.withSeals(t, "again ECDH-ES")
	s.pass(time.Minute)
	s.encryption(t, "again")
	s.says(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	s.pass(30 * time.Minute)
	s.encryption(t, "again")
	s.pass(2 * time.Hour)
	s.encryption(t, "away")
}
