package configuration

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/oidc/franceconnect"
)

const providerKey = "  # data_provider:\n"

// provide writes the operator's registration as data provider into the world.
func (w world) provide(t *testing.T) {
	t.Helper()
	w.edit(t, "accord.yaml", providerKey, "  data_provider:\n    client_id: DATA-PROVIDER\n"+
		"    client_secret_file: secrets/data-provider\n    keys_file: secrets/data-provider-keys\n"+providerKey)
	w.write(t, "secrets/data-provider", strings.Repeat("s", 32)+"\n", 0o400)
	_, err := RenewDecryptionKeys(filepath.Join(w.dir, "secrets/data-provider-keys"))
	must(t, err)
}

func TestADataProvidersKeysAreReadAndHidden(t *testing.T) {
	w := newWorld(t)
	w.provide(t)
	c, mistakes := Load(w.accord)
	if c == nil {
		t.Fatalf("refused:%s", list(mistakes))
	}
	p := c.Settings.FranceConnect.DataProvider
	if len(p.Keys.Reveal()) != 1 || p.Alg != "ES256" || p.ClientSecret.Reveal() == "" || len(mistakes) != 1 {
		t.Errorf("read %v, warned:%s", p, list(mistakes))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb, *p); strings.Contains(text, "ssss") || strings.Contains(text, p.Keys.Reveal()[0].KeyID) {
			t.Errorf("%s tells a secret: %s", verb, text)
		}
	}
	if _, err := franceconnect.NewDataProvider(franceconnect.DataProviderConfig{
		Issuer: c.Settings.FranceConnect.Issuer, ClientID: p.ClientID, ClientSecret: p.ClientSecret.Reveal(),
		ACR: "eidas1", SigningAlg: p.Alg, DecryptionKeys: p.Keys.Reveal(),
	}); err != nil {
		t.Error(err)
	}
}

func TestEveryMistakeInADataProviderIsReported(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(world)
		says  string
	}{
		"the login's client": {func(w world) {
			w.edit(t, "accord.yaml", "client_id: DATA-PROVIDER\n", "client_id: FRANCECONNECT-CLIENT-ID\n")
		}, "registers data providers apart"},
		"no client": {func(w world) { w.edit(t, "accord.yaml", "    client_id: DATA-PROVIDER\n", "") }, "client_id: is missing"},
		"no secret": {func(w world) { must(t, os.Remove(filepath.Join(w.dir, "secrets/data-provider"))) }, "data-provider does not exist"},
		"no keys":   {func(w world) { must(t, os.Remove(filepath.Join(w.dir, "secrets/data-provider-keys"))) }, "data-provider-keys does not exist"},
		"readable":  {func(w world) { must(t, os.Chmod(filepath.Join(w.dir, "secrets/data-provider-keys"), 0o444)) }, "can be read by group or others"},
		"other keys": {func(w world) {
			w.replace(t, "secrets/data-provider-keys", `{"keys":[{"kty":"oct","k":"AAAA","kid":"x"}]}`)
		}, "holds no private keys"},
		"no key at all": {func(w world) { w.replace(t, "secrets/data-provider-keys", `{"keys":[]}`) }, "holds no private keys"},
		"wrong alg": {func(w world) {
			w.edit(t, "accord.yaml", "client_id: DATA-PROVIDER\n", "client_id: DATA-PROVIDER\n    alg: none\n")
		}, "ES256 or RS256"},
	} {
		w := newWorld(t)
		w.provide(t)
		tc.spoil(w)
		c, mistakes := Load(w.accord)
		if c != nil || !strings.Contains(list(mistakes), tc.says) {
			t.Errorf("%s:%s", name, list(mistakes))
		}
	}
}

func (w world) replace(t *testing.T, name, text string) {
	t.Helper()
	must(t, os.Remove(filepath.Join(w.dir, name)))
	w.write(t, name, text, 0o400)
}

func TestRenewingKeepsTheKeyBefore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys")
	var kids []string
	for n := range 3 {
		kid, err := RenewDecryptionKeys(file)
		must(t, err)
		kids = append(kids, kid)
		keys, err := readDecryptionKeys(file)
		must(t, err)
		if len(keys) != min(n+1, 2) || keys[0].KeyID != kid || n > 0 && keys[1].KeyID != kids[n-1] {
			t.Errorf("after %d: %d keys", n, len(keys))
		}
		info, err := os.Stat(file)
		must(t, err)
		if info.Mode().Perm() != 0o400 {
			t.Errorf("mode %o", info.Mode().Perm())
		}
	}
	must(t, os.Chmod(file, 0o600))
	must(t, os.WriteFile(file, []byte("no keys"), 0o600))
	if _, err := RenewDecryptionKeys(file); err == nil {
		t.Error("a file that holds something else was replaced")
	}
}
