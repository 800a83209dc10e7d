package configuration

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheExamplesAreRightAndOnlyWarn(t *testing.T) {
	w := newWorld(t)
	c, mistakes := Load(w.accord)
	if c == nil {
		t.Fatalf("refused:%s", list(mistakes))
	}
	if len(c.Clients.All()) != exampleFiles(t, "clients") || len(c.Approvals.All()) != exampleFiles(t, "approvals") {
		t.Errorf("clients %v, approvals %v", c.Clients.IDs(), c.Approvals.IDs())
	}
	line := w.lineOf(t, "clients/hautes-brumes.yaml", "pkce: optional")
	token := w.lineOf(t, "approvals/valbrume-cantine.yaml", "franceconnect_client:")
	if len(mistakes) != 2 || !told(mistakes, "hautes-brumes.yaml", line, "optional") || !told(mistakes, "valbrume-cantine.yaml", token, "data_provider") {
		t.Errorf("warnings:%s", list(mistakes))
	}
	if c.Settings.FranceConnect.ClientSecret.Reveal() != strings.Repeat("s", 32) || c.Ring == nil {
		t.Error("secrets or keys were not read")
	}
}

func TestASecretPrintsAsNothing(t *testing.T) {
	w := newWorld(t)
	c, mistakes := Load(w.accord)
	if c == nil {
		t.Fatalf("refused:%s", list(mistakes))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if text := fmt.Sprintf(verb, c.Settings.FranceConnect); strings.Contains(text, "ssss") || strings.Contains(text, strings.Repeat("73", 16)) {
			t.Errorf("%s tells the secret: %s", verb, text)
		}
	}
}

