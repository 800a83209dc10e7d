package configuration

import (
	"regexp"
	"strings"
	"testing"
)

// An approval with a desk needs a provider that knows the agents.
func TestADeskNeedsTheAgentsProvider(t *testing.T) {
	w := newWorld(t)
	text := w.read(t, "accord.yaml")
	without := regexp.MustCompile(`(?m)^proconnect:\n(?:  .*\n)+`).ReplaceAllString(text, "")
	if without == text {
		t.Fatal("the example has no proconnect: nothing is tested")
	}
	w.write(t, "accord.yaml", without, 0o644)
	c, mistakes := Load(w.accord)
	if c != nil || !told(mistakes, "approvals/valbrume-ccas.yaml", w.lineOf(t, "approvals/valbrume-ccas.yaml", "desk:"), "proconnect") {
		t.Errorf("got:%s", list(mistakes))
	}
}

func TestTheAgentsProviderIsCheckedLikeAnyOther(t *testing.T) {
	for name, change := range map[string][2]string{
		"plain http":     {"issuer: https://agents.example/api/v2", "issuer: http://agents.example/api/v2"},
		"no client id":   {"client_id: PROCONNECT-CLIENT-ID", "client_id: \"\""},
		"no secret file": {"client_secret_file: secrets/proconnect", "client_secret_file: secrets/elsewhere"},
	} {
		w := newWorld(t)
		w.edit(t, "accord.yaml", change[0], change[1])
		if c, mistakes := Load(w.accord); c != nil || !strings.Contains(list(mistakes), "proconnect") {
			t.Errorf("%s: got:%s", name, list(mistakes))
		}
	}
}

// No client may stand for the desk in the log.
func TestNoClientBearsTheDesksName(t *testing.T) {
	w := newWorld(t)
	client := strings.Replace(w.read(t, "clients/valbrume-compte.yaml"), "id: valbrume-compte", "id: guichet", 1)
	w.write(t, "clients/guichet.yaml", client, 0o644)
	if c, mistakes := Load(w.accord); c != nil || !told(mistakes, "clients/guichet.yaml", w.lineOf(t, "clients/guichet.yaml", "id: guichet"), "desk") {
		t.Errorf("got:%s", list(mistakes))
	}
}
