package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"accord/consent/audit"
)

func TestFiguresAreDerivedFromALogThatIsJudged(t *testing.T) {
	until := []string{"-until", "2030-01-01T00:00:00.000Z"}
	args := append(append([]string{"stats", "-policy", logs + "policy"}, until...), logs+"true.ndjson")
	status, out, errs := verify(t, "fr", args...)
	if status != exitGenuine || errs != "" || !strings.Contains(out, "CONFORME") || !strings.Contains(out, "moins de 5") {
		t.Errorf("exit %d %s\n%s", status, errs, out)
	}
	status, out, _ = verify(t, "en", "stats", "-json", "-policy", logs+"policy", edited(t, "true.ndjson", `"millis":12`, `"millis":13`))
	var told struct {
		Outcome string
		audit.Statistics
	}
	if err := json.Unmarshal([]byte(out), &told); err != nil || status != exitFalse || told.Outcome != "false" || told.Format != audit.StatisticsFormat {
		t.Errorf("figures of a false log: exit %d, %v\n%s", status, err, out)
	}
	for _, wrong := range [][]string{{"stats"}, {"stats", "-policy", logs + "policy"}, {"stats", "-policy", logs + "policy", "-until", "tomorrow", logs + "true.ndjson"}} {
		if status, _, errs := verify(t, "en", wrong...); status != exitUndecided || !strings.Contains(errs, "accord-verify stats -policy") {
			t.Errorf("%v: exit %d %s", wrong, status, errs)
		}
	}
}

// The figures bear the same name here and on the page.
func TestTheFiguresAreNamedAsOnThePage(t *testing.T) {
	for lang, words := range map[string]string{"fr": "ustificatifs rendus inutiles", "en": "ocuments made unnecessary"} {
		page, err := os.ReadFile("../../ui/locales/" + lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		_, out, _ := verify(t, lang, "stats", "-policy", logs+"policy", "-until", "2030-01-01T00:00:00.000Z", logs+"true.ndjson")
		if !strings.Contains(string(page), words) || !strings.Contains(out, words) {
			t.Errorf("%s: %q is not both on the page and in\n%s", lang, words, out)
		}
	}
}