// broken are edits of one file of the world, and the mistake each must give:
// at the line that holds at (0: no line), saying says.
var broken = map[string]struct{ file, old, new, at, says string }{
	"unknown key":             {"accord.yaml", "listen:", "lissten:", "lissten:", `"lissten" is not a key: write one of admin, admin_group, approvals`},
	"missing key":             {"accord.yaml", "issuer: https://accord.example\n", "\n", "listen:", "issuer: is missing"},
	"auditor without a name":  {"accord.yaml", "auditors: []", "auditors:\n  - secret_hash: sha-256:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE", "- secret_hash", "write a short name"},
	"auditor twice":           {"accord.yaml", "auditors: []", "auditors:\n  - name: cnil\n    secret_hash: sha-256:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE\n  - name: cnil\n    secret_hash: sha-256:QkFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE", "- name: cnil\n    secret_hash: sha-256:Qk", "name each auditor once"},
	"auditors of one secret":  {"accord.yaml", "auditors: []", "auditors:\n  - name: cnil\n    secret_hash: sha-256:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE\n  - name: court\n    secret_hash: sha-256:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE # again", "# again", "a secret of their own"},
	"auditor's secret itself": {"accord.yaml", "auditors: []", "auditors:\n  - name: cnil\n    secret_hash: hunter2hunter2", "secret_hash: hunter2", "never the secret itself"},
	"unknown nested key":      {"accord.yaml", "  dpo: dpo@accord", "  dpoo: dpo@accord", "dpoo:", `"dpoo" is not a key in operator`},
	"double key":              {"accord.yaml", "data: data", "data: data\nissuer: https://other.example", "issuer: https://other", "stands twice"},
	"secret in line":          {"accord.yaml", "client_secret_file: secrets/cnav", "client_secret: hunter2hunter2", "client_secret: hunter2", "a secret is never written here"},
	"list for a text":         {"accord.yaml", "listen: 127.0.0.1:8443", "listen: [a, b]", "listen: [a", "listen: write one text"},
	"text for a list":         {"accord.yaml", "trusted_proxies:\n  - 127.0.0.1", "trusted_proxies: 127.0.0.1", "trusted_proxies: 127", "write a list"},
	"text for a mapping":      {"accord.yaml", "sources:\n", "sources: yes\nother:\n", "sources: yes", "write keys and values"},
	"text for a number":       {"accord.yaml", "rate: 20", "rate: many", "rate: many", "sources.cnav.rate: write a number"},
	"text for true or false":  {"accord.yaml", "pkce: false", "pkce: perhaps", "pkce: perhaps", "write true or false"},
	"negative rate":           {"accord.yaml", "rate: 20", "rate: -1", "rate: -1", "requests a second"},
	"rate that is no number":  {"accord.yaml", "rate: 20", "rate: .nan", "rate: .nan", "requests a second"},
	"negative queue":          {"accord.yaml", "queue: 200", "queue: -1", "queue: -1", "sources.cnav.queue: write 0 to 10000"},
	"breaker's failures":      {"accord.yaml", "failures: 10", "failures: 1001", "failures: 1001", "1 to 1000 failures"},
	"breaker's pause":         {"accord.yaml", "pause: 15s", "pause: 100ms", "pause: 100ms", "sources.cnav.breaker.pause: write 1s to 1h"},
	"pause without a unit":    {"accord.yaml", "pause: 15s", "pause: 15", "pause: 15", "sources.cnav.breaker.pause"},
	"breaker's unknown key":   {"accord.yaml", "failures: 10", "failure: 10", "failure: 10", `"failure" is not a key in sources.cnav.breaker`},
	"anchor":                  {"accord.yaml", "listen: 127", "listen: &a 127", "listen: &a", "anchors"},
	"not YAML":                {"accord.yaml", "listen: 127.0.0.1:8443", "listen: a: b", "listen: a", "is not YAML"},
	"second document":         {"accord.yaml", "admin: run/admin.sock", "admin: run/admin.sock\n---\nx: 1", "x: 1", "second document"},
	"no port":                 {"accord.yaml", "listen: 127.0.0.1:8443", "listen: 127.0.0.1", "listen:", "write host:port"},
	"port too large":          {"accord.yaml", "127.0.0.1:8443", "127.0.0.1:84430", "listen:", "write host:port"},
	"open without TLS":        {"accord.yaml", "listen: 127.0.0.1:8443", "listen: :8443\nx-unused: 1", "x-unused", `"x-unused" is not a key`},
	"everybody a proxy":       {"accord.yaml", "- 127.0.0.1", "- 0.0.0.0/0", "- 0.0.0.0/0", "everybody"},
	"proxy no address":        {"accord.yaml", "- 127.0.0.1", "- proxy.example", "- proxy.example", "an IP address"},
	"issuer not https":        {"accord.yaml", "issuer: https://accord.example", "issuer: http://accord.example", "issuer: http:", "write an https address"},
	"issuer with a path":      {"accord.yaml", "issuer: https://accord.example", "issuer: https://accord.example/", "issuer: https", "scheme and host only"},
	"another issuer's log":    {"accord.yaml", "issuer: https://accord.example", "issuer: https://other.example", "issuer: https", "the log key is of accord.example/log/1"},
	"operator's SIRET":        {"accord.yaml", "99900020100015", "99900020100016", "99900020100016", "operator.siret"},
	"operator's role":         {"accord.yaml", "role: processor", "role: boss", "role: boss", "joint_controller"},
	"site's unknown key":      {"accord.yaml", "  director: NAME", "  directeur: NAME", "directeur:", `"directeur" is not a key in site`},
	"site's contact":          {"accord.yaml", "contact: aide@accord.example", "contact: call us", "contact: call", "write an e-mail address or an https address"},
	"site's report address":   {"accord.yaml", "security: securite@accord.example", "security: http://accord.example", "security: http:", "write an e-mail address or an https address"},
	"site's long host":        {"accord.yaml", "host: NAME, ADDRESS AND TELEPHONE OF THE HOST", "host: " + strings.Repeat("x", 301), "host: xxx", "at most 300 characters"},
	"notice in one language":  {"accord.yaml", "# notice:\n#   fr:", "notice:\n  fr:", "notice:", "write fr and en both"},
	"notice too long":         {"accord.yaml", "# notice:\n", "notice: {fr: a, en: " + strings.Repeat("x", 501) + "}\n", "notice: {fr", "at most 500 characters"},
	"wrong acr":               {"accord.yaml", "acr: eidas1", "acr: eidas3", "acr: eidas3", "write eidas1"},
	"wrong alg":               {"accord.yaml", "alg: ES256", "alg: HS256", "alg: HS256", "ES256 or RS256"},
	"unknown scope":           {"accord.yaml", "- dgfip_rfr", "- dgfip_everything", "- dgfip_everything", "no data-provider scope"},
	"logout elsewhere":        {"accord.yaml", "redirect_uri: https://accord", "redirect_uri: https://other", "redirect_uri: https://other", "below issuer"},
	"no secret file":          {"accord.yaml", "secrets/dgfip", "secrets/none", "secrets/none", "does not exist"},
	"source not connected":    {"accord.yaml", "  dgfip:\n", "  dgfip_:\n", "dgfip_:", "is not a key in sources"},
	"registrar no key":        {"accord.yaml", "registrars:\n", "registrars:\n  - me\n", "- me", "is not a public key"},
	"no clients folder":       {"accord.yaml", "clients: clients", "clients: nowhere", "clients: nowhere", "is not a folder"},
	"guard inside data":       {"accord.yaml", "guard: guard/checkpoint", "guard: data/checkpoint", "guard: data", "lies inside data"},
	"guard inside data, dots": {"accord.yaml", "guard: guard/checkpoint", "guard: guard/../data/x/checkpoint", "guard: guard", "lies inside data"},
	"keys not there":          {"accord.yaml", "guard: guard/checkpoint", "guard: nowhere/checkpoint", "guard: nowhere", "is not a folder"},

	"client's unknown key":     {"clients/hautes-brumes.yaml", "name:", "nom:", "nom:", `"nom" is not a key`},
	"client under fapi2":       {"clients/hautes-brumes.yaml", "pkce:", "profile: fapi2\npkce:", "auth_method:", "profile fapi2 takes private_key_jwt alone"},
	"fapi2 without PKCE":       {"clients/hautes-brumes.yaml", "pkce:", "profile: fapi2\npkce:", "pkce:", "profile fapi2 requires PKCE"},
	"fapi2 with RS256":         {"clients/hautes-brumes.yaml", "pkce:", "profile: fapi2\npkce:", "id_token_alg:", "profile fapi2 allows no RS256"},
	"keys on http":             {"clients/valbrume-portail-familles.yaml", "jwks_uri: https://", "jwks_uri: http://", "jwks_uri:", "write https"},
	"keys on this machine":     {"clients/valbrume-portail-familles.yaml", "jwks_uri: https://familles.valbrume.example", "jwks_uri: http://localhost", "jwks_uri:", "issuer is https"},
	"keys twice":               {"clients/valbrume-portail-familles.yaml", "jwks_uri:", "jwks: {keys: [{kty: EC, crv: P-256, kid: a, x: WGV28U1czfz3nSk8UkCBYX3CnEFhB1y_ArSr2i9fiFc, y: -LarFKgt8WGyV8t7DQDwj0J3EzHIL-6UCIyXNgrZvP0}]}\njwks_uri:", "jwks_uri:", "stands beside jwks"},
	"client's redirect":        {"clients/hautes-brumes.yaml", "- https://transport", "- http://transport", "- http://transport", "redirect_uris[0]"},
	"client named otherwise":   {"clients/hautes-brumes.yaml", "id: hautes-brumes\n", "id: basses-brumes\n", "id: basses", "differs from the file's name"},
	"client's approval absent": {"clients/hautes-brumes.yaml", "- hautes-brumes-transport", "- other", "- other", `no usable approval "other"`},
	"client's approval twice":  {"clients/hautes-brumes.yaml", "- hautes-brumes-transport", "- hautes-brumes-transport\n  - hautes-brumes-transport # again", "# again", "stands twice"},
	"private key of a client":  {"clients/valbrume-mediatheque.yaml", "      use: sig", "      use: sig\n      d: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "kty: EC", "private"},
}

func TestEveryBrokenConfigurationIsToldWithItsLine(t *testing.T) {
	for name, b := range broken {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.edit(t, b.file, b.old, b.new)
			c, mistakes := Load(w.accord)
			line := 0
			if b.at != "" {
				line = w.lineOf(t, b.file, b.at)
			}
			if c != nil || !told(mistakes, b.file, line, b.says) {
				t.Errorf("want %s:%d: …%s…, got:%s", b.file, line, b.says, list(mistakes))
			}
			if strings.Contains(list(mistakes), "hunter2") {
				t.Error("a mistake quotes a secret")
			}
		})
	}
}

