package configuration

import (
	"os"
	"path/filepath"
	"testing"
)

// tlsWorld ends TLS itself, with a certificate and key that need not match.
func tlsWorld(t *testing.T, key string) world {
	t.Helper()
	w := newWorld(t)
	keys, err := keysOf()
	must(t, err)
	for name, from := range map[string]string{"tls/cert.pem": "receipt.cert.pem", "tls/private.pem": key} {
		data, err := os.ReadFile(filepath.Join(keys, from))
		must(t, err)
		w.write(t, name, string(data), 0o400)
	}
	w.edit(t, "accord.yaml", "trusted_proxies:\n  - 127.0.0.1", "tls:\n  certificate: tls/cert.pem\n  key: tls/private.pem")
	w.edit(t, "accord.yaml", "listen: 127.0.0.1:8443", "listen: :8443")
	return w
}

func TestAServerCertificateWithItsKeyIsRight(t *testing.T) {
	if c, mistakes := Load(tlsWorld(t, "receipt.key.pem").accord); c == nil {
		t.Errorf("refused:%s", list(mistakes))
	}
}

func TestAServerCertificateOfAnotherKeyIsRefused(t *testing.T) {
	w := tlsWorld(t, "idtoken-es256.key.pem")
	_, mistakes := Load(w.accord)
	if !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", "tls/cert.pem"), "cannot be used together") {
		t.Errorf("got:%s", list(mistakes))
	}
}

func TestAServerKeyOthersCanReadIsRefused(t *testing.T) {
	w := tlsWorld(t, "receipt.key.pem")
	must(t, os.Chmod(filepath.Join(w.dir, "tls/private.pem"), 0o444))
	_, mistakes := Load(w.accord)
	if !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", "tls/private.pem"), "can be read by group or others") {
		t.Errorf("got:%s", list(mistakes))
	}
}
