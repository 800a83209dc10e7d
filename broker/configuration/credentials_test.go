package configuration

import (
	"strings"
	"testing"
)

// connectFranceTravail uncomments the example's section.
func (w world) connectFranceTravail(t *testing.T) {
	t.Helper()
	lines := strings.Split(w.read(t, "accord.yaml"), "\n")
	inside := false
	for n, l := range lines {
		if strings.HasPrefix(l, "  # francetravail:") {
			inside = true
		}
		if inside && strings.HasPrefix(l, "  # ") {
			lines[n] = "  " + strings.TrimPrefix(l, "  # ")
		}
		inside = inside && l != ""
	}
	w.write(t, "accord.yaml", strings.Join(lines, "\n"), 0o644)
	w.write(t, "secrets/francetravail", strings.Repeat("f", 32)+"\n", 0o400)
}

const cnavSet = "    credentials:\n      valbrume:\n        client_id: VALBRUME-CLIENT-ID\n        client_secret_file: secrets/cnav-valbrume\n"

// addSet gives the source cnav the set of the example.
func (w world) addSet(t *testing.T) {
	t.Helper()
	w.edit(t, "accord.yaml", "    # credentials:\n    #   valbrume:\n    #     client_id: VALBRUME-CLIENT-ID\n    #     client_secret_file: secrets/cnav-valbrume\n", cnavSet)
	w.write(t, "secrets/cnav-valbrume", strings.Repeat("v", 32)+"\n", 0o400)
}

// nameSet lets an approval of the quotient familial name a set.
func (w world) nameSet(t *testing.T, set string) {
	t.Helper()
	w.edit(t, "approvals/valbrume-cantine.yaml", "credentials: {}", "credentials: {cnav: "+set+"}")
	w.sign(t)
}

func TestFranceTravailIsConnectedAsTheExampleShows(t *testing.T) {
	w := newWorld(t)
	w.connectFranceTravail(t)
	c, mistakes := Load(w.accord)
	if c == nil {
		t.Fatalf("refused:%s", list(mistakes))
	}
	s := c.Settings.Sources.ByID("francetravail")
	if s == nil || s.IndemnitesURL != "https://francetravail.example/liste-paiements" || s.Scope != "" ||
		s.ClientSecret.Reveal() != strings.Repeat("f", 32) || s.Party.SIRET != "99900050800013" {
		t.Errorf("source %+v", s)
	}
}

func TestAnApprovalMayNameAnAccountOfTheSource(t *testing.T) {
	w := newWorld(t)
	w.addSet(t)
	w.nameSet(t, "valbrume")
	c, mistakes := Load(w.accord)
	if c == nil {
		t.Fatalf("refused:%s", list(mistakes))
	}
	own := *c.Settings.Sources.CNAV
	as := own.As("valbrume")
	if as.ClientID != "VALBRUME-CLIENT-ID" || as.ClientSecret.Reveal() != strings.Repeat("v", 32) || as.Scope != own.Scope || as.URL != own.URL || as.Rate != own.Rate {
		t.Errorf("account %+v", as)
	}
	if own.ClientID != "CNAV-CLIENT-ID" || own.ClientSecret.Reveal() != strings.Repeat("s", 32) {
		t.Errorf("the source's own changed: %+v", own)
	}
	own.Credentials["valbrume"].Scope = "OTHER"
	if own.As("valbrume").Scope != "OTHER" {
		t.Error("the set's own scope is not used")
	}
}

// An approval whose account is missing would have the citizen's data asked for
// under the operator's own.
func TestAnApprovalThatNamesNoAccountOfTheSourceIsRefused(t *testing.T) {
	for name, set := range map[string]func(world){
		"no sets at all": func(world) {},
		"another set":    func(w world) { w.addSet(t) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			set(w)
			w.nameSet(t, "hautes-brumes")
			c, mistakes := Load(w.accord)
			line := w.lineOf(t, "approvals/valbrume-cantine.yaml", "credentials: {cnav")
			if c != nil || !told(mistakes, "valbrume-cantine.yaml", line, "add sources.cnav.credentials.hautes-brumes") {
				t.Errorf("got:%s", list(mistakes))
			}
		})
	}
}

func TestEveryBrokenAccountIsToldWithItsLine(t *testing.T) {
	for name, b := range map[string]struct{ old, new, at, says string }{
		"unknown key":                 {"        client_id: VALBRUME", "        client: VALBRUME", "client: VALBRUME", `"client" is not a key in sources.cnav.credentials.valbrume`},
		"no client id":                {"        client_id: VALBRUME-CLIENT-ID\n", "", "valbrume:\n", "sources.cnav.credentials.valbrume.client_id: is missing"},
		"secret in line":              {"client_secret_file: secrets/cnav-valbrume", "client_secret: hunter2hunter2", "client_secret: hunter2", "a secret is never written here"},
		"no secret file":              {"secrets/cnav-valbrume", "secrets/none", "secrets/none", "does not exist"},
		"set without a body":          {"valbrume:\n        client_id: VALBRUME-CLIENT-ID\n        client_secret_file: secrets/cnav-valbrume\n", "valbrume:\n", "valbrume:\n", "is empty"},
		"name no approval could use":  {"      valbrume:\n", "      Valbrume:\n", "Valbrume:", "lower-case letters"},
		"payments of another source":  {"    rate: 20", "    indemnites_url: https://cnav.example/x\n    rate: 20", "indemnites_url: https://cnav", "belongs to francetravail"},
		"francetravail, no payments":  {"    indemnites_url: https://francetravail.example/liste-paiements\n", "", "  francetravail:", "sources.francetravail.indemnites_url"},
		"francetravail, scope of set": {"    scope: \"\"\n", "    scope: application_OWN\n    credentials:\n      town:\n        client_id: A\n        client_secret_file: secrets/cnav\n", "town:", "scope is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.addSet(t)
			w.connectFranceTravail(t)
			w.edit(t, "accord.yaml", b.old, b.new)
			c, mistakes := Load(w.accord)
			if c != nil || !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", b.at), b.says) {
				t.Errorf("want …%s…, got:%s", b.says, list(mistakes))
			}
			if strings.Contains(list(mistakes), "hunter2") {
				t.Error("a mistake quotes a secret")
			}
		})
	}
}