func TestEveryMistakeIsToldAtOnce(t *testing.T) {
	w := newWorld(t)
	var want []string
	for _, name := range []string{
		"unknown nested key", "text for a number", "text for a list", "wrong alg", "operator's SIRET", "guard inside data",
		"client's redirect", "client under fapi2",
	} {
		b := broken[name]
		w.edit(t, b.file, b.old, b.new)
		want = append(want, name)
	}
	w.write(t, "approvals/valbrume-cantine.yaml.sig", "", 0o644)
	_, mistakes := Load(w.accord)
	for _, name := range want {
		b := broken[name]
		if !told(mistakes, b.file, w.lineOf(t, b.file, b.at), b.says) {
			t.Errorf("%s is not told", name)
		}
	}
	if !told(mistakes, "valbrume-cantine.yaml", 0, "signed by none") {
		t.Error("the unsigned approval is not told")
	}
	if t.Failed() {
		t.Log(list(mistakes))
	}
}

func TestADatumWhoseSourceIsNotConnectedIsToldInItsApproval(t *testing.T) {
	w := newWorld(t)
	text := w.read(t, "accord.yaml")
	from, to := strings.Index(text, "  # Tax notices"), strings.Index(text, "# Folder of the clients")
	w.write(t, "accord.yaml", text[:from]+text[to:], 0o644)
	c, mistakes := Load(w.accord)
	line := w.lineOf(t, "approvals/hautes-brumes-transport.yaml", "- id: dgfip_rfr")
	if c != nil || !told(mistakes, "hautes-brumes-transport.yaml", line, "add sources.dgfip") {
		t.Errorf("got:%s", list(mistakes))
	}
}

