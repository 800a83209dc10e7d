package configuration

import (
	"strings"
	"testing"
)

// served is a world with the example's commented part switched on, changed by
// pairs of old and new text.
func served(t *testing.T, changes ...string) world {
	t.Helper()
	w := newWorld(t)
	text := w.read(t, "accord.yaml")
	_, block, _ := strings.Cut(text, "  # apiparticulier:\n")
	block, _, _ = strings.Cut(block, "\n\n")
	var lines []string
	for line := range strings.Lines(block + "\n") {
		lines = append(lines, strings.Replace(line, "  # ", "  ", 1))
	}
	on := strings.NewReplacer(changes...).Replace("  apiparticulier:\n" + strings.Join(lines, ""))
	w.edit(t, "accord.yaml", "  # apiparticulier:\n"+block+"\n", on)
	w.write(t, "secrets/apiparticulier", strings.Repeat("a", 40)+"."+strings.Repeat("b", 200)+"\n", 0o400)
	w.write(t, "secrets/apiparticulier-valbrume", strings.Repeat("v", 40)+"\n", 0o400)
	return w
}

func TestAPIParticulierServesWhatTheExampleShows(t *testing.T) {
	c, mistakes := Load(served(t).accord)
	if c == nil {
		t.Fatalf("refused:%s", list(mistakes))
	}
	a := c.Settings.Sources.APIParticulier
	if !strings.HasPrefix(a.Token.Reveal(), "aaaa") || a.URL != "https://particulier.example" || a.Rate != 20 || len(a.Serves) != 2 || a.Breaker.Failures != 10 {
		t.Errorf("%s, rate %v, serves %v, breaker %+v", a.URL, a.Rate, a.Serves, a.Breaker)
	}
	if h := a.Credentials["valbrume"]; h == nil || !strings.HasPrefix(h.Token.Reveal(), "vvvv") {
		t.Error("the recipient's own token was not read")
	}
	if p := a.ServedParties()["mesr"]; p.Name == "" || c.Settings.Sources.connected("men") || !c.Settings.Sources.connected("mesr") {
		t.Errorf("party %+v", p)
	}
}

func TestMistakesInAPIParticulierAreNamedWithTheirLine(t *testing.T) {
	const serves = "serves: [mesr, cnous]"
	for name, c := range map[string]struct{ old, new, at, says string }{
		"a source that is none":     {serves, "serves: [mesr, cnous, dgfip]", "serves: [", `"dgfip" is none: write one of ants, cnav`},
		"twice":                     {serves, "serves: [mesr, cnous, mesr]", "serves: [", "stands twice"},
		"connected directly too":    {serves, "serves: [mesr, cnous, cnav]", "serves: [", "a source is asked in one way"},
		"without a party":           {serves, "serves: [mesr, cnous, men]", "serves: [", "men has no party"},
		"a party of nobody":         {serves, "serves: [mesr]", "      cnous:", "serves does not list cnous"},
		"nothing served":            {serves + "\n", "serves: []\n", "serves: []", "write the sources asked under this token"},
		"a party without an office": {`dpo: https://mesr.example/dpo`, `dpo: ""`, `dpo: ""`, "dpo"},
		"token in line":             {"token_file: secrets/apiparticulier", "token: eyJ", "token: eyJ", "write its path as token_file"},
		"token file not there":      {"secrets/apiparticulier", "secrets/none", "secrets/none", "does not exist"},
		"http beyond loopback":      {"https://particulier.example", "http://particulier.example", "http://particulier.example", "write an https address"},
		"rate below zero":           {"rate: 20\n    burst", "rate: -1\n    burst", "rate: -1", "API Particulier's own limit"},
		"burst":                     {"burst: 1", "burst: -1", "burst: -1", "requests at once"},
		"queue":                     {"queue: 200\n    breaker", "queue: 20000\n    breaker", "queue: 20000", "waiting queries"},
		"a set without a token":     {"        token_file: secrets/apiparticulier-valbrume\n", "", "      valbrume:", "write token_file below it"},
		"a set of no name":          {"      valbrume:\n        token", "      Valbrume:\n        token", "      Valbrume:", "lower-case letters"},
		"unknown key":               {"burst: 1", "bursts: 1", "bursts: 1", `"bursts" is not a key in sources.apiparticulier`},
	} {
		t.Run(name, func(t *testing.T) {
			w := served(t, c.old, c.new)
			conf, mistakes := Load(w.accord)
			if conf != nil || !told(mistakes, "accord.yaml", w.lineOf(t, "accord.yaml", c.at), c.says) {
				t.Errorf("want line %d: %s; got:%s", w.lineOf(t, "accord.yaml", c.at), c.says, list(mistakes))
			}
		})
	}
}

// An approval's data may come through API Particulier instead.
func TestApprovalsNeedTheirSourceByEitherWay(t *testing.T) {
	w := served(t, "serves: [mesr, cnous]", "serves: [mesr, cnous, cnav]", "    parties:\n",
		"    parties:\n      cnav:\n        name: FUNDS\n        siret: \"99900030000015\"\n        address: 3 rue de l'Exemple, 00000 Valbrume\n        dpo: https://cnaf.example/dpo\n")
	text := w.read(t, "accord.yaml")
	before, rest, _ := strings.Cut(text, "  # Quotient familial of CNAF and MSA")
	_, after, _ := strings.Cut(rest, "  # Tax notices")
	w.write(t, "accord.yaml", before+"  # Tax notices"+after, 0o644)
	if c, mistakes := Load(w.accord); c == nil {
		t.Fatalf("refused:%s", list(mistakes))
	}
	w.edit(t, "accord.yaml", "serves: [mesr, cnous, cnav]", "serves: [mesr, cnous]")
	c, mistakes := Load(w.accord)
	if c != nil || !strings.Contains(list(mistakes), "add sources.cnav, or cnav to sources.apiparticulier.serves there") {
		t.Errorf("accepted, or told otherwise:%s", list(mistakes))
	}
}

// A recipient's own token is named by its approval, for each administration.
func TestAnApprovalNamesItsRecipientsToken(t *testing.T) {
	for set, refused := range map[string]bool{"valbrume": false, "nobody": true} {
		w := served(t, "serves: [mesr, cnous]", "serves: [mesr, cnous, cnav]", "    parties:\n",
			"    parties:\n      cnav:\n        name: FUNDS\n        siret: \"99900030000015\"\n        address: 3 rue de l'Exemple, 00000 Valbrume\n        dpo: https://cnaf.example/dpo\n")
		text := w.read(t, "accord.yaml")
		before, rest, _ := strings.Cut(text, "  # Quotient familial of CNAF and MSA")
		_, after, _ := strings.Cut(rest, "  # Tax notices")
		w.write(t, "accord.yaml", before+"  # Tax notices"+after, 0o644)
		w.edit(t, "approvals/saint-aubin-cantine.yaml", "dates:\n", "credentials: {cnav: "+set+"}\ndates:\n")
		w.sign(t)
		c, mistakes := Load(w.accord)
		if refused != (c == nil) || refused && !strings.Contains(list(mistakes), "sources.apiparticulier.credentials."+set) {
			t.Errorf("%s:%s", set, list(mistakes))
		}
	}
}
