package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const good = `promise: 8
says: Once a withdrawal returns, no delivery begins under that grant.
control: a delivery does not look whether its grant has ended
package: ./broker/boltstore
test: TestStore/Withdraw/WithdrawnConsentReleasesNothing

file: a/b.go
old:
	one
new:
	two
end

file: a/b.go
old:
	three
new:
end
`

func TestAControlIsReadWhole(t *testing.T) {
	c, err := parse("08-x.txt", good)
	if err != nil {
		t.Fatal(err)
	}
	if c.promise != 8 || c.pkg != "./broker/boltstore" || len(c.hunks) != 2 || c.hunks[0] != (hunk{"a/b.go", "\tone\n", "\ttwo\n"}) || c.hunks[1].new != "" {
		t.Errorf("read as %+v", c)
	}
}

func TestAnythingElseIsNoControl(t *testing.T) {
	for name, change := range map[string][2]string{
		"no such promise":    {"promise: 8", "promise: 14"},
		"no number":          {"promise: 8", "promise: eight"},
		"member missing":     {"says: Once a withdrawal returns, no delivery begins under that grant.\n", ""},
		"member empty":       {"control: a delivery does not look whether its grant has ended", "control: "},
		"package by import":  {"./broker/boltstore", "accord/broker/boltstore"},
		"package outside":    {"./broker/boltstore", "./../other"},
		"test a pattern":     {"TestStore/Withdraw", "TestStore|TestOther"},
		"file outside":       {"file: a/b.go\nold:\n\tone", "file: ../b.go\nold:\n\tone"},
		"no empty line":      {"Nothing\n\nfile", "Nothing\nfile"},
		"no patch":           {good[strings.Index(good, "\nfile"):], ""},
		"nothing to replace": {"\tone\n", ""},
		"replaced by itself": {"\ttwo\n", "\tone\n"},
		"no end":             {"\ttwo\nend", "\ttwo"},
		"something after":    {"\tthree\nnew:\nend\n", "\tthree\nnew:\nend\nmore\n"},
	} {
		if strings.Count(good, change[0]) == 0 {
			t.Fatalf("%s: the case changes nothing", name)
		}
		if c, err := parse("08-x.txt", strings.Replace(good, change[0], change[1], 1)); err == nil {
			t.Errorf("%s: read as %+v", name, c)
		}
	}
	if _, err := parse("08-x.txt", strings.TrimSuffix(good, "\n")); err == nil {
		t.Error("a last line without an end is read")
	}
}

func TestAControlAppliesToWholeLinesStandingOnce(t *testing.T) {
	c, err := parse("08-x.txt", good)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"\tone\n\tthree\n":                      "\ttwo\n",
		"a\n\tone\nb\n\tthree\nc\n":             "a\n\ttwo\nb\nc\n",
		"\tthree\n":                             "",
		"\tone\n\tone\n\tthree\n":               "",
		"\tone // more\n\tthree\n":              "",
		"x\tone\n\tthree\n":                     "",
		"\tone\n\tthree":                        "",
		"func f() {\n\tone\n}\n\tthree\n// end": "func f() {\n\ttwo\n}\n// end",
	} {
		root := t.TempDir()
		write(t, filepath.Join(root, "a", "b.go"), text)
		texts, err := c.patched(root)
		if (err == nil) != (want != "") || texts["a/b.go"] != want {
			t.Errorf("%q gives %q, %v", text, texts["a/b.go"], err)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What go run ./broker/promises takes minutes to tell is partly known at once.
func TestEveryPromiseHasAControlThatStillApplies(t *testing.T) {
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := load(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if _, err := c.patched(root); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestVerdictsAreReadAtEveryDepth(t *testing.T) {
	r := result{built: true, verdicts: verdicts("=== RUN   TestA\n--- FAIL: TestA (0.00s)\n    --- PASS: TestA/B (0.01s)\n    x.go:1: --- no verdict\nFAIL\n")}
	if len(r.verdicts) != 2 || r.verdicts["TestA"] != "FAIL" || r.verdicts["TestA/B"] != "PASS" {
		t.Errorf("read %v", r.verdicts)
	}
	if got := pattern([]string{"TestA/B", "TestC"}); got != "^TestA$/^B$|^TestC$" {
		t.Errorf("pattern %s", got)
	}
}

// Only a test that ran and failed shows that a control works.
func TestOnlyAFailedTestSatisfiesAControl(t *testing.T) {
	for name, c := range map[string]struct {
		result result
		good   bool
	}{
		"failed":        {result{built: true, verdicts: map[string]string{"TestA": "FAIL"}}, true},
		"passed":        {result{built: true, verdicts: map[string]string{"TestA": "PASS"}}, false},
		"skipped":       {result{built: true, verdicts: map[string]string{"TestA": "SKIP"}}, false},
		"not there":     {result{built: true, verdicts: map[string]string{"TestB": "FAIL"}}, false},
		"did not build": {result{}, false},
	} {
		verdict := trial{control: control{test: "TestA"}, broken: &job{result: c.result}}.judge()
		if (verdict == "") != c.good {
			t.Errorf("%s: %q", name, verdict)
		}
	}
}