func TestTwoApprovalsARequestCouldNotTellApartAreRefused(t *testing.T) {
	w := newWorld(t)
	copied := strings.Replace(w.read(t, "approvals/saint-aubin-cantine.yaml"), "id: saint-aubin-cantine", "id: saint-aubin-bis", 1)
	w.write(t, "approvals/saint-aubin-bis.yaml", copied, 0o644)
	w.sign(t)
	w.edit(t, "clients/logiciels-du-preau.yaml", "- saint-aubin-cantine", "- saint-aubin-cantine\n  - saint-aubin-bis")
	c, mistakes := Load(w.accord)
	if c != nil || !told(mistakes, "logiciels-du-preau.yaml", w.lineOf(t, "clients/logiciels-du-preau.yaml", "- saint-aubin-bis"), "could not choose") {
		t.Errorf("got:%s", list(mistakes))
	}
}

func TestListeningInTheClearBeyondThisMachineIsRefused(t *testing.T) {
	w := newWorld(t)
	w.edit(t, "accord.yaml", "trusted_proxies:\n  - 127.0.0.1", "trusted_proxies: []")
	_, mistakes := Load(w.accord)
	if !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", "trusted_proxies: []"), "tls is not set") {
		t.Errorf("https issuer without TLS or proxy:%s", list(mistakes))
	}
	w.edit(t, "accord.yaml", "listen: 127.0.0.1:8443", "listen: :8443")
	_, mistakes = Load(w.accord)
	if !strings.Contains(list(mistakes), "tls: is missing while listen is reachable from outside") {
		t.Errorf("every address, no TLS, no proxy:%s", list(mistakes))
	}
}

func TestASecretFileOthersCanReadIsRefusedByName(t *testing.T) {
	w := newWorld(t)
	must(t, os.Chmod(filepath.Join(w.dir, "secrets/cnav"), 0o440))
	_, mistakes := Load(w.accord)
	if !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", "secrets/cnav"), "secrets/cnav can be read by group or others") {
		t.Errorf("got:%s", list(mistakes))
	}
}

func TestADataFolderOthersCanReadIsRefused(t *testing.T) {
	w := newWorld(t)
	must(t, os.Chmod(filepath.Join(w.dir, "data"), 0o755))
	_, mistakes := Load(w.accord)
	if !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", "data: data"), "open to group or others") {
		t.Errorf("got:%s", list(mistakes))
	}
}

func TestALinkCannotBringTheGuardBackIntoData(t *testing.T) {
	w := newWorld(t)
	must(t, os.Symlink(filepath.Join(w.dir, "data"), filepath.Join(w.dir, "elsewhere")))
	w.edit(t, "accord.yaml", "guard: guard/checkpoint", "guard: elsewhere/checkpoint")
	_, mistakes := Load(w.accord)
	if !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", "guard: elsewhere"), "lies inside data") {
		t.Errorf("got:%s", list(mistakes))
	}
}

func TestAFileThatCannotBeReadIsOneMistakeWithItsName(t *testing.T) {
	c, mistakes := Load(filepath.Join(t.TempDir(), "accord.yaml"))
	if c != nil || len(mistakes) != 1 || !strings.HasSuffix(mistakes[0].File, "accord.yaml") || !strings.Contains(mistakes[0].Message, "cannot be read") {
		t.Errorf("got:%s", list(mistakes))
	}
}
