package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"accord/consent/audit"
)

const logs = "../../consent/audit/testdata/log/"

func TestATrueLogExitsWithZero(t *testing.T) {
	for _, file := range []string{"true.ndjson", "erased.ndjson"} {
		status, out, errs := verify(t, "fr", "log", "-policy", logs+"policy", "-checkpoint", logs+"older.checkpoint", logs+file)
		if status != exitGenuine || errs != "" || !strings.Contains(out, "CONFORME") || !strings.Contains(out, "1 anciens points de contrôle") {
			t.Errorf("%s: exit %d %s\n%s", file, status, errs, out)
		}
	}
}

// edited gives a vector with one thing changed in its text.
func edited(t *testing.T, file, old, new string) string {
	t.Helper()
	text := read(t, logs+file)
	if !strings.Contains(text, old) {
		t.Fatalf("no %s in %s", old, file)
	}
	return write(t, file, strings.Replace(text, old, new, 1))
}

func TestEachFaultOfALogHasItsExitStatusAndRule(t *testing.T) {
	all := read(t, logs+"true.ndjson")
	lines := strings.SplitAfter(all, "\n")
	cut := write(t, "cut.ndjson", strings.Join(lines[:len(lines)-2], ""))
	for _, c := range []struct {
		name   string
		args   []string
		status int
		said   string
	}{
		{"delivery after the withdrawal", []string{logs + "after_withdrawal.ndjson"}, exitFalse, "leaf 40, delivery.ended"},
		{"changed event", []string{edited(t, "true.ndjson", `"millis":12`, `"millis":13`)}, exitFalse, "tree.root"},
		{"truncated", []string{cut}, exitFalse, "leaf 27, line.count"},
		{"unreadable line", []string{edited(t, "true.ndjson", `{"i":5,`, `{"i":5 ,`)}, exitFalse, "leaf 5, line.form"},
		{"older checkpoint of a fork", []string{"-checkpoint", logs + "forked.checkpoint", logs + "true.ndjson"}, exitFalse, "tree.older"},
		{"checkpoint not signed", []string{edited(t, "true.ndjson", `"to":28`, `"to":27`)}, exitFalse, "FALSE"},
		{"part of a log", []string{edited(t, "true.ndjson", `"from":0`, `"from":1`)}, exitUndecided, "CANNOT DECIDE"},
		{"another log", []string{edited(t, "true.ndjson", `"origin":"accord.example/log/1"`, `"origin":"accord.example/log/2"`)}, exitUndecided, "CANNOT DECIDE"},
		{"no export", []string{write(t, "x.ndjson", "hello\n")}, exitUndecided, "CANNOT DECIDE"},
		{"empty", []string{write(t, "x.ndjson", "")}, exitUndecided, "CANNOT DECIDE"},
		{"missing", []string{filepath.Join(t.TempDir(), "missing")}, exitUndecided, "CANNOT DECIDE"},
		{"checkpoint unreadable", []string{"-checkpoint", logs + "policy", logs + "true.ndjson"}, exitUndecided, "CANNOT DECIDE"},
	} {
		status, out, _ := verify(t, "en", append([]string{"log", "-policy", logs + "policy"}, c.args...)...)
		if status != c.status || !strings.Contains(out, c.said) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s", c.name, status, c.status, c.said, out)
		}
	}
}

func TestTheLogsReportIsAlsoJSON(t *testing.T) {
	status, out, _ := verify(t, "", "log", "-json", "-policy", logs+"policy", logs+"after_withdrawal.ndjson")
	var report audit.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != exitFalse {
		t.Fatalf("exit %d, %v:\n%s", status, err, out)
	}
	if len(report.Findings) != 1 || report.Findings[0] != (audit.Finding{Index: 40, Rule: audit.RuleEnded, Detail: "delivered after consent.withdrawn"}) {
		t.Errorf("%+v", report.Findings)
	}
}

func TestMisusedLogCommandsSayHow(t *testing.T) {
	for _, args := range [][]string{
		{"log"},
		{"log", logs + "true.ndjson"},
		{"log", "-policy", logs + "policy"},
		{"log", "-force", "-policy", logs + "policy", logs + "true.ndjson"},
		{"log", "-lang", "de", "-policy", logs + "policy", logs + "true.ndjson"},
		{"reconcile", "-policy", logs + "policy", "-export", logs + "true.ndjson"},
		{"reconcile", "-policy", logs + "policy", "-export", logs + "true.ndjson", "-source", "cnav"},
		{"reconcile", "-policy", "p", "-export", "e", "-source", "a", "-requests", "b", "-recipient", "c"},
	} {
		status, _, errs := verify(t, "fr", args...)
		if status != exitUndecided || !strings.Contains(errs, "codes de sortie") && !strings.Contains(errs, "exit status") {
			t.Errorf("%v: exit %d\n%s", args, status, errs)
		}
	}
}

// ids are those of a vector's events, as a participant would have listed them.
func ids(t *testing.T, member string) string {
	t.Helper()
	var out strings.Builder
	for line := range strings.Lines(read(t, logs+"true.ndjson")) {
		if _, rest, ok := strings.Cut(line, `"`+member+`":"`); ok {
			id, _, _ := strings.Cut(rest, `"`)
			out.WriteString(id + "\n")
		}
	}
	return out.String()
}

func TestAnUnloggedCallOrDeliveryIsFoundByTheOthersList(t *testing.T) {
	for _, c := range []struct {
		member, who, whose, list string
	}{
		{"request_id", "-source", "cnav", "-requests"},
		{"release", "-recipient", "99900010200015", "-releases"},
	} {
		whole := ids(t, c.member)
		first, rest, _ := strings.Cut(whole, "\n")
		for _, r := range []struct {
			name, list string
			status     int
			said       string
		}{
			{"alike", whole, exitGenuine, "0 hidden, 0 not confirmed"},
			{"shorter list", rest, exitGenuine, "0 hidden, 1 not confirmed"},
			{"one hidden", whole + "019ab9c1-0000-7000-8000-000000000001\n", exitFalse, "not in the log: 019ab9c1-0000-7000-8000-000000000001"},
			{"listed twice", whole + first + "\n", exitFalse, "1 hidden"},
		} {
			status, out, errs := verify(t, "en", "reconcile", "-policy", logs+"policy", "-export", logs+"true.ndjson", c.who, c.whose, c.list, write(t, "list", r.list))
			if status != r.status || !strings.Contains(out, r.said) {
				t.Errorf("%s, %s: exit %d %s\n%s", c.member, r.name, status, errs, out)
			}
		}
	}
}

func TestReconcilingWithAnErasedLogMayBeUndecided(t *testing.T) {
	list := write(t, "list", ids(t, "release")+"perhaps-erased\n")
	status, out, _ := verify(t, "", "reconcile", "-json", "-policy", logs+"policy", "-export", logs+"erased.ndjson", "-recipient", "99900010200015", "-releases", list)
	if status != exitUndecided || !strings.Contains(out, `"erased": 1`) {
		t.Errorf("exit %d\n%s", status, out)
	}
}

func TestALogThatIsNotTheSignedOneIsNotReconciled(t *testing.T) {
	list := write(t, "list", ids(t, "release"))
	file := edited(t, "true.ndjson", `"release":"release-1-`, `"release":"release-9-`)
	if status, out, _ := verify(t, "", "reconcile", "-policy", logs+"policy", "-export", file, "-recipient", "99900010200015", "-releases", list); status != exitFalse || !strings.Contains(out, "tree.root") {
		t.Errorf("exit %d\n%s", status, out)
	}
}

func TestBothLanguagesNameEveryRule(t *testing.T) {
	for _, lang := range []string{french, english} {
		said := logTextsIn(lang)
		for _, rule := range audit.Rules() {
			if said.rules[rule] == "" {
				t.Errorf("%s: no words for %s", lang, rule)
			}
		}
		for _, o := range []outcome{genuine, notTrue, undecided} {
			if said.verdicts[o] == "" {
				t.Errorf("%s: no word for %s", lang, o)
			}
		}
	}
}
